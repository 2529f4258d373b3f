// Kernel settings, limits and the journal. Every value has its reason; a container shows those it cannot take
// as `not applicable here`.
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { sysctl } from '../../resources/sysctl.ts';
import { unit } from '../../resources/unit.ts';

export function kernelSettings(ctx: HostContext): readonly Resource[] {
  const overrides = ctx.overrides('sysctl.conf')[''] ?? {};
  const values: Record<string, string> = {
    // HAProxy binds the VIPs on hosts that do not hold them, so that nothing has to start when they come.
    'net.ipv4.ip_nonlocal_bind': '1',
    'net.ipv6.ip_nonlocal_bind': '1',
    // A host answers ARP for an address only on the interface that has it: two networks on one switch
    // would else hand out the wrong MAC after a VIP moved. Source: kernel ip-sysctl.rst.
    'net.ipv4.conf.all.arp_ignore': '1',
    'net.ipv4.conf.all.arp_announce': '2',
    // A dead peer is noticed after about 25 s of unacknowledged data (8 retries) instead of 924 s (15).
    'net.ipv4.tcp_retries2': '8',
    // A client that waits for an answer over a VIP learns from the first probe that the VIP has moved: the new
    // holder refuses a connection it does not know.
    'net.ipv4.tcp_keepalive_time': '10',
    'net.ipv4.tcp_keepalive_intvl': '3',
    'net.ipv4.tcp_keepalive_probes': '3',
    'net.core.somaxconn': '4096',
    // Databases and message brokers must not be swapped out under page-cache pressure.
    'vm.swappiness': '1',
  };
  for (const [key, value] of Object.entries(overrides)) {
    if (value === null) delete values[key];
    else if (typeof value === 'string' || typeof value === 'number') values[key] = String(value);
  }
  return sysctl({ file: '/etc/sysctl.d/60-hastack.conf', values });
}

export function limits(ctx: HostContext): Resource {
  return configFile(ctx, {
    path: '/etc/security/limits.d/60-hastack.conf',
    format: 'limits',
    tree: { '': { '* - nofile': 65536 } },
  });
}

export function journal(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/systemd/journald.conf.d/60-hastack.conf',
      format: 'systemd',
      // The log of the minute before a power cut is what explains it.
      tree: { Journal: { Storage: 'persistent', SystemMaxUse: '2G', SyncIntervalSec: '30s' } },
      notifies: ['unit:systemd-journald'],
    }),
    unit('systemd-journald', { enabled: false }),
  ];
}
