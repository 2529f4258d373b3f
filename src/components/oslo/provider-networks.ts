// The networks towards the world: every `zone: edge` network of the spec is a physical network of Neutron by its name,
// on a bridge of its own on the hosts that have an interface there. The first one is on br-ex.
import type { Cluster, Host, Network } from '../../model/cluster.ts';

export interface ProviderNetwork {
  /** Name of the network in the spec and of the physical network in Neutron. */
  readonly name: string;
  readonly bridge: string;
  readonly network: Network;
}

const LONGEST_INTERFACE_NAME = 15;

export function providerNetworks(cluster: Cluster): readonly ProviderNetwork[] {
  const edge = cluster.networks.filter((network) => network.zone === 'edge');
  const main = edge.find((network) => network.name === cluster.uses.provider) ?? edge[0];
  return edge.map((network, index) => ({
    name: network.name,
    network,
    bridge: network === main ? 'br-ex' : bridgeName(network.name, index),
  }));
}

export interface ProviderBridge extends ProviderNetwork {
  readonly interface: string;
}

export function providerBridges(cluster: Cluster, host: Host): readonly ProviderBridge[] {
  return providerNetworks(cluster).flatMap((each) => {
    const name = host.interfaces[each.name];
    return name === undefined ? [] : [{ ...each, interface: name }];
  });
}

/** `external:br-ex,campus:br-campus` */
export function bridgeMappings(bridges: readonly ProviderBridge[]): string {
  return bridges.map(({ name, bridge }) => `${name}:${bridge}`).join(',');
}

/** A long name, or one with signs that interfaces do not have, gives way to its number. */
function bridgeName(network: string, index: number): string {
  const name = `br-${network}`;
  return /^[a-z0-9-]+$/.test(name) && name.length <= LONGEST_INTERFACE_NAME ? name : `br-ex${index}`;
}
