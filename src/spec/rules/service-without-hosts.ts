// A service of the preset that no host has the role for.
import { own } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.service-without-hosts',
  severity: 'critical',
  impact: 'The service runs nowhere: everything that needs it is down.',
  source: 'the presets: hastack init --preset',
  reads: ['hosts', 'services', 'preset'],
  check: ({ spec, cluster, preset }) => {
    const empty = Object.entries(cluster.services)
      .filter(([, { hosts }]) => Array.isArray(hosts) && hosts.length === 0)
      .map(([name]) => name);
    // Named hosts that do not exist are reported where they stand.
    const unplaced = empty.filter((name) => !hasHosts(own(spec.services, name)));
    const roles = [...new Set(unplaced.map((name) => (own(preset.services, name) ?? ['control']).at(-1)))];
    return roles.map((role) => {
      const services = unplaced.filter((name) => (own(preset.services, name) ?? ['control']).at(-1) === role);
      return {
        path: ['hosts'],
        on: 'key',
        message: `No host has the role ${role ?? 'control'}, so nothing runs ${services.join(', ')}.`,
        remediation: `Give hosts the role ${role ?? 'control'}, or write services: { ${services[0] ?? ''}: { hosts: [...] } }.`,
      };
    });
  },
});

function hasHosts(asked: unknown): boolean {
  return typeof asked === 'object' && asked !== null && Object.hasOwn(asked, 'hosts');
}
