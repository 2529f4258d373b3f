// What stands in Open vSwitch of a gateway and of a compute host, in the kernel and in a process.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { cloudCluster } from '../../../test/support/sample-cluster.ts';
import type { Cluster } from '../../model/cluster.ts';
import { clusterComponents, desiredState } from '../../phases/desired.ts';
import type { FileDesired } from '../../resources/file.ts';
import type { OvsDesired } from '../../resources/ovs.ts';
import { layTunnels } from '../../spec/twin-tunnels.ts';
import { COMPONENTS } from '../registry.gen.ts';

function resources(cluster: Cluster, host: string) {
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
  const own = state.components.find(({ id }) => id === 'ovn-host');
  return own?.steps.flatMap((step) => (step.on === 'each' ? (step.resources.get(host) ?? []) : [])) ?? [];
}

const desired = (cluster: Cluster, host: string, id: string) =>
  resources(cluster, host).find((each) => each.id === id)?.desired as OvsDesired | undefined;

describe('a chassis', () => {
  it('is a gateway on network hosts only', () => {
    const options = ['ctl1', 'cmp1'].map((host) => {
      const found = desired(cloudCluster(), host, 'ovs:switch');
      return found?.type === 'settings' ? found.values['external_ids:ovn-cms-options'] : undefined;
    });
    expect(options).toEqual(['enable-chassis-as-gw', null]);
  });

  it('knows every database, its tunnel address and its bridges', () => {
    expect(desired(cloudCluster(), 'ctl2', 'ovs:switch')).toMatchObject({
      values: {
        'external_ids:system-id': 'ctl2',
        'external_ids:ovn-remote': 'ssl:10.10.10.11:6642,ssl:10.10.10.12:6642,ssl:10.10.10.13:6642',
        'external_ids:ovn-encap-ip': '10.10.10.12',
        'external_ids:ovn-bridge-mappings': 'external:br-ex',
        'other_config:userspace-tso-enable': null,
      },
    });
    expect(desired(cloudCluster(), 'ctl2', 'ovs:br-ex')).toMatchObject({ datapath: 'system', ports: ['eno3'] });
  });

  it('has its tunnel address on a bridge when packets are forwarded in a process', () => {
    const { cluster } = layTunnels(cloudCluster());
    expect(desired(cluster, 'ctl1', 'ovs:br-tunnel')).toMatchObject({ datapath: 'netdev', ports: ['tun0'] });
    expect(desired(cluster, 'ctl1', 'ovs:switch')).toMatchObject({
      values: { 'external_ids:ovn-encap-ip': '192.168.250.1', 'other_config:userspace-tso-enable': 'true' },
    });
    const script = resources(cluster, 'ctl1').find(({ id }) => id.endsWith('/ovs-links'))?.desired as FileDesired;
    const text = script.type === 'file' ? script.content : '';
    execFileSync('sh', ['-n'], { input: text });
    expect(text).toContain('move tun0 br-tunnel 192.168.250.1/24');
  });

  it('refuses that where tunnels share a network', () => {
    const base = cloudCluster();
    const services = { ...base.services, neutron: { backend: 'ovn', datapath: 'netdev' } };
    expect(() => resources({ ...base, services }, 'ctl1')).toThrow('carries more than tunnels');
  });
});
