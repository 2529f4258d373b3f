// What instances' networks need on twins: containers have no openvswitch module, so Open vSwitch forwards in a process,
// and then tunnels need a network of their own. All of it could stand in a spec. Nothing changes without Neutron.
import type { Cluster, Network, TwinDifference } from '../model/cluster.ts';
import { hostsWithRole } from '../model/cluster.ts';
import { nthAddress, overlaps } from './addresses.ts';

const NAME = 'tunnel';
const INTERFACE = 'tun0';
const CANDIDATES = ['192.168.250.0/24', '172.31.250.0/24', '10.250.250.0/24'];
const KERNEL = "the machine's kernel gives containers no openvswitch module, so Open vSwitch forwards in a process";
const BRIDGE =
  'tunnels of Open vSwitch in a process need their address on one of its bridges, so a network of their own';

export function layTunnels(cluster: Cluster): {
  readonly cluster: Cluster;
  readonly differences: readonly TwinDifference[];
} {
  const neutron = cluster.services['neutron'];
  if (neutron === undefined || neutron['datapath'] === 'netdev') return { cluster, differences: [] };
  const services = { ...cluster.services, neutron: { ...neutron, datapath: 'netdev' } };
  const datapath = {
    option: 'services.neutron.datapath',
    real: typeof neutron['datapath'] === 'string' ? neutron['datapath'] : "hastack's default",
    twin: 'netdev',
    reason: KERNEL,
  };
  const moved = ownNetwork({ ...cluster, services });
  return { cluster: moved.cluster, differences: [datapath, ...moved.differences] };
}

function ownNetwork(cluster: Cluster): ReturnType<typeof layTunnels> {
  const shared = Object.entries(cluster.uses).some(([use, name]) => use !== NAME && name === cluster.uses.tunnel);
  const cidr = CANDIDATES.find((each) => !cluster.networks.some((network) => overlaps(network.cidr, each)));
  if (!shared || cidr === undefined || cluster.networks.some(({ name }) => name === NAME)) {
    return { cluster, differences: [] };
  }
  const before = cluster.networks.find(({ name }) => name === cluster.uses.tunnel);
  const network: Network = {
    name: NAME,
    cidr,
    zone: 'underlay',
    speed: before?.speed ?? 1000,
    mtu: before?.mtu ?? 1500,
    interface: INTERFACE,
  };
  const joined = new Set(hostsWithRole(cluster, 'network', 'compute'));
  const hosts = cluster.hosts.map((host, index) => {
    const address = nthAddress(cidr, index + 1);
    if (!joined.has(host) || address === undefined) return host;
    return {
      ...host,
      addresses: { ...host.addresses, [NAME]: address },
      interfaces: { ...host.interfaces, [NAME]: INTERFACE },
    };
  });
  return {
    cluster: { ...cluster, hosts, networks: [...cluster.networks, network], uses: { ...cluster.uses, tunnel: NAME } },
    differences: [
      { option: `networks.${NAME}`, real: 'not set', twin: `${cidr} on ${INTERFACE}`, reason: BRIDGE },
      { option: 'uses.tunnel', real: cluster.uses.tunnel ?? 'not set', twin: NAME, reason: BRIDGE },
    ],
  };
}
