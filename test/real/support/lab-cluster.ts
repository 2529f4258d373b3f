// A small resolved cluster for tests of the lab: three hosts, two networks, BMCs outside of both.
// `third` keeps the addresses of clusters that run side by side apart, though they need not be.
import type { Cluster, Host } from '../../../src/model/cluster.ts';

export function labCluster(name: string, third: number, hosts: readonly string[] = ['ctl1', 'ctl2', 'ctl3']): Cluster {
  return {
    name,
    release: 'epoxy',
    networks: [
      { name: 'management', cidr: `10.${third}.0.0/24`, zone: 'underlay', speed: 1000, mtu: 1500, interface: 'eno1' },
      { name: 'data', cidr: `10.${third}.1.0/24`, zone: 'underlay', speed: 10_000, mtu: 9000, interface: 'bond0' },
    ],
    uses: { management: 'management', internal: 'data' },
    vips: [{ name: 'public', network: 'management', address: `10.${third}.0.10`, routerId: third }],
    hosts: hosts.map((host, index) => labHost(host, third, index + 11)),
    availability: { engine: 'keepalived', tiers: [], capabilities: {}, assumptions: {} },
    services: {},
    overrides: { all: {}, hosts: {} },
    ssh: { user: 'operator', port: 22, sudo: true },
    apt: {},
    tls: { backends: false },
    firewall: 'none',
    dns: [],
    ntp: [],
    recipients: [],
    operators: [],
    twinProfile: [],
  };
}

function labHost(name: string, third: number, octet: number): Host {
  return {
    name,
    roles: ['control'],
    domains: {},
    addresses: { management: `10.${third}.0.${octet}`, data: `10.${third}.1.${octet}` },
    interfaces: { management: 'eno1', data: 'bond0' },
    bmc: { kind: 'redfish', address: `10.${third}.9.${octet}`, port: 443, user: 'admin' },
    sshAddress: `10.${third}.0.${octet}`,
  };
}
