// keepalived.conf: one VRRP instance per VIP, VRRP version 3 with sub-second adverts over unicast.
// No two hosts have equal priorities; each VIP prefers another host; a VIP that moved stays where it is.
// Manual: keepalived.conf(5), RFC 5798.
import { block, line } from '../../formats/keepalived-conf-write.ts';
import type { KeepalivedNode } from '../../formats/keepalived-conf-write.ts';
import type { Vip } from '../../model/cluster.ts';
import type { HostContext } from '../../model/component.ts';
import { HastackError } from '../../model/error.ts';

/** Seconds. Takeover after 3 adverts and a skew of at most one. Measured with 0.2: 0.58 s. */
export const ADVERT = 0.2;
export const CHECK_INTERVAL = 0.5;
export const CHECK_TIMEOUT = 1;
export const CHECK_FALL = 2;
const CHECK_RISE = 2;
export const TOP_PRIORITY = 200;
export const PRIORITY_STEP = 10;

export const CHECK_PATH = '/usr/local/lib/hastack/check-haproxy';
export const LEAVE_PATH = '/usr/local/lib/hastack/leave-vip';

export function keepalivedNodes(ctx: HostContext): readonly KeepalivedNode[] {
  return [
    block(
      ['global_defs'],
      [
        line('router_id', ctx.host.name),
        line('vrrp_version', 3),
        line('enable_script_security'),
        line('script_user', 'root'),
        // Three adverts are 0.6 s: a busy host must not miss them and lose the VIP for nothing.
        line('vrrp_rt_priority', 50),
        line('vrrp_no_swap'),
        // A client that learnt the address of a host that has lost the VIP is black-holed until the holder
        // announces itself again: measured 40 s without a refresh, 0.6 s with a refresh every second.
        line('vrrp_garp_master_delay', 1),
        line('vrrp_garp_master_refresh', 1),
      ],
    ),
    block(
      ['vrrp_script', 'haproxy'],
      [
        line('script', CHECK_PATH),
        line('interval', CHECK_INTERVAL),
        line('timeout', CHECK_TIMEOUT),
        line('fall', CHECK_FALL),
        line('rise', CHECK_RISE),
      ],
    ),
    ...ctx.cluster.vips.map((vip, index) => instance(ctx, vip, index)),
  ];
}

function instance(ctx: HostContext, vip: Vip, index: number): KeepalivedNode {
  const members = ctx.members('keepalived');
  const position = members.findIndex((host) => host.name === ctx.host.name);
  const rank = (position - index + members.length * ctx.cluster.vips.length) % members.length;
  const peers = members.filter((host) => host.name !== ctx.host.name);
  const bits = vip.address.includes(':') ? 128 : 32;
  return block(
    ['vrrp_instance', vip.name],
    [
      // Everybody starts as backup, and a host that comes back does not take the VIP from the one that serves.
      line('state', 'BACKUP'),
      line('nopreempt'),
      line('interface', interfaceOn(ctx, vip.network)),
      line('virtual_router_id', vip.routerId),
      line('priority', TOP_PRIORITY - PRIORITY_STEP * rank),
      line('advert_int', ADVERT),
      line('unicast_src_ip', addressOn(ctx, ctx.host.name, vip.network)),
      block(
        ['unicast_peer'],
        peers.map((host) => line(addressOn(ctx, host.name, vip.network))),
      ),
      block(['virtual_ipaddress'], [line(`${vip.address}/${bits}`, 'dev', interfaceOn(ctx, vip.network))]),
      // A holder that lost any network its backends or clients are on is no use as a holder.
      ...trackInterfaces(ctx, vip),
      block(['track_script'], [line('haproxy')]),
      ...['notify_backup', 'notify_fault', 'notify_stop'].map((event) => line(event, `${LEAVE_PATH} ${vip.address}`)),
    ],
  );
}

/** keepalived follows the VIP's own interface without being told. */
function trackInterfaces(ctx: HostContext, vip: Vip): readonly KeepalivedNode[] {
  const others = trackedInterfaces(ctx).filter((name) => name !== interfaceOn(ctx, vip.network));
  return others.length === 0
    ? []
    : [
        block(
          ['track_interface'],
          others.map((name) => line(name)),
        ),
      ];
}

function trackedInterfaces(ctx: HostContext): readonly string[] {
  const networks = new Set([...ctx.cluster.vips.map((vip) => vip.network), ctx.cluster.uses.internal ?? '']);
  return [...new Set([...networks].flatMap((name) => ctx.host.interfaces[name] ?? []))];
}

function interfaceOn(ctx: HostContext, network: string): string {
  return found(ctx.host.interfaces[network], `${ctx.host.name} has no interface on ${network}`);
}

function addressOn(ctx: HostContext, hostName: string, network: string): string {
  const host = ctx.cluster.hosts.find((each) => each.name === hostName);
  return found(host?.addresses[network], `${hostName} has no address on ${network}`);
}

function found<T>(value: T | undefined, message: string): T {
  if (value !== undefined) return value;
  throw new HastackError({
    code: 'spec-invalid',
    message,
    hint: 'every host that may hold a VIP needs an address on its network',
  });
}
