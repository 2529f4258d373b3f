// Floating addresses lie in their network, on the edge, and belong to no host, VIP or gateway.
import { contains, inRange } from '../addresses.ts';
import { entriesOf } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { specRule } from './rule.ts';
import { usedAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.floating-range',
  severity: 'critical',
  impact: 'An instance gets an address that is not routed, or that something else has.',
  source: 'Neutron administration guide, "Subnet pools and allocation pools"',
  reads: ['networks', 'vips', 'hosts'],
  check: ({ spec }) =>
    entriesOf(spec.networks).flatMap(([name, network]): readonly Hit[] => {
      const { cidr, floating } = network;
      if (floating === undefined) return [];
      const path = ['networks', name, 'floating'];
      const text = `${floating.first}-${floating.last}`;
      if (!contains(cidr, floating.first) || !contains(cidr, floating.last)) {
        return [
          {
            path,
            message: `The floating addresses ${text} are not all in ${cidr}.`,
            remediation: `Write a range inside ${cidr}.`,
          },
        ];
      }
      const taken = usedAddresses(spec)
        .filter(({ address }) => inRange(floating, address))
        .map(({ address, owner }) => ({
          path,
          message: `The floating addresses ${text} contain ${address}, the address of ${owner}.`,
          remediation: 'Shorten the range, or give the other one an address outside it.',
        }));
      if (network.zone === 'edge') return taken;
      return [
        ...taken,
        {
          path,
          message: `${name} has floating addresses but is not an edge network.`,
          remediation: `Write zone: edge on ${name}, or move the range to the edge network.`,
        },
      ];
    }),
});
