// A gateway is a neighbour: it lies in its network.
import { isUsable } from '../addresses.ts';
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.gateway-outside-network',
  severity: 'critical',
  impact: 'Nothing leaves the network: hosts reach no mirror, instances reach no user.',
  source: 'ip-route(8), via',
  reads: ['networks'],
  check: ({ spec }) =>
    entriesOf(spec.networks).flatMap(([name, { cidr, gateway }]) => {
      if (gateway === undefined || isUsable(cidr, gateway)) return [];
      return [
        {
          path: ['networks', name, 'gateway'],
          message: `The gateway ${gateway} is not an address of a host in ${cidr}.`,
          remediation: `Write an address in ${cidr}.`,
        },
      ];
    }),
});
