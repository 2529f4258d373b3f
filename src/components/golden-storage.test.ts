// The rendered files of a controller and of a storage host of a cluster with Ceph, etcd and Cinder, reviewed as files.
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { storageCluster } from '../../test/support/storage-cluster.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import type { FileDesired } from '../resources/file.ts';
import { COMPONENTS } from './registry.gen.ts';

const OURS = ['etcd', 'ceph-client', 'ceph-mon', 'ceph-osd', 'cinder'];
const cluster = storageCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));

const files = ['ctl1', 'sto1'].flatMap((host) =>
  state.components
    .filter(({ id }) => OURS.includes(id))
    .flatMap((component) =>
      component.steps.flatMap((step) => (step.on === 'each' ? (step.resources.get(host) ?? []) : [])),
    )
    .filter(({ kind }) => kind === 'file')
    .map(({ desired }) => ({ host, desired: desired as FileDesired })),
);

describe('rendered files of storage', () => {
  it.each(
    files.flatMap(({ host, desired }) =>
      desired.type === 'file' && !desired.secret ? [{ host, path: desired.path, content: desired.content }] : [],
    ),
  )('$host $path', async ({ host, path, content }) => {
    await expect(content).toMatchFileSnapshot(`./__golden__/storage/${host}${path}`);
  });

  it('lets nobody but the service read a key', () => {
    const keys = files.flatMap(({ host, desired }) =>
      desired.type === 'file' && desired.secret
        ? [`${host} ${desired.path} ${desired.mode} ${desired.owner}:${desired.group}`]
        : [],
    );
    expect(keys).toEqual([
      'ctl1 /etc/ceph/ceph.client.cinder.keyring 0640 root:cinder',
      'ctl1 /etc/ceph/ceph.client.cinder-backup.keyring 0640 root:cinder',
      'sto1 /etc/ceph/ceph.client.admin.keyring 0600 root:root',
      'sto1 /var/lib/ceph/bootstrap-osd/ceph.keyring 0600 root:root',
    ]);
  });

  it('keeps secrets out of files that everybody may read and binds nothing to every address', () => {
    const bad = files.filter(
      ({ desired }) =>
        desired.type === 'file' &&
        ((/[4-7]$/.test(desired.mode) && desired.content.includes('secret:')) ||
          /0\.0\.0\.0|:::/.test(desired.content)),
    );
    expect(bad.map(({ desired }) => desired.path)).toEqual([]);
  });

  it('has every resource once per host, in an order in which what is used is there', () => {
    const order = state.components.map(({ id }) => id);
    const wanted = ['ceph-client', 'ceph-mon', 'ceph-osd', 'ceph'];
    expect(order.filter((id) => wanted.includes(id))).toEqual(wanted);
    for (const host of ['ctl1', 'sto1']) {
      const ids = state.components.flatMap(({ steps }) =>
        steps.flatMap((step) => (step.on === 'each' ? (step.resources.get(host) ?? []).map(({ id }) => id) : [])),
      );
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });
});
