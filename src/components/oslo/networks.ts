// Where the parts of the network service run, and by which of its two means: OVN, or agents with Open vSwitch.
import type { Cluster } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';

const MOST_DATABASES = 5;

export function withOvn(cluster: Cluster): boolean {
  return 'neutron' in cluster.services && cluster.services['neutron']?.['backend'] !== 'ovs';
}

/** Neutron's agents drive Open vSwitch: `services: { neutron: { backend: ovs } }`. */
export function withAgents(cluster: Cluster): boolean {
  return cluster.services['neutron']?.['backend'] === 'ovs';
}

/** Hosts that have routers and DHCP servers of networks, when agents make them. */
export function agentHosts(cluster: Cluster): readonly string[] {
  return hostsWithRole(cluster, 'network').map(({ name }) => name);
}

/** Hosts of the API: those the spec says, else those with the role network. */
export function networkServiceHosts(cluster: Cluster): readonly string[] {
  const listed = cluster.services['neutron']?.['hosts'];
  if (Array.isArray(listed)) return cluster.hosts.map(({ name }) => name).filter((name) => listed.includes(name));
  return hostsWithRole(cluster, 'network').map(({ name }) => name);
}

/** An odd number of them: one more would have to answer and would make no failure survivable. */
export function ovnDatabaseHosts(cluster: Cluster): readonly string[] {
  const hosts = networkServiceHosts(cluster);
  const odd = hosts.length > 2 && hosts.length % 2 === 0 ? hosts.length - 1 : hosts.length;
  return hosts.slice(0, Math.min(odd, MOST_DATABASES));
}

/** Floating addresses on the compute hosts. */
export function distributed(cluster: Cluster): boolean {
  return cluster.services['neutron']?.['dvr'] === true;
}
