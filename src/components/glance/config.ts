// glance-api.conf: one store, RBD in the cluster's Ceph or files (of an NFS server, or of the only Glance host), and
// where uploads wait.
// Manual: https://docs.openstack.org/glance/2025.1/configuration/
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { HostContext } from '../../model/component.ts';
import { workersOf } from '../oslo/accounts.ts';
import { databaseSection } from '../oslo/database.ts';
import { authtokenSection } from '../oslo/identity.ts';
import { MIDDLEWARE, POLICY, cacheSection, concurrencySection } from '../oslo/sections.ts';

export const NAME = 'glance';
export const PORT = 9292;
export const DATA = '/var/lib/glance';

/** Where images are: as the spec says, else in Ceph when there is one, else in files on the host. */
export function storeOf(cluster: Cluster): string {
  const wanted = cluster.services[NAME]?.['store'];
  if (typeof wanted === 'string') return wanted;
  return 'ceph' in cluster.services ? 'ceph' : 'file';
}

export function glanceConf(ctx: HostContext): ConfigTree {
  const ceph = storeOf(ctx.cluster) === 'ceph';
  const address = ctx.address('internal');
  return {
    DEFAULT: {
      log_dir: '/var/log/glance',
      bind_host: address,
      bind_port: PORT,
      workers: workersOf(ctx.cluster, NAME),
      enabled_backends: ceph ? 'rbd:rbd' : 'file:file',
      // An image that was staged here is imported by this host, whichever one is asked to.
      worker_self_reference_url: `http://${address}:${PORT}`,
      // Nova and Cinder clone an image of the same Ceph instead of copying it; only where the answer is of use.
      show_image_direct_url: ceph,
    },
    glance_store: { default_backend: ceph ? 'rbd' : 'file' },
    ...(ceph ? { rbd: RBD } : { file: { filesystem_store_datadir: `${DATA}/images` } }),
    os_glance_staging_store: { filesystem_store_datadir: `${DATA}/staging` },
    os_glance_tasks_store: { filesystem_store_datadir: `${DATA}/tasks` },
    database: databaseSection(ctx, NAME),
    cache: cacheSection(ctx),
    keystone_authtoken: authtokenSection(ctx, NAME, 'image'),
    paste_deploy: { flavor: 'keystone' },
    oslo_concurrency: concurrencySection(NAME),
    oslo_middleware: MIDDLEWARE,
    oslo_policy: POLICY,
  };
}

const RBD: OptionTable = {
  rbd_store_pool: 'images',
  rbd_store_user: NAME,
  rbd_store_ceph_conf: '/etc/ceph/ceph.conf',
  // MiB per object; RBD clones want objects of this size.
  rbd_store_chunk_size: 8,
  // Runs of zeros take no room.
  rbd_thin_provisioning: true,
};
