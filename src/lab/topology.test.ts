import { describe, expect, it } from 'vitest';
import { labCluster } from '../../test/real/support/lab-cluster.ts';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { INTERFACE_NAME_MAX, bridgeName, labNames, linkName, pinnedMac } from './names.ts';
import { networkCommands } from './namespace.ts';
import { nicOf, topologyOf, vantageAddress } from './topology.ts';

const cluster = labCluster('unit', 71);

describe('names', () => {
  it('fit the kernel, stay readable where they can and differ where they are shortened', () => {
    expect(linkName('ctl1', 'bond0')).toBe('ctl1.bond0');
    const long = [
      linkName('controller-one', 'enp129s0f0'),
      linkName('controller-two', 'enp129s0f0'),
      bridgeName('a-network-of-long-name'),
    ];
    expect(new Set(long).size).toBe(3);
    for (const name of long) expect(name.length).toBeLessThanOrEqual(INTERFACE_NAME_MAX);
  });

  it('tell labs apart by cluster and by state directory', () => {
    const ids = [labNames('a', '/x'), labNames('b', '/x'), labNames('a', '/y')].map(({ netns }) => netns);
    expect(new Set(ids).size).toBe(3);
    expect(labNames('a', '/x')).toEqual(labNames('a', '/x'));
  });

  it('give a unicast, locally administered MAC address', () => {
    expect(pinnedMac('management')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  });
});

describe('topology', () => {
  it('gives every host a cable per interface, with its prefix and MTU', () => {
    const nics = topologyOf(cluster).nics.filter(({ host }) => host === 'ctl2');
    expect(nics).toEqual([
      {
        host: 'ctl2',
        interface: 'eno1',
        link: 'ctl2.eno1',
        bridge: 'br-management',
        mtu: 1500,
        networks: ['management'],
        addresses: ['10.71.0.12/24'],
      },
      {
        host: 'ctl2',
        interface: 'bond0',
        link: 'ctl2.bond0',
        bridge: 'br-data',
        mtu: 9000,
        networks: ['data'],
        addresses: ['10.71.1.12/24'],
      },
    ]);
  });

  it('joins networks that share an interface into one segment, on all hosts', () => {
    const shared = withHost(cluster, 'ctl1', { interfaces: { management: 'bond0', data: 'bond0' } });
    const { nics, segments } = topologyOf(shared);
    expect(segments).toHaveLength(1);
    expect(nics.filter(({ host }) => host === 'ctl1')).toMatchObject([
      { addresses: ['10.71.0.11/24', '10.71.1.11/24'] },
    ]);
    expect(new Set(nics.map(({ bridge }) => bridge)).size).toBe(1);
  });

  it('keeps an interface without address: a bridge to the provider network', () => {
    const edge = {
      name: 'external',
      cidr: '203.0.113.0/24',
      zone: 'edge',
      speed: 1000,
      mtu: 1500,
      gateway: '203.0.113.1',
    } as const;
    const provider = withHost({ ...cluster, networks: [...cluster.networks, edge] }, 'ctl1', {
      interfaces: { management: 'eno1', external: 'eno3' },
    });
    const { nics, segments } = topologyOf(provider);
    expect(nics.find((nic) => nic.interface === 'eno3')?.addresses).toEqual([]);
    // The lab answers for the gateway, which is nobody's in the spec.
    expect(segments.find(({ name }) => name === 'external')?.extra).toEqual(['203.0.113.1/24']);
  });

  it('takes the highest address that the spec leaves free for the operator', () => {
    expect(vantageAddress(cluster, 'management')).toBe('10.71.0.254');
    const used = withHost(cluster, 'ctl1', { addresses: { management: '10.71.0.254', data: '10.71.1.11' } });
    const vip = { ...used, vips: [{ name: 'public', network: 'management', address: '10.71.0.253', routerId: 1 }] };
    expect(vantageAddress(vip, 'management')).toBe('10.71.0.252');
    const floating = {
      ...cluster,
      networks: cluster.networks.map((network) => ({
        ...network,
        gateway: '10.71.0.254',
        floating: { first: '10.71.0.100', last: '10.71.0.253' },
      })),
    };
    expect(vantageAddress(floating, 'management')).toBe('10.71.0.99');
  });

  it('says so when a network is full', () => {
    const full = {
      ...cluster,
      networks: [
        {
          ...cluster.networks[0],
          name: 'management',
          cidr: '10.71.0.12/30',
          zone: 'underlay',
          speed: 1,
          mtu: 1500,
        } as const,
      ],
    };
    expect(() => vantageAddress(full, 'management')).not.toThrow();
    const taken = withHost(full, 'ctl1', { addresses: { management: '10.71.0.14' } });
    expect(() =>
      vantageAddress(withHost(taken, 'ctl2', { addresses: { management: '10.71.0.13' } }), 'management'),
    ).toThrow(/no free address/);
  });

  it('works with IPv6', () => {
    const six = {
      ...cluster,
      networks: [{ name: 'management', cidr: '2001:db8::/64', zone: 'underlay', speed: 1, mtu: 1500 } as const],
      hosts: [],
    };
    expect(vantageAddress(six, 'management')).toBe('2001:db8::ffff:ffff:ffff:ffff');
  });

  it('puts BMCs on the bridge of their network, or beside the networks', () => {
    expect(topologyOf(cluster).loopback).toEqual(['10.71.9.11', '10.71.9.12', '10.71.9.13']);
    const inside = withHost(cluster, 'ctl1', {
      bmc: { kind: 'redfish', address: '10.71.0.101', port: 443, user: 'admin' },
    });
    expect(topologyOf(inside).segments[0]?.extra).toEqual(['10.71.0.101/24']);
  });

  it('refuses interface names that Linux does not take, naming the host', () => {
    for (const name of ['', 'a-name-of-16-char', 'with space', 'a/b', 'lo']) {
      const wrong = withHost(cluster, 'ctl1', { interfaces: { management: name } });
      expect(() => topologyOf(wrong)).toThrow(HastackError);
    }
    expect(() => nicOf(topologyOf(cluster), 'ctl1', 'storage')).toThrow(/no interface on a network named storage/);
  });

  it('makes only the bridges that are not there, with their MAC pinned', () => {
    const { segments } = topologyOf(cluster);
    const fresh = networkCommands(topologyOf(cluster), new Set(['lo']));
    expect(fresh.filter((line) => line.startsWith('link add'))).toHaveLength(2);
    expect(fresh).toContain(`link set dev br-data address ${segments[1]?.mac ?? ''} mtu 9000 up`);
    const again = networkCommands(topologyOf(cluster), new Set(['lo', 'br-management', 'br-data']));
    expect(again.filter((line) => line.startsWith('link add'))).toEqual([]);
  });
});

function withHost(of: Cluster, name: string, change: Partial<Cluster['hosts'][number]>): Cluster {
  return { ...of, hosts: of.hosts.map((host) => (host.name === name ? { ...host, ...change } : host)) };
}
