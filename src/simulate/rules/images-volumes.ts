// Glance, Cinder and Swift. Where images and volumes are decides more than who serves them: a file on one host is
// there for nobody when that host is gone, one NFS server is one thing that fails, Ceph keeps three copies.
// Manuals: https://docs.openstack.org/glance/2025.1/, https://docs.openstack.org/cinder/2025.1/, https://docs.ceph.com
import { atLeast } from '../../model/failure.ts';
import type { FailureRule, PlacedRule } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { api, interruption, placed, serverOf, textOption, worker } from './context.ts';
import type { RuleContext } from './context.ts';

export function glance(ctx: RuleContext): readonly PlacedRule[] {
  const store = textOption(ctx, 'store') ?? 'file';
  return [
    api(
      ctx,
      { id: 'glance', title: 'Glance' },
      {
        requires: ['keystone', 'database', 'memcached', 'image-store', ...storeNodes(store)],
        capabilities: ['images'],
      },
    ),
    ...imageStore(ctx, store),
  ];
}

function storeNodes(store: string): readonly string[] {
  if (store === 'ceph') return ['ceph-osd', 'ceph-mon'];
  return store === 'swift' || store === 'cinder' ? [store] : [];
}

function imageStore(ctx: RuleContext, store: string): readonly PlacedRule[] {
  if (store === 'file') {
    return [
      placed(
        ctx,
        { id: 'image-store', title: 'image files on the controllers' },
        {
          needs: atLeast(1),
          // One host has one file system and everything is on it; of several, each holds what was uploaded through it.
          serves: 'own',
          passive: true,
          uses: ['internal'],
          interruption: {},
          survives: ['process-killed', 'process-frozen'],
          part: 'the images that were uploaded through the failed hosts',
          improve: 'keep images where every controller reaches them: services: { glance: { store: ceph } }',
        },
      ),
    ];
  }
  if (store !== 'nfs' && store !== 'glusterfs') return [];
  return [shared(ctx, { id: 'image-store', title: `${store} server for images` }, store)];
}

function shared(ctx: RuleContext, named: { readonly id: string; readonly title: string }, store: string): PlacedRule {
  const { host, external } = serverOf(ctx);
  const rule: FailureRule = {
    needs: atLeast(host === undefined ? 0 : 1),
    passive: true,
    uses: ['storage'],
    interruption: {},
    ...(external === undefined ? {} : { externals: [external] }),
    improve: `one ${store} server is one thing that fails: use ceph, or make the server a pair of its own`,
  };
  return { ...placed(ctx, named, rule), hosts: host === undefined ? [] : [host] };
}

export function cinder(ctx: RuleContext): readonly PlacedRule[] {
  const store = textOption(ctx, 'store') ?? 'lvm';
  return [
    api(
      ctx,
      { id: 'cinder-api', title: 'Cinder API' },
      {
        requires: [
          'keystone',
          'database',
          'messaging',
          'memcached',
          'cinder-scheduler',
          'cinder-volume',
          'volume-store',
          'ceph-osd',
          'ceph-mon',
        ].filter((id) => store === 'ceph' || !id.startsWith('ceph')),
        capabilities: ['volumes'],
      },
    ),
    worker(ctx, { id: 'cinder-scheduler', title: 'Cinder scheduler' }, {}),
    worker(ctx, { id: 'cinder-volume', title: 'Cinder volume service' }, {}),
    ...volumeStore(ctx, store),
  ];
}

function volumeStore(ctx: RuleContext, store: string): readonly PlacedRule[] {
  const named = { id: 'volume-store', title: store === 'nfs' ? 'nfs server for volumes' : 'volumes on local disks' };
  if (store === 'ceph') return [];
  if (store === 'nfs') return [{ ...shared(ctx, named, store), capabilities: ['disk-io'] }];
  return [
    placed(ctx, named, {
      needs: atLeast(1),
      serves: 'own',
      passive: true,
      dataDisk: true,
      uses: ['storage'],
      interruption: {},
      survives: ['process-killed', 'process-frozen'],
      capabilities: ['disk-io'],
      part: 'the volumes on the failed hosts',
      improve: 'a volume on one disk of one host is gone with either: services: { cinder: { store: ceph } }',
    }),
  ];
}

export function swift(ctx: RuleContext): readonly PlacedRule[] {
  return [
    api(
      ctx,
      { id: 'swift', title: 'Swift proxy' },
      { requires: ['keystone', 'memcached', 'swift-object'], capabilities: ['object-storage'] },
    ),
    placed(
      ctx,
      { id: 'swift-object', title: 'Swift object servers' },
      {
        // Three copies, two acknowledge a write; proxies go on to the next server after conn_timeout.
        needs: atLeast(Math.max(1, ctx.hosts.length - 1)),
        uses: ['storage'],
        dataDisk: true,
        interruption: {
          'process-frozen': interruption({
            name: 'the proxy gives the server up',
            seconds: seconds(0.5, 1, 10),
            source: 'proxy-server.conf conn_timeout, node_timeout',
          }),
          'host-power': interruption({
            name: 'the proxy gives the server up',
            seconds: seconds(0.5, 0.5, 1),
            source: 'proxy-server.conf conn_timeout',
          }),
        },
      },
    ),
  ];
}
