// Where Cinder keeps volumes, which Nova, Ceph and the failure rules must know as well.
import type { Cluster } from '../../model/cluster.ts';

export type VolumeStore = 'ceph' | 'nfs' | 'lvm';

/** `services.cinder.store`; in Ceph when the cluster has one, else on volume groups of Cinder's hosts. */
export function volumeStore(cluster: Cluster): VolumeStore | undefined {
  const options = cluster.services['cinder'];
  if (options === undefined) return undefined;
  const wanted = options['store'];
  if (wanted === 'ceph' || wanted === 'nfs' || wanted === 'lvm') return wanted;
  return 'ceph' in cluster.services ? 'ceph' : 'lvm';
}

/** User of Ceph with which volumes are made and attached. */
export const VOLUME_USER = 'cinder';
export const VOLUME_KEY_SECRET = 'ceph/client.cinder';
/** Also the UUID of the libvirt secret that holds the key on compute hosts: Cinder tells Nova this one. */
export const CEPH_FSID_SECRET = 'ceph/fsid';
