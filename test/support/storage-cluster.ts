// Three controllers and three storage hosts with Ceph, as tests of the storage components want it.
import type { Cluster, Host } from '../../src/model/cluster.ts';
import { sampleCluster } from './sample-cluster.ts';

const STORAGE = ['sto1', 'sto2', 'sto3'];
const CONTROL = ['ctl1', 'ctl2', 'ctl3'];

function storageHost(index: number): Host {
  return {
    name: `sto${index}`,
    roles: ['storage'],
    domains: { rack: `r${index}` },
    addresses: { management: `10.10.1.4${index}`, data: `10.10.10.4${index}` },
    interfaces: { management: 'eno1', data: 'bond0' },
    sshAddress: `10.10.1.4${index}`,
  };
}

export function storageCluster(services: Cluster['services'] = {}): Cluster {
  const base = sampleCluster();
  return {
    ...base,
    hosts: [...base.hosts, storageHost(1), storageHost(2), storageHost(3)],
    services: {
      ...base.services,
      etcd: { hosts: CONTROL },
      ceph: { hosts: STORAGE, devices: ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4', '/srv/ceph/osd.img'] },
      cinder: { hosts: CONTROL, store: 'ceph' },
      ...services,
    },
  };
}
