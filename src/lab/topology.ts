// The wires of a lab, computed from the cluster. Pure.
// Networks that share an interface on some host are one segment: one bridge. Each segment has a vantage: an
// address of the operator on every network, the highest one that the spec leaves free.
// BMC addresses that lie in a network are put on its bridge, others on the loopback; twins reach those by a
// route through the vantage, as real hosts would through their gateway.
import ipaddr from 'ipaddr.js';
import type { Cluster, Host, Network } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { INTERFACE_NAME_MAX, bridgeName, linkName, pinnedMac } from './names.ts';

export interface Vantage {
  readonly network: string;
  readonly address: string;
  readonly prefix: number;
}

export interface Segment {
  readonly name: string;
  readonly bridge: string;
  readonly mac: string;
  readonly mtu: number;
  readonly networks: readonly string[];
  readonly vantages: readonly Vantage[];
  /** More addresses of the lab on this bridge, with prefix: gateways and BMCs. */
  readonly extra: readonly string[];
}

export interface Nic {
  readonly host: string;
  readonly interface: string;
  /** The lab's end of the cable. */
  readonly link: string;
  readonly bridge: string;
  readonly mtu: number;
  readonly networks: readonly string[];
  /** With prefix. */
  readonly addresses: readonly string[];
}

export interface Topology {
  readonly segments: readonly Segment[];
  readonly nics: readonly Nic[];
  /** BMC addresses that lie in no network. */
  readonly loopback: readonly string[];
}

export function topologyOf(cluster: Cluster): Topology {
  const groups = segmentsOf(cluster);
  const segments = groups.map((networks) => segment(cluster, networks));
  return {
    segments,
    nics: cluster.hosts.flatMap((host) => nicsOf(cluster, host, segments)),
    loopback: bmcAddresses(cluster).filter((address) => networkOf(cluster, address) === undefined),
  };
}

/** The operator's address on a network of the lab. */
export function vantageAddress(cluster: Cluster, networkName: string): string {
  const network = cluster.networks.find((each) => each.name === networkName);
  if (network === undefined) throw unknownNetwork(cluster, networkName);
  return highestFree(cluster, network).address;
}

export function nicOf(topology: Topology, host: string, network: string): Nic {
  const nic = topology.nics.find((each) => each.host === host && each.networks.includes(network));
  if (nic !== undefined) return nic;
  throw new HastackError({
    code: 'usage',
    message: `the host ${host} has no interface on a network named ${network}`,
    hint: `its networks: ${
      topology.nics
        .filter((each) => each.host === host)
        .flatMap((each) => each.networks)
        .join(', ') || 'none'
    }`,
    host,
  });
}

function segmentsOf(cluster: Cluster): readonly (readonly string[])[] {
  const owner = new Map(cluster.networks.map((network) => [network.name, network.name]));
  for (const host of cluster.hosts) {
    for (const [first, ...others] of networksByInterface(host).values()) {
      for (const other of others) {
        const [from, to] = [owner.get(other), owner.get(first ?? other)];
        for (const [name, current] of owner) if (current === from) owner.set(name, to ?? name);
      }
    }
  }
  return [...new Set(owner.values())].map((root) => [...owner].filter(([, of]) => of === root).map(([name]) => name));
}

function segment(cluster: Cluster, names: readonly string[]): Segment {
  const networks = cluster.networks.filter((network) => names.includes(network.name));
  const name = networks[0]?.name ?? '';
  return {
    name,
    bridge: bridgeName(name),
    mac: pinnedMac(name),
    mtu: Math.max(...networks.map((network) => network.mtu)),
    networks: names,
    vantages: networks.map((network) => highestFree(cluster, network)),
    extra: networks.flatMap((network) => extraAddresses(cluster, network)),
  };
}

function extraAddresses(cluster: Cluster, network: Network): readonly string[] {
  const [, prefix] = ipaddr.parseCIDR(network.cidr);
  const taken = usedAddresses(cluster);
  const gateway = network.gateway !== undefined && !taken.has(normal(network.gateway)) ? [network.gateway] : [];
  const bmcs = bmcAddresses(cluster).filter((address) => networkOf(cluster, address)?.name === network.name);
  return [...new Set([...gateway, ...bmcs])].map((address) => `${address}/${prefix}`);
}

