// What a host needs for the components that will run on it, from the options they are configured with. Pure.
// The fixed parts are estimates with room to spare right after a deployment and rounded up.
import type { Cluster, Host } from '../model/cluster.ts';

/** MiB. Debian itself with ssh, chrony and the journal. */
const SYSTEM = { memory: 400, disk: 1200 } as const;
/** MiB of memory and disk by service, without what its options add. */
const SERVICES: Readonly<Record<string, { readonly memory: number; readonly disk: number }>> = {
  galera: { memory: 200, disk: 600 },
  rabbitmq: { memory: 250, disk: 200 },
  memcached: { memory: 20, disk: 0 },
  haproxy: { memory: 60, disk: 0 },
  keepalived: { memory: 20, disk: 0 },
  keystone: { memory: 350, disk: 200 },
  etcd: { memory: 80, disk: 200 },
  // A monitor, a manager and an OSD; further OSDs and the data come on top.
  ceph: { memory: 700, disk: 1500 },
};
const UNITS: Readonly<Record<string, number>> = { '': 1 / 1024 / 1024, K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 };

/** MiB. */
export function spaceNeeds(cluster: Cluster, host: Host): { readonly memoryMiB: number; readonly diskMiB: number } {
  const here = Object.keys(cluster.services).filter((name) => {
    const listed = cluster.services[name]?.['hosts'];
    return Array.isArray(listed) && listed.includes(host.name);
  });
  const sum = (what: 'memory' | 'disk'): number =>
    here.reduce<number>((total, name) => total + (SERVICES[name]?.[what] ?? 0), SYSTEM[what]);
  const has = (name: string): boolean => here.includes(name);
  const options = (name: string, option: string, otherwise: number): number =>
    Number(cluster.services[name]?.[option] ?? otherwise);
  return {
    memoryMiB: Math.ceil(
      sum('memory') +
        (has('galera') ? bufferPool(cluster, host) : 0) +
        (has('memcached') ? options('memcached', 'memory', 512) : 0),
    ),
    diskMiB: Math.ceil(sum('disk') + (has('galera') ? options('galera', 'gcache', 1024) : 0)),
  };
}

const BUFFER_POOL_MIB = 1024;

function bufferPool(cluster: Cluster, host: Host): number {
  const { all, hosts } = cluster.overrides;
  const written =
    hosts[host.name]?.['my.cnf']?.['mariadbd']?.['innodb_buffer_pool_size'] ??
    all['my.cnf']?.['mariadbd']?.['innodb_buffer_pool_size'];
  const match = /^(\d+)([KMGT]?)$/i.exec(String(written ?? ''));
  return match === null ? BUFFER_POOL_MIB : Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? 1);
}
