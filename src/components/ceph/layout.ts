// Where Ceph's daemons run, on what devices, and how many copies and placement groups follow from that.
// Manual: https://docs.ceph.com/en/reef/rados/operations/placement-groups/
import type { Cluster, ServiceOptions } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { CEPH_POOLS } from '../../model/component.ts';
import type { CephPool } from '../../model/component.ts';

export const FSID_SECRET = 'ceph/fsid';
export const MON_SECRET = 'ceph/mon';
export const ADMIN_SECRET = 'ceph/client.admin';
export const BOOTSTRAP_SECRET = 'ceph/client.bootstrap-osd';

export const MSGR2_PORT = 3300;
export const MSGR1_PORT = 6789;
/** ms_bind_port_min and ms_bind_port_max: OSDs and managers. */
export const DAEMON_PORTS = { first: 6800, last: 7568 } as const;

const MONITORS = 3;

export function hasCeph(cluster: Cluster): boolean {
  return 'ceph' in cluster.services;
}

/** Hosts with OSDs: `services.ceph.hosts`, which the preset places on hosts with the role storage. */
export function osdHosts(cluster: Cluster): readonly string[] {
  return namesOf(cluster.services['ceph'], 'hosts') ?? hostsWithRole(cluster, 'storage').map(({ name }) => name);
}

/**
 * `services.ceph.monitors`; else three of the storage hosts, so that the disks of instances outlive a lost control
 * plane; with fewer storage hosts, three control hosts.
 */
export function monitorHosts(cluster: Cluster): readonly string[] {
  const listed = namesOf(cluster.services['ceph'], 'monitors');
  if (listed !== undefined) return cluster.hosts.map(({ name }) => name).filter((name) => listed.includes(name));
  const storage = osdHosts(cluster);
  const hosts = storage.length >= MONITORS ? storage : hostsWithRole(cluster, 'control').map(({ name }) => name);
  return hosts.slice(0, MONITORS);
}

/** Hosts that have a ceph.conf: daemons, and every host whose services may be clients. */
export function confHosts(cluster: Cluster): readonly string[] {
  const all = [
    ...monitorHosts(cluster),
    ...osdHosts(cluster),
    ...hostsWithRole(cluster, 'control', 'compute').map(({ name }) => name),
  ];
  return cluster.hosts.map(({ name }) => name).filter((name) => all.includes(name));
}

/** Paths of disks or files, for every host alike: `services.ceph.devices`. */
export function devicesOf(options: ServiceOptions): readonly string[] {
  return listOf(options['devices']) ?? [];
}

/** MiB of an OSD on a file. */
export function fileSizeOf(options: ServiceOptions): number {
  return Number(options['fileSize'] ?? DEFAULT_FILE_MIB);
}

const DEFAULT_FILE_MIB = 8192;
const COPIES = 3;

/** Copies, one per host; a write needs more than half of them, so that two halves never both write. */
export function copiesOf(cluster: Cluster): { readonly size: number; readonly minSize: number } {
  const size = Math.max(1, Math.min(COPIES, osdHosts(cluster).length));
  return { size, minSize: Math.floor(size / 2) + 1 };
}

/** Share of the data that each pool is expected to hold. */
const SHARE: Readonly<Record<CephPool, number>> = { volumes: 0.4, vms: 0.3, images: 0.15, backups: 0.15 };
/** Copies of placement groups per OSD that all pools together come to. Source: mon_target_pg_per_osd. */
const PER_OSD = 100;
const LEAST_GROUPS = 16;

export interface PoolPlan {
  readonly name: CephPool;
  readonly placementGroups: number;
}

/** The power of two below each pool's share. Chosen once: the autoscaler of Debian 13's managers does not run. */
export function poolPlans(cluster: Cluster): readonly PoolPlan[] {
  const osds = Math.max(1, osdHosts(cluster).length * devicesOf(cluster.services['ceph'] ?? {}).length);
  return CEPH_POOLS.map((name) => {
    const wanted = (osds * PER_OSD * SHARE[name]) / copiesOf(cluster).size;
    return { name, placementGroups: Math.max(LEAST_GROUPS, 2 ** Math.floor(Math.log2(Math.max(1, wanted)))) };
  });
}

function namesOf(options: ServiceOptions | undefined, option: string): readonly string[] | undefined {
  return listOf(options?.[option]);
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