function nicsOf(cluster: Cluster, host: Host, segments: readonly Segment[]): readonly Nic[] {
  return [...networksByInterface(host)].map(([name, networks]) => {
    checkInterfaceName(host, name);
    const on = segments.find((each) => networks.some((network) => each.networks.includes(network)));
    if (on === undefined) throw unknownNetwork(cluster, networks[0] ?? '');
    return {
      host: host.name,
      interface: name,
      link: linkName(host.name, name),
      bridge: on.bridge,
      mtu: on.mtu,
      networks,
      addresses: cluster.networks.flatMap((network) => hostAddress(host, network, networks)),
    };
  });
}

function networksByInterface(host: Host): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const [network, name] of Object.entries(host.interfaces)) map.set(name, [...(map.get(name) ?? []), network]);
  return map;
}

function hostAddress(host: Host, network: Network, networks: readonly string[]): readonly string[] {
  const address = host.addresses[network.name];
  if (address === undefined || !networks.includes(network.name)) return [];
  return [`${address}/${ipaddr.parseCIDR(network.cidr)[1]}`];
}

function checkInterfaceName(host: Host, name: string): void {
  if (name.length > 0 && name.length <= INTERFACE_NAME_MAX && !/[\s/:"]/.test(name) && name !== 'lo') return;
  throw new HastackError({
    code: 'spec-invalid',
    message: `${host.name}: ${name} is no interface name that Linux takes`,
    hint: `use 1 to ${INTERFACE_NAME_MAX} characters without blanks, slashes and colons`,
    host: host.name,
  });
}

function highestFree(cluster: Cluster, network: Network): Vantage {
  const [base, prefix] = ipaddr.parseCIDR(network.cidr);
  const bytes = base.toByteArray();
  const bits = BigInt(bytes.length * 8);
  const size = 1n << (bits - BigInt(prefix));
  const start = (toNumber(bytes) / size) * size;
  // The last address of an IPv4 network is the broadcast address.
  const last = start + size - (base.kind() === 'ipv4' && size > 2n ? 2n : 1n);
  const taken = takenAddresses(cluster);
  const limit = last - 4096n > start ? last - 4096n : start;
  for (let candidate = last; candidate > limit; candidate -= 1n) {
    const address = fromNumber(candidate, bytes.length);
    if (!taken.has(address) && !isFloating(network, candidate)) return { network: network.name, address, prefix };
  }
  throw new HastackError({
    code: 'spec-invalid',
    message: `network ${network.name} (${network.cidr}) has no free address for the operator`,
    hint: 'the lab needs one address per network that no host, VIP, gateway or floating range uses; widen the network or shorten the floating range',
  });
}

function isFloating(network: Network, candidate: bigint): boolean {
  if (network.floating === undefined) return false;
  const first = toNumber(ipaddr.parse(network.floating.first).toByteArray());
  const last = toNumber(ipaddr.parse(network.floating.last).toByteArray());
  return candidate >= first && candidate <= last;
}

/** Addresses that no lab address may shadow: gateways only count where the operator picks its own. */
function takenAddresses(cluster: Cluster): ReadonlySet<string> {
  return new Set([
    ...usedAddresses(cluster),
    ...cluster.networks.flatMap((network) => network.gateway ?? []).map(normal),
  ]);
}

function usedAddresses(cluster: Cluster): ReadonlySet<string> {
  const all = [
    ...cluster.hosts.flatMap((host) => [...Object.values(host.addresses), host.sshAddress]),
    ...cluster.vips.map((vip) => vip.address),
    ...bmcAddresses(cluster),
  ];
  return new Set(all.filter((address) => ipaddr.isValid(address)).map(normal));
}

function bmcAddresses(cluster: Cluster): readonly string[] {
  return [...new Set(cluster.hosts.flatMap((host) => host.bmc?.address ?? []))];
}

function networkOf(cluster: Cluster, address: string): Network | undefined {
  const parsed = ipaddr.parse(address);
  return cluster.networks.find((network) => {
    const range = ipaddr.parseCIDR(network.cidr);
    return parsed.kind() === range[0].kind() && parsed.match(range);
  });
}

function normal(address: string): string {
  return ipaddr.parse(address).toString();
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function fromNumber(value: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt((length - 1 - index) * 8)) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

function unknownNetwork(cluster: Cluster, name: string): HastackError {
  return new HastackError({
    code: 'usage',
    message: `there is no network named ${name}`,
    hint: `networks of ${cluster.name}: ${cluster.networks.map((network) => network.name).join(', ')}`,
  });
}
