// ceph.conf of daemons and clients. Every daemon is told its address: a host that holds a VIP has two in one network,
// and Ceph would take either. Timers come from measurements; the failure rules read the same numbers.
// Manual: https://docs.ceph.com/en/reef/rados/configuration/
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import { FSID_SECRET, MSGR1_PORT, MSGR2_PORT, copiesOf, monitorHosts, osdHosts } from './layout.ts';

/**
 * Seconds. Measured: I/O stops for 6.8 s when a host loses power, 31 s with Ceph's defaults (grace 20, lease 5). What
 * each one contributes was not measured apart. Busy servers may want a longer grace: an OSD that is slow for this
 * long is taken for dead. They are read when a daemon starts.
 */
export const TIMERS = {
  heartbeatInterval: 1,
  heartbeatGrace: 4,
  monLease: 2,
  electionTimeout: 2,
} as const;

export function cephConf(ctx: HostContext): ConfigTree {
  const monitors = monitorHosts(ctx.cluster);
  const address = { public_addr: ctx.address('storage') };
  const osd = osdHosts(ctx.cluster).includes(ctx.host.name);
  return {
    global: {
      fsid: ctx.secret(FSID_SECRET),
      mon_initial_members: monitors.join(','),
      mon_host: monitors.map((host) => monitorAddresses(ctx, host)).join(','),
      ...networks(ctx),
      auth_cluster_required: 'cephx',
      auth_service_required: 'cephx',
      auth_client_required: 'cephx',
      auth_allow_insecure_global_id_reclaim: false,
      ...poolDefaults(ctx),
      ...timers(),
    },
    ...(monitors.includes(ctx.host.name)
      ? // Debian 13's managers cannot load most of their modules; none of them is needed for RBD.
        { mon: address, mgr: { ...address, mgr_initial_modules: '' } }
      : {}),
    ...(osd ? { osd: { ...address, cluster_addr: ctx.address('replication') } } : {}),
  };
}

/** `[v2:10.0.0.1:3300,v1:10.0.0.1:6789]` */
export function monitorAddresses(ctx: ClusterContext, host: string): string {
  const address = ctx.addressOf(host, 'storage');
  const written = address.includes(':') ? `[${address}]` : address;
  return `[v2:${written}:${MSGR2_PORT},v1:${written}:${MSGR1_PORT}]`;
}

function networks({ cluster }: HostContext): OptionTable {
  const cidr = (use: 'storage' | 'replication'): string | undefined =>
    cluster.networks.find(({ name }) => name === cluster.uses[use])?.cidr;
  const [own, replication] = [cidr('storage'), cidr('replication')];
  return {
    ...(own === undefined ? {} : { public_network: own }),
    ...(replication === undefined ? {} : { cluster_network: replication }),
    ...(own?.includes(':') === true ? { ms_bind_ipv4: false, ms_bind_ipv6: true } : {}),
  };
}

function poolDefaults({ cluster }: HostContext): OptionTable {
  const { size, minSize } = copiesOf(cluster);
  return {
    osd_pool_default_size: size,
    osd_pool_default_min_size: minSize,
    osd_pool_default_pg_autoscale_mode: 'off',
    ...(size === 1 ? { mon_allow_pool_size_one: true, osd_crush_chooseleaf_type: 0 } : {}),
  };
}

function timers(): OptionTable {
  return {
    osd_heartbeat_interval: TIMERS.heartbeatInterval,
    osd_heartbeat_grace: TIMERS.heartbeatGrace,
    mon_osd_adjust_heartbeat_grace: false,
    mon_osd_adjust_down_out_interval: false,
    osd_mon_report_interval: 1,
    mon_lease: TIMERS.monLease,
    mon_election_timeout: TIMERS.electionTimeout,
    mon_tick_interval: 1,
    paxos_propose_interval: 0.2,
    mon_client_ping_interval: 2,
    mon_client_ping_timeout: 5,
    mon_client_hunt_interval: 1,
    // How long the lock of a dead client keeps others from its image: 30 s by default.
    osd_client_watch_timeout: 10,
  };
}
