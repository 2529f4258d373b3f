// HAProxy serves two VIPs: public (users) and internal (services among themselves).
import { own } from '../lookup.ts';
import { membersOf, specRule } from './rule.ts';

export default specRule({
  id: 'spec.missing-vip',
  severity: 'critical',
  impact: 'There is no address that stays when a host fails.',
  source: 'OpenStack High Availability Guide, "Load balancing"',
  reads: ['vips', 'hosts', 'services', 'preset'],
  check: ({ spec, cluster }) => {
    if (membersOf(cluster, 'haproxy') === undefined) return [];
    return ['public', 'internal']
      .filter((name) => own(spec.vips, name) === undefined)
      .map((name) => ({
        path: ['vips'],
        on: 'key',
        message: `There is no VIP named ${name}.`,
        remediation: `Add it under vips, for example ${name}: { network: management, address: 10.10.1.10 }.`,
      }));
  },
});
