// A VIP moves between hosts; an address that a host has cannot.
import { specRule } from './rule.ts';
import { sentence } from './wording.ts';
import { hostAddresses, vipAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.vip-is-host-address',
  severity: 'critical',
  impact: 'The VIP cannot move: it dies with that host, and two hosts answer for it when another one takes it.',
  source: 'RFC 9568 (VRRP), section 4',
  reads: ['vips', 'hosts'],
  check: ({ spec }) => {
    const hosts = hostAddresses(spec);
    return vipAddresses(spec).flatMap((vip) => {
      const owner = hosts.find(({ address }) => address === vip.address);
      if (owner === undefined) return [];
      return [
        {
          path: vip.path,
          message: `${sentence(vip.owner)} has the address ${vip.address} of ${owner.owner}.`,
          remediation: `Give ${vip.owner} an address of ${vip.network} that no host has.`,
        },
      ];
    });
  },
});
