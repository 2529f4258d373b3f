// Ports that components will open are free, or held by these components already.
import { hostCheck, onEachHost } from './check.ts';
import type { WantedPort } from './check.ts';
import type { Listener } from '../facts/listeners.ts';

export default hostCheck({
  id: 'host.port-taken',
  severity: 'critical',
  impact: 'The service cannot start on this host.',
  source: 'ss(8)',
  check: (input) =>
    onEachHost(input, 'listeners', (host, listening) => {
      const needs = input.needs.get(host.name);
      const foreign = listening.filter(({ unit, program }) => !isOurs(unit, program, needs?.units ?? []));
      return (needs?.ports ?? []).flatMap((wanted) => {
        const taken = foreign.find((each) => collides(each, wanted));
        if (taken === undefined) return [];
        const by = [taken.program ?? 'the kernel', ...(taken.unit === undefined ? [] : [`(${taken.unit})`])].join(' ');
        return [
          {
            path: ['hosts', host.name],
            host: host.name,
            message: `${by} on ${host.name} has ${taken.protocol} port ${taken.port}, which ${wanted.component} needs on ${wanted.address}.`,
            remediation: `Stop and remove it: \`ss -lntup sport = :${taken.port}\` shows it.`,
          },
        ];
      });
    }),
});

/** systemd itself holds the sockets of our socket units. */
function isOurs(unit: string | undefined, program: string | undefined, units: readonly string[]): boolean {
  if (unit === undefined) return false;
  if (units.some((own) => own.endsWith('@') && unit.startsWith(own))) return true;
  return units.includes(unit) || unit.startsWith('hastack-') || (unit === 'init.scope' && program === 'systemd');
}

function collides(listener: Listener, wanted: WantedPort): boolean {
  const same = listener.protocol === wanted.protocol && listener.port === wanted.port;
  return same && (listener.address === '*' || listener.address === wanted.address);
}
