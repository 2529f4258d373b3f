// neutron.conf and ml2_conf.ini of the hosts that serve the API, and how the API runs under uWSGI.
// Manual: https://docs.openstack.org/neutron/2025.1/configuration/, /admin/ovn/, /admin/deploy-ovs.html
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { workersOf } from '../oslo/accounts.ts';
import { databaseSection } from '../oslo/database.ts';
import { authtokenSection, clientSection } from '../oslo/identity.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { agentHosts, distributed, withAgents } from '../oslo/networks.ts';
import {
  AGENT_DOWN_SECONDS,
  AGENT_REPORT_SECONDS,
  agentSection,
  dhcpAgents,
  routerAgents,
} from '../oslo/neutron-agents.ts';
import { PROBE_INTERVAL_MS, ovnRemote, tlsFiles } from '../oslo/ovn.ts';
import { providerNetworks } from '../oslo/provider-networks.ts';
import { MIDDLEWARE, POLICY, concurrencySection } from '../oslo/sections.ts';
import { uwsgiIni } from '../oslo/uwsgi.ts';

export const NAME = 'neutron';
export const PORT = 9696;
export const CERTIFICATE = 'neutron-ovn';
export const CONF = '/etc/neutron/neutron.conf';
export const ML2_CONF = '/etc/neutron/plugins/ml2/ml2_conf.ini';
export const CONFIG_FILES = `--config-file=${CONF} --config-file=${ML2_CONF}`;

const ETHERNET_MTU = 1500;

export function neutronConf(ctx: HostContext): ConfigTree {
  const workers = workersOf(ctx.cluster, NAME);
  const mtus = providerNetworks(ctx.cluster).map(({ network }) => network.mtu);
  const agents = withAgents(ctx.cluster);
  return {
    DEFAULT: {
      log_dir: '/var/log/neutron',
      state_path: '/var/lib/neutron',
      core_plugin: 'ml2',
      service_plugins: agents ? 'router' : 'ovn-router',
      auth_strategy: 'keystone',
      transport_url: transportUrl(ctx, NAME),
      rpc_response_timeout: RPC_TIMEOUT,
      rpc_workers: workers,
      // Nova waits for these before it starts an instance.
      notify_nova_on_port_status_changes: true,
      notify_nova_on_port_data_changes: true,
      // Of networks without tunnels; what tunnels leave is reckoned from path_mtu.
      global_physnet_mtu: Math.min(...mtus, tunnelMtu(ctx)),
      ...(agents ? agentDefaults(ctx) : {}),
    },
    agent: { ...agentSection(), ...(agents ? { report_interval: AGENT_REPORT_SECONDS } : {}) },
    database: databaseSection(ctx, NAME),
    keystone_authtoken: authtokenSection(ctx, NAME, 'network'),
    nova: { ...clientSection(ctx, NAME), endpoint_type: 'internal' },
    placement: { ...clientSection(ctx, NAME), endpoint_type: 'internal' },
    oslo_concurrency: concurrencySection(NAME),
    oslo_messaging_rabbit: RABBIT,
    oslo_middleware: MIDDLEWARE,
    oslo_policy: POLICY,
  };
}

/** Routers and DHCP servers on several hosts each; also read by the agents on the same host. */
function agentDefaults({ cluster, host }: HostContext): OptionTable {
  const hosts = agentHosts(cluster).length;
  return {
    // As Nova knows the host, whatever the resolver makes of its name.
    host: host.name,
    agent_down_time: AGENT_DOWN_SECONDS,
    l3_ha: hosts > 1,
    max_l3_agents_per_router: routerAgents(hosts),
    // Adverts of the routers go through the tunnels, like the packets that they are for.
    l3_ha_network_type: 'vxlan',
    enable_dvr: distributed(cluster),
    router_distributed: distributed(cluster),
    dhcp_agents_per_network: dhcpAgents(hosts),
    // A DHCP agent that stays away gives its networks to another one.
    allow_automatic_dhcp_failover: true,
  };
}

