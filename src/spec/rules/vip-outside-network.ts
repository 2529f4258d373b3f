// A VIP lies in the network it is said to be on, and is an address that a host can have.
import { contains, isUsable } from '../addresses.ts';
import { own } from '../lookup.ts';
import { specRule } from './rule.ts';
import { vipAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.vip-outside-network',
  severity: 'critical',
  impact: 'Nobody reaches the VIP: the services behind it are down.',
  source: 'RFC 9568 (VRRP)',
  reads: ['networks', 'vips'],
  check: ({ spec }) =>
    vipAddresses(spec).flatMap(({ owner, network, address, path }) => {
      const cidr = own(spec.networks, network)?.cidr;
      if (cidr === undefined || isUsable(cidr, address)) return [];
      const wrong = contains(cidr, address) ? `is the network's own or its broadcast address` : `is not in ${cidr}`;
      return [
        {
          path,
          message: `The address ${address} of ${owner} ${wrong}.`,
          remediation: `Write a free address in ${cidr}, or name another network.`,
        },
      ];
    }),
});
