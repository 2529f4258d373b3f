// Open vSwitch with Neutron's agent on every network and compute host: VXLAN tunnels between the hosts, bridges to the
// outside, security groups as flows. Packets flow on while the agent restarts; only a restart of the switch stops them.
// In a process (`datapath: netdev`) that one also loses the ports of routers and DHCP servers, which the agents do not
// repair: there OVN is the better choice.
// Manual: https://docs.openstack.org/neutron/2025.1/admin/deploy-ovs.html
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule } from '../../model/failure.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { distributed, withAgents } from '../oslo/networks.ts';
import {
  AGENT_REPORT_SECONDS,
  NEUTRON_CONF,
  OVS_AGENT,
  agentResources,
  agentSection,
  agentUnits,
} from '../oslo/neutron-agents.ts';
import { OVS_UNITS, datapathOf, openVswitchSteps } from '../oslo/open-vswitch.ts';
import { bridgeMappings, providerBridges } from '../oslo/provider-networks.ts';
import { concurrencySection, lockDirectory } from '../oslo/sections.ts';
import { workerHealth } from '../oslo/worker-group.ts';

const NAME = 'neutron';
const VXLAN_PORT = 4789;

export default component({
  id: 'neutron-ovs-agent',
  title: 'Open vSwitch with its Neutron agents',
  service: NAME,
  roles: ['network', 'compute'],
  after: [NAME],
  when: withAgents,
  packages: ['openvswitch-switch', OVS_AGENT],
  units: [...OVS_UNITS, `${OVS_AGENT}.service`],
  ports: [{ port: VXLAN_PORT, protocol: 'udp', use: 'tunnel', from: 'members' }],
  steps: [...openVswitchSteps(() => ({})), { on: 'each', resources: hostResources }],
  health: (ctx) => [workerHealth(ctx, 'Open vSwitch agent', OVS_AGENT)],
  failure: instanceNetwork,
});

function hostResources(ctx: HostContext): readonly Resource[] {
  const serves = ctx.members(NAME).some(({ name }) => name === ctx.host.name);
  return [
    // Where the API runs, it is the API's; agents read the same file.
    ...(serves ? [] : agentConf(ctx)),
    ...agentResources(ctx, {
      name: OVS_AGENT,
      path: '/etc/neutron/plugins/ml2/openvswitch_agent.ini',
      tree: ovsAgentConf(ctx),
      after: ['openvswitch-switch'],
    }),
  ];
}

/** neutron.conf of hosts that have agents only: no database, no account of Keystone. */
function agentConf(ctx: HostContext): readonly Resource[] {
  return [
    directory({ path: lockDirectory(NAME), owner: NAME, group: NAME }),
    configFile(ctx, {
      path: NEUTRON_CONF,
      format: 'ini',
      tree: {
        DEFAULT: {
          host: ctx.host.name,
          log_dir: '/var/log/neutron',
          state_path: '/var/lib/neutron',
          core_plugin: 'ml2',
          transport_url: transportUrl(ctx, NAME),
          rpc_response_timeout: RPC_TIMEOUT,
        },
        agent: { ...agentSection(), report_interval: AGENT_REPORT_SECONDS },
        oslo_concurrency: concurrencySection(NAME),
        oslo_messaging_rabbit: RABBIT,
      },
      mode: '0640',
      group: NAME,
      secrets: [ctx.secret('neutron/messaging')],
      notifies: agentUnits(ctx),
    }),
  ];
}

function ovsAgentConf(ctx: HostContext): ConfigTree {
  const bridges = providerBridges(ctx.cluster, ctx.host);
  return {
    ovs: {
      datapath_type: datapathOf(ctx),
      integration_bridge: 'br-int',
      tunnel_bridge: 'br-tun',
      local_ip: ctx.address('tunnel'),
      ...(bridges.length === 0 ? {} : { bridge_mappings: bridgeMappings(bridges) }),
      ovsdb_connection: 'tcp:127.0.0.1:6640',
    },
    agent: {
      tunnel_types: 'vxlan',
      // Where an address is, is told to all instead of asked of all.
      l2_population: true,
      enable_distributed_routing: distributed(ctx.cluster),
      // An agent that restarts leaves the flows until it has made new ones.
      drop_flows_on_start: false,
    },
    securitygroup: { enable_security_group: true, firewall_driver: 'openvswitch' },
  };
}

/** Every compute host carries its own instances' packets. An instance of a dead host is counted where instances are. */
function instanceNetwork({ cluster }: ClusterContext): readonly ComponentRule[] {
  const dvr = distributed(cluster);
  return [
    {
      id: 'instance-network',
      title: 'network of the instances',
      hosts: hostsWithRole(cluster, 'compute').map(({ name }) => name),
      needs: atLeast(1),
      serves: 'own',
      passive: true,
      uses: dvr ? ['tunnel', 'provider'] : ['tunnel'],
      interruption: {},
      survives: ['process-killed', 'process-frozen', 'host-power', 'disk-failed'],
      capabilities: ['east-west', 'north-south'],
      externals: dvr ? ['uplink'] : [],
      part: 'the instances on the hosts that are cut off',
      improve: 'a bond over two switches for the network that carries the tunnels',
    },
  ];
}