export function ml2Conf(ctx: HostContext): ConfigTree {
  const physical = providerNetworks(ctx.cluster).map(({ name, network }) => ({ name, mtu: network.mtu }));
  const names = physical.map(({ name }) => name).join(',');
  const agents = withAgents(ctx.cluster);
  const tunnels = agents ? 'vxlan' : 'geneve';
  return {
    ml2: {
      type_drivers: `flat,vlan,${tunnels}`,
      tenant_network_types: tunnels,
      mechanism_drivers: agents ? 'openvswitch,l2population' : 'ovn',
      extension_drivers: 'port_security',
      overlay_ip_version: ctx.address('tunnel').includes(':') ? 6 : 4,
      path_mtu: tunnelMtu(ctx),
      physical_network_mtus: physical.map(({ name, mtu }) => `${name}:${mtu}`).join(','),
    },
    ml2_type_flat: { flat_networks: names },
    ml2_type_vlan: { network_vlan_ranges: names },
    ...(agents
      ? { ml2_type_vxlan: { vni_ranges: '1:65536' } }
      : { ml2_type_geneve: { vni_ranges: '1:65536', max_header_size: 38 } }),
    securitygroup: { enable_security_group: true },
    ...(agents ? {} : { ovn: ovnSection(ctx) }),
  };
}

function ovnSection(ctx: HostContext): OptionTable {
  const { key, certificate, ca } = tlsFiles(CERTIFICATE);
  const { dns } = ctx.cluster;
  return {
    ovn_nb_connection: ovnRemote(ctx, 'nb'),
    ovn_nb_private_key: key,
    ovn_nb_certificate: certificate,
    ovn_nb_ca_cert: ca,
    ovn_sb_connection: ovnRemote(ctx, 'sb'),
    ovn_sb_private_key: key,
    ovn_sb_certificate: certificate,
    ovn_sb_ca_cert: ca,
    // A database server that lost power: its connection is given up after 10 to 20 s, not 60 to 120.
    ovsdb_probe_interval: PROBE_INTERVAL_MS,
    // Every router on several gateways with priorities, those with the fewest routers first.
    ovn_l3_scheduler: 'leastloaded',
    ovn_metadata_enabled: true,
    enable_distributed_floating_ip: distributed(ctx.cluster),
    ...(dns.length === 0 ? {} : { dns_servers: dns.join(',') }),
  };
}

function tunnelMtu(ctx: HostContext): number {
  return ctx.cluster.networks.find(({ name }) => name === ctx.cluster.uses.tunnel)?.mtu ?? ETHERNET_MTU;
}

export function neutronUwsgi(ctx: HostContext): ConfigTree {
  const { uwsgi = {} } = uwsgiIni({
    name: 'neutron-api',
    endpoint: NAME,
    address: ctx.address('internal'),
    port: PORT,
    wsgiFile: '/usr/bin/neutron-api',
    // One works on a request, which may take seconds; another one answers that it is alive.
    processes: Math.max(2, workersOf(ctx.cluster, NAME)),
    threads: 1,
    directory: '/var/lib/neutron',
    log: '/var/log/neutron/neutron-api.log',
    messaging: true,
  });
  return {
    uwsgi: {
      ...uwsgi,
      pyargv: CONFIG_FILES,
      // All workers of one start share it: Neutron tells those of this start from those of an earlier one by it.
      'start-time': '%t',
    },
  };
}

/**
 * Debian ships these two daemons with init scripts only; a unit of their own starts them again when they end. The
 * maintenance worker of each host waits for a lock in the northbound database: one works.
 */
export function daemonUnit(name: string, description: string): ConfigTree {
  return {
    Unit: {
      Description: description,
      Wants: 'network-online.target',
      After: 'network-online.target',
      StartLimitIntervalSec: '0',
    },
    Service: {
      User: 'neutron',
      Group: 'neutron',
      WorkingDirectory: '/var/lib/neutron',
      Environment: `OS_OSLO_MESSAGING_RABBIT__PROCESSNAME=${name}`,
      ExecStart: `/usr/bin/${name} ${CONFIG_FILES} --log-file=/var/log/neutron/${name}.log`,
      Restart: 'always',
      RestartSec: '1s',
      LimitNOFILE: '65535',
      TimeoutStopSec: '65',
    },
    Install: { WantedBy: 'multi-user.target' },
  };
}
