// Open vSwitch and ovn-controller on every network and compute host. Network hosts are gateways: Neutron places every
// router on several of them with priorities, they watch each other by BFD over the tunnels, and the next one takes
// over when the first is silent. Manual: ovn-controller(8), ovn-architecture(7).
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import type { OvsValues } from '../../resources/ovs.ts';
import { unit } from '../../resources/unit.ts';
import { withOvn } from '../oslo/networks.ts';
import { OVS_UNITS, datapathOf, openVswitchSteps } from '../oslo/open-vswitch.ts';
import { PROBE_INTERVAL_MS, ovnRemote, tlsFiles } from '../oslo/ovn.ts';
import { bridgeMappings, providerBridges } from '../oslo/provider-networks.ts';
import { ovnHostFailure } from './failure.ts';

const CERTIFICATE = 'ovn-controller';
const GENEVE_PORT = 6081;
const STOP = '/usr/local/lib/hastack/ovn-controller-stop';

export default component({
  id: 'ovn-host',
  title: 'OVN on the hosts',
  service: 'neutron',
  roles: ['network', 'compute'],
  after: ['ovn-central'],
  when: withOvn,
  packages: ['openvswitch-switch', 'ovn-host'],
  units: [...OVS_UNITS, 'ovn-host.service', 'ovn-controller.service'],
  certificates: [{ name: CERTIFICATE, owner: 'root', group: 'root', uses: ['internal'] }],
  ports: [{ port: GENEVE_PORT, protocol: 'udp', use: 'tunnel', from: 'members' }],
  steps: [...openVswitchSteps(chassisValues), { on: 'each', resources: controllerResources }],
  health: () => [
    {
      name: 'ovn-controller is connected to the southbound database',
      script: `state=$(timeout 5 ovn-appctl -t ovn-controller connection-status); echo "$state"; [ "$state" = connected ]`,
    },
  ],
  failure: ovnHostFailure,
});

function chassisValues(ctx: HostContext): OvsValues {
  const bridges = providerBridges(ctx.cluster, ctx.host);
  const gateway = ctx.host.roles.includes('network') && bridges.length > 0;
  return {
    'external_ids:ovn-remote': ovnRemote(ctx, 'sb'),
    'external_ids:ovn-remote-probe-interval': String(PROBE_INTERVAL_MS),
    'external_ids:ovn-encap-type': 'geneve',
    'external_ids:ovn-encap-ip': ctx.address('tunnel'),
    'external_ids:ovn-bridge-datapath-type': datapathOf(ctx),
    'external_ids:ovn-bridge-mappings': bridges.length > 0 ? bridgeMappings(bridges) : null,
    'external_ids:ovn-cms-options': gateway ? 'enable-chassis-as-gw' : null,
  };
}

function controllerResources(ctx: HostContext): readonly Resource[] {
  const notifies = ['unit:ovn-controller'];
  const { key, certificate, ca } = tlsFiles(CERTIFICATE);
  return [
    configFile(ctx, {
      path: '/etc/default/ovn-host',
      format: 'env',
      tree: {
        '': {
          OVN_CTL_OPTS: `--ovn-controller-ssl-key=${key} --ovn-controller-ssl-cert=${certificate} --ovn-controller-ssl-ca-cert=${ca}`,
        },
      },
      notifies,
    }),
    file({ path: STOP, content: STOP_SCRIPT, mode: '0755' }),
    configFile(ctx, {
      path: '/etc/systemd/system/ovn-controller.service.d/hastack.conf',
      format: 'systemd',
      tree: {
        Unit: { StartLimitIntervalSec: '0' },
        Service: { ExecStop: ['', STOP], Restart: 'always', RestartSec: '1s' },
      },
      notifies,
    }),
    unit('ovn-controller'),
    // Starts it at boot; a restart would stop and start it once more.
    unit('ovn-host', { onChange: 'nothing' }),
  ];
}

/**
 * A controller that goes for good removes its chassis and its flows: right when the host shuts down (the routers move
 * at once), wrong for a restart (every instance of the host would be cut off until it is back).
 */
const STOP_SCRIPT = `#!/bin/sh
# Written by hastack; local changes are overwritten.
[ "$(systemctl is-system-running)" = stopping ] && exec /usr/share/ovn/scripts/ovn-ctl stop_controller --no-monitor
exec /usr/share/ovn/scripts/ovn-ctl stop_controller --no-monitor --restart
`;
