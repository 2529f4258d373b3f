// A resolved cluster of three controllers, as tests of components and phases want it.
import type { Cluster, Host } from '../../src/model/cluster.ts';

function controller(index: number, rack: string): Host {
  return {
    name: `ctl${index}`,
    roles: ['control', 'network'],
    domains: { rack },
    addresses: { management: `10.10.1.1${index}`, data: `10.10.10.1${index}` },
    interfaces: { management: 'eno1', data: 'bond0', external: 'eno3' },
    sshAddress: `10.10.1.1${index}`,
  };
}

export function sampleCluster(changes: Partial<Cluster> = {}): Cluster {
  return {
    name: 'campus',
    release: 'epoxy',
    networks: [
      { name: 'management', cidr: '10.10.1.0/24', zone: 'underlay', speed: 1000, mtu: 1500, interface: 'eno1' },
      { name: 'data', cidr: '10.10.10.0/24', zone: 'underlay', speed: 10_000, mtu: 1500, interface: 'bond0' },
      { name: 'external', cidr: '203.0.113.0/24', zone: 'edge', speed: 1000, mtu: 1500, interface: 'eno3' },
    ],
    uses: {
      management: 'management',
      internal: 'data',
      public: 'management',
      tunnel: 'data',
      storage: 'data',
      replication: 'data',
      provider: 'external',
    },
    vips: [
      { name: 'public', network: 'management', address: '10.10.1.10', dnsName: 'cloud.example.org', routerId: 51 },
      { name: 'internal', network: 'data', address: '10.10.10.10', routerId: 52 },
    ],
    hosts: [controller(1, 'r1'), controller(2, 'r2'), controller(3, 'r3')],
    availability: { engine: 'keepalived', tiers: [], capabilities: {}, assumptions: {} },
    services: { galera: {}, rabbitmq: {}, memcached: {}, haproxy: {}, keepalived: {}, keystone: {} },
    overrides: { all: {}, hosts: {} },
    ssh: { user: 'root', port: 22, sudo: false },
    apt: {},
    tls: { backends: false },
    firewall: 'managed',
    operators: [],
    dns: [],
    ntp: [],
    recipients: [],
    twinProfile: [],
    ...changes,
  };
}

/** The same with a compute host and the services for instances. */
export function cloudCluster(changes: Partial<Cluster> = {}): Cluster {
  const sample = sampleCluster();
  return {
    ...sample,
    hosts: [...sample.hosts, compute(1, 'r1')],
    services: {
      ...sample.services,
      etcd: {},
      ceph: { hosts: ['ctl1', 'ctl2', 'ctl3'], devices: ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4'] },
      placement: {},
      glance: { store: 'ceph' },
      nova: {},
      neutron: { backend: 'ovn' },
      cinder: { store: 'ceph' },
      horizon: {},
      heat: {},
    },
    ...changes,
  };
}

function compute(index: number, rack: string): Host {
  return {
    name: `cmp${index}`,
    roles: ['compute'],
    domains: { rack },
    addresses: { management: `10.10.1.2${index}`, data: `10.10.10.2${index}` },
    interfaces: { management: 'eno1', data: 'bond0', external: 'eno3' },
    sshAddress: `10.10.1.2${index}`,
  };
}
