// Cinder, Swift and the servers that Glance leans on. Where images and volumes are decides more than who serves them:
// one NFS server is one thing that fails, a volume on one disk is gone with it, Ceph keeps three copies.
// Manuals: https://docs.openstack.org/glance/2025.1/, https://docs.openstack.org/cinder/2025.1/, https://docs.ceph.com
import { atLeast } from '../../model/failure.ts';
import type { FailureRule, PlacedRule } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { api, interruption, placed, serverOf, textOption } from './context.ts';
import type { RuleContext } from './context.ts';

/** The server that Glance's component does not deploy: NFS or GlusterFS. */
export function imageServer(ctx: RuleContext): readonly PlacedRule[] {
  const store = textOption(ctx, 'store');
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

/** What keeps the volumes; Cinder's daemons state their own rules, Ceph's components theirs. */
export function cinder(ctx: RuleContext): readonly PlacedRule[] {
  const { services } = ctx.cluster;
  return volumeStore(ctx, textOption(ctx, 'store') ?? ('ceph' in services ? 'ceph' : 'lvm'));
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
