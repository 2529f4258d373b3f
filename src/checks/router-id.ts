// No other VRRP router on the network uses the router id of a VIP: both would take part in one election.
import { hostCheck } from './check.ts';
import type { CheckInput, Outcome } from './check.ts';

export default hostCheck({
  id: 'host.router-id',
  severity: 'critical',
  impact: 'Two clusters elect one master: the VIP disappears from one of them.',
  source: 'RFC 9568 section 5.2.3 (virtual router identifier)',
  check: (input) => input.cluster.vips.flatMap((vip) => judge(input, vip)),
});

function judge(input: CheckInput, vip: CheckInput['cluster']['vips'][number]): readonly Outcome[] {
  const listened = input.cluster.hosts.flatMap((host) => {
    const reading = input.facts.get(host.name)?.vrrp;
    return reading?.known === true && host.addresses[vip.network] !== undefined ? [reading.state] : [];
  });
  const ipv6 = vip.address.includes(':');
  if (listened.length === 0 || ipv6) return [{ missing: `adverts of VRRP for ${vip.name}${ipv6 ? ' (IPv6)' : ''}` }];
  const ours = new Set(input.cluster.hosts.flatMap((host) => Object.values(host.addresses)));
  const foreign = listened
    .flat()
    .filter(
      ({ network, source, routerId }) => network === vip.network && routerId === vip.routerId && !ours.has(source),
    );
  const sources = [...new Set(foreign.map(({ source }) => source))];
  if (sources.length === 0) return [];
  return [
    {
      path: ['vips', vip.name],
      message: `${sources.join(' and ')} on ${vip.network} uses the VRRP router id ${vip.routerId}, which the VIP ${vip.name} would have.`,
      remediation: `Give another: vips: { ${vip.name}: { routerId: … } }.`,
    },
  ];
}
