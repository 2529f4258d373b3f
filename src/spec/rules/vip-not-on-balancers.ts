// Every host that may hold a VIP has an address on the VIP's network.
import { own } from '../lookup.ts';
import { membersOf, specRule } from './rule.ts';

export default specRule({
  id: 'spec.vip-not-on-balancers',
  severity: 'critical',
  impact: 'When the VIP moves to that host nobody reaches it there.',
  source: 'keepalived.conf(5), virtual_ipaddress',
  reads: ['networks', 'vips', 'hosts', 'services', 'preset'],
  check: ({ spec, cluster }) => {
    const balancers = membersOf(cluster, 'haproxy') ?? [];
    return cluster.vips
      .filter((vip) => own(spec.networks, vip.network) !== undefined)
      .flatMap((vip) =>
        balancers
          .filter((name) => own(own(spec.hosts, name)?.addresses, vip.network) === undefined)
          .map((name) => ({
            path: ['hosts', name, 'addresses'],
            on: 'key' as const,
            host: name,
            message: `${name} runs HAProxy but has no address on ${vip.network}, the network of the VIP ${vip.name}.`,
            remediation: `Add an address of ${name} on ${vip.network}, or leave ${name} out with services: { haproxy: { hosts: [...] }, keepalived: { hosts: [...] } }.`,
          })),
      );
  },
});
