// The cluster as the map draws it: hosts with what runs on them, networks by zone, VIPs with their holders. Pure.
import type { Topology } from '../model/simulation.ts';
import type { FailureModel } from './model.ts';

export function topologyOf({ cluster, nodes, externals }: FailureModel): Topology {
  return {
    hosts: cluster.hosts.map((host, index) => ({
      name: host.name,
      roles: host.roles,
      domains: host.domains,
      networks: cluster.networks.map((network) => network.name).filter((name) => host.interfaces[name] !== undefined),
      services: nodes
        .filter((node) => node.process === node.index && node.rule.passive !== true && node.members.includes(index))
        .map((node) => node.id),
    })),
    networks: cluster.networks.map(({ name, cidr, zone, speed }) => ({
      name,
      cidr,
      zone,
      speed,
      uses: Object.entries(cluster.uses).flatMap(([use, network]) => (network === name ? [use] : [])),
    })),
    vips: cluster.vips.map(({ name, address, network }) => ({
      name,
      address,
      network,
      holders: (nodes.find((node) => node.id === `vip/${name}`)?.members ?? []).flatMap(
        (host) => cluster.hosts[host]?.name ?? [],
      ),
    })),
    externals,
  };
}
