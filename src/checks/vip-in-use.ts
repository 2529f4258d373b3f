// Nobody has a VIP's address yet: neither a machine outside the cluster nor one of its hosts, unless keepalived
// already serves it there.
import { factOf, hostCheck } from './check.ts';
import type { CheckInput, Outcome } from './check.ts';

export default hostCheck({
  id: 'host.vip-in-use',
  severity: 'critical',
  impact: 'Two machines answer for one address: users reach either, at random.',
  source: 'RFC 5227 (IPv4 address conflict detection)',
  check: (input) => input.cluster.vips.flatMap((vip) => judge(input, vip)),
});

function judge(input: CheckInput, vip: CheckInput['cluster']['vips'][number]): readonly Outcome[] {
  const holders = input.cluster.hosts.filter((host) =>
    factOf(input, host.name, 'interfaces')?.some((link) =>
      link.addresses.some((each) => each.split('/')[0] === vip.address),
    ),
  );
  const path = ['vips', vip.name, 'address'];
  const deployed = holders.filter((host) => hasKeepalived(input, host.name));
  if (deployed.length > 0) return [];
  const remediation = 'Take the address away there, or choose another for the VIP.';
  const [holder] = holders;
  if (holder !== undefined) {
    const message = `${holder.name} has the VIP ${vip.name} (${vip.address}) as an address of its own.`;
    return [{ path, host: holder.name, message, remediation }];
  }
  const asked = input.cluster.hosts.flatMap(
    (host) => factOf(input, host.name, 'vips')?.filter((each) => each.vip === vip.name) ?? [],
  );
  if (asked.length === 0) return [{ missing: `a host on ${vip.network} that could ask for ${vip.address}` }];
  const macs = [...new Set(asked.flatMap(({ mac }) => mac ?? []))];
  if (macs.length === 0) return [];
  return [
    {
      path,
      message: `The VIP ${vip.name} (${vip.address}) is in use: ${macs.join(' and ')} answers for it on ${vip.network}.`,
      remediation,
    },
  ];
}

function hasKeepalived(input: CheckInput, host: string): boolean {
  const listening = factOf(input, host, 'listeners') ?? [];
  // keepalived itself listens on no port; the balancer beside it does.
  return listening.some(({ unit }) => unit === 'haproxy.service' || unit === 'keepalived.service');
}
