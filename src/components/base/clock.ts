// chrony: fernet tokens, certificates and quorum logs all need hosts that agree on the time.
// `services.chrony.adjustClock: false` is for hosts that may not set the clock (containers): chronyd then only
// measures. Manual: chrony.conf(5), chronyd(8) -x.
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { managedHeader } from '../../formats/managed-header.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';

const UNIT = 'unit:chrony';

export function clockResources(ctx: HostContext): readonly Resource[] {
  const measureOnly = ctx.options('chrony')['adjustClock'] === false;
  return [
    file({ path: '/etc/chrony/chrony.conf', content: chronyConf(ctx), notifies: [UNIT] }),
    configFile(ctx, {
      path: '/etc/default/chrony',
      format: 'env',
      tree: { '': { DAEMON_OPTS: measureOnly ? '-F 1 -x' : '-F 1' } },
      notifies: [UNIT],
    }),
    ...(measureOnly ? [measuringDropIn(ctx)] : []),
    unit('chrony'),
  ];
}

/** Debian's unit starts only where the clock may be set. */
function measuringDropIn(ctx: HostContext): Resource {
  return configFile(ctx, {
    path: '/etc/systemd/system/chrony.service.d/hastack.conf',
    overrideAs: 'chrony.service',
    format: 'systemd',
    tree: { Unit: { ConditionCapability: '' } },
    notifies: [UNIT],
  });
}

function chronyConf(ctx: HostContext): string {
  const sources = ctx.cluster.ntp.map((server) => `server ${server} iburst`);
  // Peers keep the hosts together when every outside source is gone: agreement matters more than truth.
  const peers = ctx.cluster.hosts
    .filter((host) => host.name !== ctx.host.name && host.roles.includes('control'))
    .map((host) => `server ${host.name} iburst minpoll 4 maxpoll 6`);
  const lines = [
    ...(sources.length > 0 ? sources : ['pool 2.debian.pool.ntp.org iburst']),
    ...peers,
    ...allowed(ctx),
    'local stratum 10 orphan',
    'driftfile /var/lib/chrony/chrony.drift',
    'makestep 1 3',
    'rtcsync',
    'leapseclist /usr/share/zoneinfo/leap-seconds.list',
    'cmdport 0',
  ];
  return `${managedHeader('#')}${lines.join('\n')}\n`;
}

function allowed(ctx: HostContext): readonly string[] {
  const network = ctx.cluster.networks.find((each) => each.name === ctx.cluster.uses.internal);
  if (!ctx.host.roles.includes('control') || network === undefined) return [];
  return [`bindaddress ${ctx.address('internal')}`, `allow ${network.cidr}`];
}
