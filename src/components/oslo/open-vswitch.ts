// Open vSwitch on a host, whoever drives it (OVN or Neutron's agents): its name, its daemons, its bridges and their
// links. Its daemons are never restarted for a change: all settings are taken up from its database, and a restart
// stops every packet of the host.
// `services.neutron.datapath: netdev` forwards in a process instead of the kernel, for hosts whose kernel has no
// openvswitch module (containers). Tunnels then need their address on a bridge of the switch, so the network that
// carries them must be for tunnels only. Manual: ovs-vswitchd.conf.db(5), Documentation/howto/userspace-tunneling.
import type { ComponentStep, HostContext } from '../../model/component.ts';
import { HastackError } from '../../model/error.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { ovsBridge, ovsManager, ovsSettings } from '../../resources/ovs.ts';
import type { OvsValues } from '../../resources/ovs.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';
import { providerBridges } from './provider-networks.ts';

export const OVS_UNITS = [
  'openvswitch-switch.service',
  'ovsdb-server.service',
  'ovs-vswitchd.service',
  'ovs-record-hostname.service',
] as const;

const LINKS = '/usr/local/lib/hastack/ovs-links';
const TUNNEL_BRIDGE = 'br-tunnel';

export function datapathOf(ctx: Pick<HostContext, 'options'>): 'system' | 'netdev' {
  return ctx.options('neutron')['datapath'] === 'netdev' ? 'netdev' : 'system';
}

/** `values`: what the driver of the switch wants to stand in it from the start. */
export function openVswitchSteps(values: (ctx: HostContext) => OvsValues): readonly ComponentStep[] {
  return [
    { on: 'each', resources: databaseResources },
    // Before the forwarding daemon starts for the first time: userspace-tso-enable is read at its start only.
    { on: 'each', resources: (ctx) => [ovsSettings('switch', { ...switchValues(ctx), ...values(ctx) })] },
    {
      on: 'each',
      resources: () =>
        ['ovs-vswitchd', 'openvswitch-switch', 'ovs-record-hostname'].map((name) =>
          unit(name, { onChange: 'nothing' }),
        ),
    },
    { on: 'each', resources: bridgeResources },
  ];
}

function databaseResources(ctx: HostContext): readonly Resource[] {
  return [
    // Debian's start script takes the identity from here and makes a random one up when it is missing: the host would
    // come back as another chassis that claims the same tunnel address.
    file({ path: '/etc/openvswitch/system-id.conf', content: `${ctx.host.name}\n` }),
    file({ path: LINKS, content: linksScript(ctx), mode: '0755' }),
    configFile(ctx, {
      path: '/etc/systemd/system/ovs-vswitchd.service.d/hastack.conf',
      overrideAs: 'ovs-vswitchd.service',
      format: 'systemd',
      tree: { Service: { ExecStartPost: `-${LINKS}` } },
    }),
    unit('ovsdb-server', { onChange: 'nothing' }),
  ];
}

function switchValues(ctx: HostContext): OvsValues {
  return {
    'external_ids:system-id': ctx.host.name,
    // The name Nova and Neutron know the host by.
    'external_ids:hostname': ctx.host.name,
    // Without it guests' partial checksums reach nobody: every TCP connection of an instance hangs (measured).
    'other_config:userspace-tso-enable': datapathOf(ctx) === 'netdev' ? 'true' : null,
  };
}

function bridgeResources(ctx: HostContext): readonly Resource[] {
  const datapath = datapathOf(ctx);
  const tunnel = datapath === 'netdev' ? [{ name: TUNNEL_BRIDGE, datapath, ports: [tunnelInterface(ctx)] }] : [];
  const outside = providerBridges(ctx.cluster, ctx.host).map((each) => ({
    name: each.bridge,
    datapath,
    ports: [each.interface],
  }));
  return [
    ...[...tunnel, ...outside].map(ovsBridge),
    // Where os-vif (nova-compute) and Neutron's agents look by default.
    ovsManager('ptcp:6640:127.0.0.1'),
    runOnce({ name: 'ovs-links', unless: `${LINKS} check`, script: LINKS, timeout: 60 }),
  ];
}

/** Brings the links up that no other program knows of. With `check` it only says whether they are. */
function linksScript(ctx: HostContext): string {
  const bridges = providerBridges(ctx.cluster, ctx.host);
  const links = bridges.flatMap((each) => [each.interface, each.bridge]);
  const tunnel = datapathOf(ctx) === 'netdev' ? [tunnelInterface(ctx), TUNNEL_BRIDGE] : [];
  return `#!/bin/sh
# Links of Open vSwitch's bridges, after every start of it. Written by hastack; local changes are overwritten.
rc=0
up() {
  ip -o link show dev "$1" up 2>/dev/null | grep -q . && return 0
  [ "$mode" = check ] && { rc=1; return 0; }
  ip link set dev "$1" up || rc=1
}
# The address goes from the interface to the bridge.
move() {
  ip -o address show dev "$2" 2>/dev/null | grep -qF " $3 " && ! ip -o address show dev "$1" | grep -qF " $3 " && return 0
  [ "$mode" = check ] && { rc=1; return 0; }
  ip address del "$3" dev "$1" 2>/dev/null
  ip address replace "$3" dev "$2" || rc=1
}
mode=\${1:-set}
${[...links, ...tunnel].map((name) => sh`up ${name}`).join('\n')}
${tunnel.length === 0 ? '' : `${sh`move ${tunnel} ${tunnelAddress(ctx)}`}\n`}exit "$rc"
`;
}

function tunnelAddress(ctx: HostContext): string {
  const network = ctx.cluster.networks.find(({ name }) => name === ctx.cluster.uses.tunnel);
  return `${ctx.address('tunnel')}/${network?.cidr.split('/')[1] ?? ''}`;
}

function tunnelInterface(ctx: HostContext): string {
  const { uses } = ctx.cluster;
  const shared = Object.entries(uses).filter(([use, network]) => use !== 'tunnel' && network === uses.tunnel);
  if (shared.length === 0) return ctx.interfaceOf('tunnel');
  throw new HastackError({
    code: 'spec-invalid',
    message: `services.neutron.datapath is netdev, but the network ${uses.tunnel ?? ''} carries more than tunnels: ${shared.map(([use]) => use).join(', ')}`,
    hint: 'Give tunnels a network of their own (`networks: { tunnel: ... }`, `uses: { tunnel: tunnel }`), or leave datapath out.',
  });
}
