// /etc/hosts: every host and VIP by name, so that a dead DNS server takes nothing down.
// A host's name resolves to its internal address, which RabbitMQ node names and libvirt rely on.
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { managedHeader } from '../../formats/managed-header.ts';
import { file } from '../../resources/file.ts';

export function hostsFile(ctx: HostContext): Resource {
  const lines = [
    '127.0.0.1 localhost',
    '::1 localhost ip6-localhost ip6-loopback',
    '',
    ...ctx.cluster.hosts.map((host) => `${internalAddress(ctx, host.name)} ${host.name}`),
    ...ctx.cluster.vips.flatMap((vip) => (vip.dnsName === undefined ? [] : [`${vip.address} ${vip.dnsName}`])),
  ];
  return file({ path: '/etc/hosts', content: `${managedHeader('#')}${lines.join('\n')}\n` });
}

/** The internal address, or the management address of a host that has no other (an arbiter). */
function internalAddress(ctx: HostContext, host: string): string {
  const internal = ctx.cluster.uses.internal;
  const found = ctx.cluster.hosts.find((each) => each.name === host)?.addresses[internal ?? ''];
  return found ?? ctx.addressOf(host, 'management');
}
