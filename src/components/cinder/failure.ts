// How Cinder fails: an API behind the balancers and workers that live off queues. What the loss of the store costs is
// stated where the store is (Ceph's components, simulate/rules for NFS and LVM).
import type { ClusterContext } from '../../model/component.ts';
import type { ComponentRule } from '../../model/failure.ts';
import { apiRule, vipOf, workerRule } from '../oslo/failure.ts';
import { volumeStore } from '../oslo/volume-store.ts';

const TO_MAKE_A_VOLUME = [
  'keystone',
  'database',
  'messaging',
  'memcached',
  'cinder-scheduler',
  'cinder-volume',
  'volume-store',
];

export function cinderFailure({ cluster }: ClusterContext): readonly ComponentRule[] {
  const inCeph = volumeStore(cluster) === 'ceph';
  return [
    apiRule(
      { cluster },
      { id: 'cinder-api', title: 'Cinder API' },
      {
        vip: vipOf(cluster, 'cinder'),
        requires: [...TO_MAKE_A_VOLUME, ...(inCeph ? ['ceph-osd', 'ceph-mon'] : [])],
        capabilities: ['volumes'],
      },
    ),
    workerRule({ cluster }, { id: 'cinder-scheduler', title: 'Cinder scheduler', conf: 'cinder.conf' }),
    // Locks of a dead service are in etcd until their lease ends: only the volumes it was working on wait for that.
    workerRule(
      { cluster },
      { id: 'cinder-volume', title: 'Cinder volume service', conf: 'cinder.conf' },
      inCeph ? { requires: ['etcd'] } : {},
    ),
    workerRule({ cluster }, { id: 'cinder-backup', title: 'Cinder backup service', conf: 'cinder.conf' }),
  ];
}
