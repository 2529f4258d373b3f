// One address, one owner: hosts, gateways and VIPs among each other. A VIP that is a host's address has its own rule.
import { formatPath } from './wording.ts';
import { groupsOfSame, specRule } from './rule.ts';
import { usedAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.duplicate-address',
  severity: 'critical',
  impact: 'Two machines answer for one address: connections break at random.',
  source: 'RFC 5227 (address conflicts)',
  reads: ['networks', 'vips', 'hosts'],
  check: ({ spec }) =>
    groupsOfSame(usedAddresses(spec), ({ address }) => address).flatMap(([first, ...others]) =>
      others
        .filter((other) => !(other.kind === 'vip' && first.kind === 'host'))
        .map((other) => ({
          path: other.path,
          message: `${other.address} is the address of ${other.owner} and of ${first.owner}.`,
          remediation: `Give one of them another address; the other one is at ${formatPath(first.path)}.`,
        })),
    ),
});
