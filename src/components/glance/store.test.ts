// Where images are by what the spec says, and what the Ceph user may do.
import { expect, it } from 'vitest';
import { cloudCluster, sampleCluster } from '../../../test/support/sample-cluster.ts';
import type { Cluster } from '../../model/cluster.ts';
import { checkSpec } from '../../spec/check.ts';
import { GOOD } from '../../../test/support/spec-rules.ts';
import glance from './component.ts';
import { storeOf } from './config.ts';

const withServices = (services: Cluster['services']): Cluster =>
  cloudCluster({ services: { ...sampleCluster().services, ...services } });

it.each([
  [{ glance: {} }, 'file'],
  [{ glance: {}, ceph: {} }, 'ceph'],
  [{ glance: { store: 'file' }, ceph: {} }, 'file'],
  [{ glance: { store: 'ceph' } }, 'ceph'],
] as const)('%j keeps images in %s', (services, store) => {
  const cluster = withServices(services);
  expect(storeOf(cluster)).toBe(store);
  const users = typeof glance.cephUsers === 'function' ? glance.cephUsers(cluster) : [];
  expect(users.map(({ pools }) => pools)).toEqual(store === 'ceph' ? [[{ pool: 'images', access: 'write' }]] : []);
});

it('files are fine on one host', () => {
  const text = GOOD.replace('  keystone: {', '  glance: { hosts: [ctl1] }\n  keystone: {');
  expect(checkSpec(text, 'one.yaml').findings.filter(({ rule }) => rule === 'spec.image-store')).toEqual([]);
});
