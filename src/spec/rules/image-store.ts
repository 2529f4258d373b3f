// Every Glance host must reach every image. Files on several hosts do not do that: an image is on the host that it was
// uploaded through, and two of three requests do not find it.
import type { Cluster } from '../../model/cluster.ts';
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { membersOf, specRule } from './rule.ts';

/** Stores that this version deploys. */
const STORES = ['file', 'ceph', 'nfs'];

export default specRule({
  id: 'spec.image-store',
  severity: 'critical',
  impact: 'Images are not found by most requests, and booting an instance from them fails at random.',
  source: 'Glance administration guide, "Multi store support", filesystem_store_datadir',
  reads: ['hosts', 'services', 'preset'],
  check: ({ spec, cluster, preset }) => {
    const hosts = membersOf(cluster, 'glance') ?? [];
    if (hosts.length === 0 || !preset.deployable) return [];
    const asked = own(spec.services, 'glance');
    const at = typeof asked === 'object' ? { path: ['services', 'glance'], on: 'key' as const } : { path: ['preset'] };
    return storeFaults(cluster, hosts).map((fault) => ({ ...at, ...fault }));
  },
});

function storeFaults(cluster: Cluster, hosts: readonly string[]): readonly Pick<Hit, 'message' | 'remediation'>[] {
  const wanted = own(own(cluster.services, 'glance'), 'store');
  const ceph = 'ceph' in cluster.services;
  const store = typeof wanted === 'string' ? wanted : ceph ? 'ceph' : 'file';
  if (!STORES.includes(store)) {
    return [
      {
        message: `This version does not set up the store ${store} for images yet.`,
        remediation:
          'Write services: { glance: { store: ceph } } with Ceph in the cluster, nfs with a server, or file with one host.',
      },
    ];
  }
  if (store === 'ceph' && !ceph) {
    return [
      {
        message: 'Images are to be in Ceph, but the cluster has no Ceph that is deployed.',
        remediation: 'Add services: { ceph: true } with hosts of the role storage, or keep files on one host.',
      },
    ];
  }
  if (store === 'nfs' && own(own(cluster.services, 'glance'), 'server') === undefined) {
    return [
      {
        message: 'Images are to be on NFS, but no server is named.',
        remediation: 'Write it: glance: { store: nfs, server: "10.10.10.50:/glance" }.',
      },
    ];
  }
  if (store === 'file' && hosts.length > 1) {
    return [
      {
        message: `Glance on ${hosts.join(', ')} would keep images in files of its own host: the others do not have them.`,
        remediation: `Use Ceph (store: ceph), an NFS server (store: nfs), or one host: services: { glance: { store: file, hosts: [${hosts[0] ?? ''}] } }.`,
      },
    ];
  }
  return [];
}
