// Routers of users, by Neutron's L3 agents: each on up to three network hosts, one active, by VRRP over a network of the
// tunnels. With DVR also on compute hosts, for the floating addresses of their own instances. The metadata agent beside
// it answers 169.254.169.254 of the routers and DHCP servers on its host. Static routes and gateways without SNAT
// (`enable_snat=false`) are the router plugin's own and need nothing here.
// Manual: https://docs.openstack.org/neutron/2025.1/admin/deploy-ovs-ha-vrrp.html, /admin/config-dvr-ha-snat.html
import type { Cluster } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { agentHosts, distributed, withAgents } from '../oslo/networks.ts';
import { OVS_AGENT, agentResources } from '../oslo/neutron-agents.ts';
import { CA_FILE, internalVip } from '../oslo/sections.ts';
import { workerHealth } from '../oslo/worker-group.ts';
import { ADVERT_SECONDS, GATEWAY_CHECK_SECONDS, l3Failure } from './failure.ts';

const L3 = 'neutron-l3-agent';
const METADATA = 'neutron-metadata-agent';
const METADATA_PORT = 8775;
/** Contributed here too, so that both sides have it whichever is deployed first. */
const SHARED_SECRET = 'nova/metadata';

export default component({
  id: 'neutron-l3-agent',
  title: 'Neutron L3 and metadata agents',
  service: 'neutron',
  roles: ['network'],
  placedOn,
  after: ['neutron-ovs-agent'],
  when: withAgents,
  // Routers run keepalived and an haproxy of their own; the packages' units are those of the VIPs where there are any.
  packages: [L3, METADATA],
  units: [L3, METADATA, 'haproxy', 'keepalived', 'radvd'].map((name) => `${name}.service`),
  secrets: [{ name: SHARED_SECRET, kind: 'password' }],
  steps: [{ on: 'each', resources: hostResources }],
  health: (ctx) => [workerHealth(ctx, 'Neutron L3 agent', L3), workerHealth(ctx, 'Neutron metadata agent', METADATA)],
  failure: l3Failure,
});

function placedOn(cluster: Cluster): readonly string[] {
  const hosts = hostsWithRole(cluster, 'network', ...(distributed(cluster) ? (['compute'] as const) : []));
  return hosts.map(({ name }) => name);
}

function hostResources(ctx: HostContext): readonly Resource[] {
  const after = [OVS_AGENT];
  return [
    ...agentResources(ctx, { name: METADATA, path: '/etc/neutron/metadata_agent.ini', ...metadata(ctx), after }),
    ...agentResources(ctx, {
      name: L3,
      leavesChildren: true,
      path: '/etc/neutron/l3_agent.ini',
      tree: {
        DEFAULT: {
          interface_driver: 'openvswitch',
          agent_mode: modeOf(ctx),
          ha_vrrp_advert_int: ADVERT_SECONDS,
          // Seconds. A router whose gateway outside does not answer pings hands over: the only thing that notices a
          // lost uplink of its host. Where gateways do not answer pings, set it to 0 (config: l3_agent.ini).
          ha_vrrp_health_check_interval: GATEWAY_CHECK_SECONDS,
        },
      },
      after,
    }),
  ];
}

function modeOf(ctx: HostContext): 'legacy' | 'dvr' | 'dvr_snat' {
  if (!distributed(ctx.cluster)) return 'legacy';
  return agentHosts(ctx.cluster).includes(ctx.host.name) ? 'dvr_snat' : 'dvr';
}

function metadata(ctx: HostContext) {
  const secret = ctx.secret(SHARED_SECRET);
  return {
    secrets: [secret],
    tree: {
      DEFAULT: {
        nova_metadata_host: internalVip(ctx),
        nova_metadata_port: METADATA_PORT,
        nova_metadata_protocol: 'https',
        auth_ca_cert: CA_FILE,
        metadata_proxy_shared_secret: secret,
        metadata_workers: 1,
      },
    },
  };
}
