// A host's address must lie in its network and be one that a host can have.
import { contains, isUsable } from '../addresses.ts';
import { own } from '../lookup.ts';
import { specRule } from './rule.ts';
import { hostAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.address-outside-network',
  severity: 'critical',
  impact: 'The host is not reachable there; every service on it misses its peers.',
  source: 'RFC 4632 (CIDR)',
  reads: ['networks', 'hosts'],
  check: ({ spec }) =>
    hostAddresses(spec).flatMap(({ owner, network, address, path }) => {
      const cidr = own(spec.networks, network)?.cidr;
      if (cidr === undefined || isUsable(cidr, address)) return [];
      const wrong = contains(cidr, address) ? `is the network's own or its broadcast address` : `is not in ${cidr}`;
      return [
        {
          path,
          host: String(path[1]),
          message: `The address ${address} of ${owner} on ${network} ${wrong}.`,
          remediation: `Write an address of a host in ${cidr}, or correct the cidr of ${network}.`,
        },
      ];
    }),
});
