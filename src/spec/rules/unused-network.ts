// A network that no use, host or VIP is on.
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.unused-network',
  severity: 'warning',
  impact: 'Nothing is carried there, although somebody meant it to be.',
  source: 'the spec itself',
  reads: ['networks', 'uses', 'vips', 'hosts'],
  check: ({ spec, cluster }) => {
    const used = new Set([
      ...Object.values(cluster.uses),
      ...cluster.vips.map((vip) => vip.network),
      ...cluster.hosts.flatMap((host) => [...Object.keys(host.addresses), ...Object.keys(host.interfaces)]),
    ]);
    return entriesOf(spec.networks)
      .filter(([name]) => !used.has(name))
      .map(([name]) => ({
        path: ['networks', name],
        on: 'key',
        message: `No host, VIP or use is on the network ${name}.`,
        remediation: `Give hosts addresses on it, say what it carries (uses: { storage: ${name} }), or remove it.`,
      }));
  },
});
