// cinder.conf: the same on all hosts but for addresses and names.
// Manual: https://docs.openstack.org/cinder/2025.1/configuration/
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import { databaseSection } from '../oslo/database.ts';
import { authtokenSection, clientSection, serviceUserSection } from '../oslo/identity.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { CA_FILE, MIDDLEWARE, concurrencySection, internalVip } from '../oslo/sections.ts';
import { CEPH_FSID_SECRET, VOLUME_USER, volumeStore } from '../oslo/volume-store.ts';
import type { VolumeStore } from '../oslo/volume-store.ts';

const NAME = 'cinder';
export const BACKUP_USER = 'cinder-backup';
export const BACKUP_KEY_SECRET = 'ceph/client.cinder-backup';
export const SHARES_FILE = '/etc/cinder/nfs_shares';
/** Seconds that the lock of a dead service keeps others from its volume. */
const LOCK_SECONDS = 30;

/** Name of the backend, and of its section. */
const BACKENDS: Readonly<Record<VolumeStore, string>> = { ceph: 'rbd', nfs: 'nfs', lvm: 'lvm' };

export function cinderConf(ctx: HostContext): ConfigTree {
  const store = volumeStore(ctx.cluster) ?? 'lvm';
  const backend = BACKENDS[store];
  return {
    DEFAULT: {
      log_dir: '/var/log/cinder',
      state_path: '/var/lib/cinder',
      transport_url: transportUrl(ctx, NAME),
      rpc_response_timeout: RPC_TIMEOUT,
      my_ip: ctx.address('internal'),
      host: ctx.host.name,
      // One name for all volume services over Ceph: what one leaves another one takes up. Each keeps a host of its own.
      ...(store === 'ceph' ? { cluster: ctx.cluster.name } : {}),
      enabled_backends: backend,
      glance_catalog_info: 'image:glance:internalURL',
      glance_ca_certificates_file: CA_FILE,
      ...backups(store),
    },
    [backend]: { volume_backend_name: backend, ...backendSection(ctx, store) },
    database: databaseSection(ctx, NAME),
    keystone_authtoken: authtokenSection(ctx, NAME, 'volumev3'),
    // Since OSSA-2023-003 Nova and Glance want to see the service's own token too.
    service_user: serviceUserSection(ctx, NAME),
    nova: { ...clientSection(ctx, NAME), interface: 'internal' },
    ...coordination(ctx),
    oslo_messaging_rabbit: RABBIT,
    oslo_concurrency: concurrencySection(NAME),
    oslo_middleware: MIDDLEWARE,
    // Not [oslo_policy]: Cinder 2025.1 itself turns the new defaults and scopes off, for it is not ready for them.
  };
}

function backendSection(ctx: HostContext, store: VolumeStore): OptionTable {
  switch (store) {
    case 'ceph':
      return {
        volume_driver: 'cinder.volume.drivers.rbd.RBDDriver',
        rbd_pool: 'volumes',
        rbd_user: VOLUME_USER,
        rbd_ceph_conf: '/etc/ceph/ceph.conf',
        // The libvirt secret with the key has this UUID on every compute host.
        rbd_secret_uuid: ctx.secret(CEPH_FSID_SECRET),
        // A Ceph without a majority must not hold every thread of the service.
        rados_connect_timeout: 10,
        report_discard_supported: true,
      };
    case 'nfs':
      return {
        volume_driver: 'cinder.volume.drivers.nfs.NfsDriver',
        nfs_shares_config: SHARES_FILE,
        nfs_mount_point_base: '/var/lib/cinder/mnt',
        nfs_qcow2_volumes: true,
        nfs_snapshot_support: true,
        nas_secure_file_operations: 'auto',
        nas_secure_file_permissions: 'auto',
      };
    case 'lvm':
      return {
        volume_driver: 'cinder.volume.drivers.lvm.LVMVolumeDriver',
        volume_group: volumeGroup(ctx),
        target_protocol: 'iscsi',
        target_helper: 'tgtadm',
        target_ip_address: ctx.address('storage'),
      };
  }
}

function volumeGroup(ctx: ClusterContext): string {
  const wanted = ctx.options(NAME)['volumeGroup'];
  return typeof wanted === 'string' ? wanted : 'cinder-volumes';
}

/** Backups go to Ceph when volumes do; else to a directory of the host, until a shared place is configured. */
function backups(store: VolumeStore): OptionTable {
  if (store !== 'ceph') {
    return {
      backup_driver: 'cinder.backup.drivers.posix.PosixBackupDriver',
      backup_posix_path: '/var/lib/cinder/backup',
    };
  }
  return {
    backup_driver: 'cinder.backup.drivers.ceph.CephBackupDriver',
    backup_ceph_conf: '/etc/ceph/ceph.conf',
    backup_ceph_user: BACKUP_USER,
    backup_ceph_pool: 'backups',
  };
}

/** Locks over all hosts, through the internal VIP: tooz knows one address only. Without etcd locks hold on one host. */
function coordination(ctx: HostContext): ConfigTree {
  const etcd = ctx.contributions('endpoint').find(({ component }) => component === 'etcd');
  if (etcd === undefined) return {};
  const options = {
    ca_cert: CA_FILE,
    cert_cert: `/etc/hastack/tls/${NAME}.crt`,
    cert_key: `/etc/hastack/tls/${NAME}.key`,
    timeout: 10,
    lock_timeout: LOCK_SECONDS,
    membership_timeout: LOCK_SECONDS,
  };
  const query = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return { coordination: { backend_url: `etcd3+https://${internalVip(ctx)}:${etcd.port}?${query.join('&')}` } };
}
