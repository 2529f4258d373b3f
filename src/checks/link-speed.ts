// Links are as fast as the spec says. Virtual links have no speed of their own: undecided there.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.link-speed',
  severity: 'warning',
  impact: 'State transfers and recovery take longer than predicted.',
  source: 'ethtool(8), /sys/class/net/*/speed',
  check: (input) =>
    onEachHost(input, 'interfaces', (host, found) =>
      input.cluster.networks.flatMap((network): readonly Outcome[] => {
        const link = found.find((each) => each.name === host.interfaces[network.name]);
        if (link === undefined || !link.up) return [];
        const { name, speed } = link;
        const container = isContainer(input.facts.get(host.name)?.system);
        if (speed === undefined || container) return [{ missing: `the speed of ${name} of ${host.name}` }];
        if (speed >= network.speed) return [];
        return [
          {
            path: ['networks', network.name],
            host: host.name,
            message: `${name} of ${host.name} runs at ${speed} Mbit/s; ${network.name} is ${network.speed} Mbit/s in the spec.`,
            remediation: 'Check cable, switch port and autonegotiation, or write the real speed into the spec.',
          },
        ];
      }),
    ),
});

function isContainer(
  reading: { readonly known: boolean; readonly state?: { readonly container: string | undefined } } | undefined,
): boolean {
  return reading?.known === true && reading.state?.container !== undefined;
}
