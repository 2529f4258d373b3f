// What Cinder's volumes lean on: the store that the spec names, and locks over all hosts when all hosts share it.
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { membersOf, specRule } from './rule.ts';

export default specRule({
  id: 'spec.volume-store',
  severity: 'critical',
  impact: 'No volume can be made.',
  source: 'https://docs.openstack.org/cinder/2025.1/contributor/high_availability.html',
  reads: ['hosts', 'services', 'preset'],
  check: ({ spec, cluster, preset }) => {
    const cinder = own(cluster.services, 'cinder');
    if (cinder === undefined || !preset.deployable) return [];
    // Where the spec names it, else where its store is named, else the preset.
    const named = ['cinder', 'ceph'].find((name) => own(spec.services, name as 'cinder') !== undefined);
    const path = named === undefined ? ['preset'] : ['services', named];
    const hasCeph = own(cluster.services, 'ceph') !== undefined;
    const store = cinder['store'] ?? (hasCeph ? 'ceph' : 'lvm');
    const hosts = membersOf(cluster, 'cinder') ?? [];
    return [
      ...(store === 'ceph' && !hasCeph ? [withoutCeph] : []),
      ...(store === 'ceph' && hosts.length > 1 && own(cluster.services, 'etcd') === undefined ? [withoutLocks] : []),
      ...(store === 'nfs' && cinder['server'] === undefined ? [withoutServer] : []),
    ].map((hit) => ({ ...hit, path, ...(named === undefined ? {} : { on: 'key' as const }) }));
  },
});

type Problem = Omit<Hit, 'path' | 'on'>;

const withoutCeph: Problem = {
  message: 'Cinder is to keep volumes in Ceph, but the cluster has none.',
  remediation: 'Name it with the disks it may take: services: { ceph: { devices: [...] } }.',
};

const withoutLocks: Problem = {
  message: 'Several volume services share Ceph, and nothing coordinates them.',
  impact: 'Two of them may work on one volume at a time: races that lose data.',
  remediation: 'Add etcd: services: { etcd: true }.',
};

const withoutServer: Problem = {
  message: 'Cinder is to keep volumes on NFS, but no server is named.',
  remediation: 'Write it: cinder: { store: nfs, server: "10.10.10.50:/cinder" }.',
};
