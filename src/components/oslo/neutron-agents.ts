// What Neutron's agents for Open vSwitch have in common: how many of them serve a router or a network, how often they
// say that they live, and units that leave routers and DHCP servers running when an agent restarts.
// Manual: https://docs.openstack.org/neutron/2025.1/admin/deploy-ovs-ha-vrrp.html, /admin/config-dhcp-ha.html
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { unit } from '../../resources/unit.ts';
import { workerUnit } from './worker-group.ts';

export const NEUTRON_CONF = '/etc/neutron/neutron.conf';
export const OVS_AGENT = 'neutron-openvswitch-agent';

/**
 * Seconds. Six reports may be lost before an agent counts as down: a broker that fails over must not make Neutron move
 * DHCP servers. Routers do not wait for it, VRRP moves them.
 */
export const AGENT_REPORT_SECONDS = 10;
export const AGENT_DOWN_SECONDS = 60;

/**
 * Routers on up to three hosts: one may be away for repair and another one fail. There is no minimum in this release
 * (`min_l3_agents_per_router` is gone), so a router can be made while hosts are away.
 */
export function routerAgents(hosts: number): number {
  return Math.min(3, Math.max(1, hosts));
}

/** Two DHCP servers for a network: one answer is enough, and each takes an address of the network. */
export function dhcpAgents(hosts: number): number {
  return Math.min(2, Math.max(1, hosts));
}

const AGENT_UNITS: Readonly<Record<string, readonly string[]>> = {
  'neutron-ovs-agent': [OVS_AGENT],
  'neutron-l3-agent': ['neutron-l3-agent', 'neutron-metadata-agent'],
  'neutron-dhcp-agent': ['neutron-dhcp-agent'],
};

/** Units of the agents on this host: what must take up a new neutron.conf. */
export function agentUnits(ctx: HostContext): readonly string[] {
  return Object.entries(AGENT_UNITS)
    .filter(([component]) => ctx.members(component).some(({ name }) => name === ctx.host.name))
    .flatMap(([, units]) => units.map((name) => `unit:${name}`));
}

/** `[agent]` of neutron.conf. */
export function agentSection(): OptionTable {
  return {
    root_helper: 'sudo neutron-rootwrap /etc/neutron/rootwrap.conf',
    root_helper_daemon: 'sudo neutron-rootwrap-daemon /etc/neutron/rootwrap.conf',
  };
}

export interface AgentOptions {
  readonly name: string;
  /** Its own configuration file. */
  readonly path: string;
  readonly tree: ConfigTree;
  readonly secrets?: readonly string[];
  /** Its children serve on without it: keepalived, dnsmasq, proxies for metadata. */
  readonly leavesChildren?: boolean;
  /** Units that are started before it at boot. */
  readonly after?: readonly string[];
}

/** Its configuration, its unit and that it runs. */
export function agentResources(ctx: HostContext, options: AgentOptions): readonly Resource[] {
  const { name, path, tree, secrets = [], after = [] } = options;
  const notifies = [`unit:${name}`];
  return [
    configFile(ctx, { path, format: 'ini', tree, mode: '0640', group: 'neutron', secrets, notifies }),
    configFile(ctx, {
      path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
      overrideAs: `${name}.service`,
      format: 'systemd',
      tree: agentUnit(options, after),
      notifies,
    }),
    unit(name, { startTimeout: 120 }),
  ];
}

/**
 * Started directly, with its own file last: Debian's start script gives the files in another order for each agent.
 * Routers and DHCP servers are children of their agent: a restart must not take them with it, and finds them again by
 * their pid files.
 */
function agentUnit({ name, path, leavesChildren = false }: AgentOptions, after: readonly string[]): ConfigTree {
  const { Unit = {}, Service = {} } = workerUnit();
  return {
    Unit: { ...Unit, ...(after.length === 0 ? {} : { After: after.map((each) => `${each}.service`).join(' ') }) },
    Service: {
      Environment: `OS_OSLO_MESSAGING_RABBIT__PROCESSNAME=${name}`,
      ExecStart: [
        '',
        `/usr/bin/${name} --config-file=${NEUTRON_CONF} --config-file=${path} --log-file=/var/log/neutron/${name}.log`,
      ],
      ...(leavesChildren ? { KillMode: 'process' } : {}),
      ...Service,
    },
  };
}
