import { describe, expect, it } from 'vitest';
import { cloudCluster, sampleCluster } from '../../test/support/sample-cluster.ts';
import { layTunnels } from './twin-tunnels.ts';

describe('networks of instances on twins', () => {
  it('give tunnels a network of their own', () => {
    const { cluster, differences } = layTunnels(cloudCluster());
    expect(cluster.uses.tunnel).toBe('tunnel');
    expect(cluster.services['neutron']).toMatchObject({ backend: 'ovn', datapath: 'netdev' });
    expect(cluster.hosts.map(({ addresses, interfaces }) => [addresses['tunnel'], interfaces['tunnel']])).toEqual([
      ['192.168.250.1', 'tun0'],
      ['192.168.250.2', 'tun0'],
      ['192.168.250.3', 'tun0'],
      ['192.168.250.4', 'tun0'],
    ]);
    expect(differences.map(({ option, twin }) => [option, twin])).toEqual([
      ['services.neutron.datapath', 'netdev'],
      ['networks.tunnel', '192.168.250.0/24 on tun0'],
      ['uses.tunnel', 'tunnel'],
    ]);
  });

  it('stay as they are when the spec has them already, or no Neutron', () => {
    const { cluster } = layTunnels(cloudCluster());
    expect(layTunnels(cluster)).toEqual({ cluster, differences: [] });
    expect(layTunnels(sampleCluster()).differences).toEqual([]);
  });
});
