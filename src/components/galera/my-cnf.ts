// MariaDB's option file for a Galera member. Timers come from measurements; a comment names each.
// Manual: https://mariadb.com/kb/en/galera-cluster-system-variables/ and wsrep_provider_options.
import type { HostContext } from '../../model/component.ts';
import type { ConfigTree } from '../../formats/config-tree.ts';
import { writeProviderOptions } from '../../formats/wsrep-provider-options.ts';
import { MAX_CONNECTIONS } from '../oslo/database.ts';

const TLS = '/etc/hastack/tls';

/** Galera's failure detection, seconds. The failure rule reads the same numbers. */
export const EVS = {
  /** Measured: writes stop for 2.5 s (median) when a host dies, 6.3 s with Galera's default of 5. */
  suspect: 2,
  inactive: 6,
  checkPeriod: 0.5,
  keepalive: 0.5,
  /** The default of 1 s is a whole step of the eviction; 0.3 s saves it and shortens rejoins. */
  joinRetrans: 0.3,
} as const;

export function galeraConf(ctx: HostContext): ConfigTree {
  const address = ctx.address('replication');
  const members = ctx.members('galera').map((host) => ctx.addressOf(host.name, 'replication'));
  return {
    mariadbd: {
      'bind-address': ctx.address('internal'),
      binlog_format: 'ROW',
      default_storage_engine: 'InnoDB',
      innodb_autoinc_lock_mode: 2,
      // An acknowledged commit is on disk, whatever loses power (decision 10).
      innodb_flush_log_at_trx_commit: 1,
      // OpenStack's services do not retry error 1020 (decision 10).
      innodb_snapshot_isolation: 'OFF',
      innodb_buffer_pool_size: '1G',
      max_connections: MAX_CONNECTIONS,
      // A balancer's many short checks must not block a host. Source: MariaDB manual, max_connect_errors.
      max_connect_errors: 1_000_000,
      skip_name_resolve: 'ON',
      'character-set-server': 'utf8mb4',
      // What "utf8" means when somebody names no collation: Keystone's first migration does (ALTER DATABASE), and
      // tables of two collations in one database cannot refer to each other's texts.
      character_set_collations: 'utf8mb3=utf8mb3_general_ci',
      ssl_cert: `${TLS}/galera.crt`,
      ssl_key: `${TLS}/galera.key`,
      ssl_ca: `${TLS}/ca.crt`,
    },
    galera: {
      wsrep_on: 'ON',
      wsrep_provider: '/usr/lib/galera/libgalera_smm.so',
      wsrep_cluster_name: ctx.cluster.name,
      wsrep_cluster_address: `gcomm://${members.join(',')}`,
      wsrep_node_name: ctx.host.name,
      wsrep_node_address: address,
      wsrep_sst_method: 'mariabackup',
      // The mysql system account over the local socket: no password to keep.
      wsrep_sst_auth: 'mysql:',
      wsrep_provider_options: providerOptions(address, Number(ctx.options('galera')['gcache'] ?? 1024)),
    },
    sst: { encrypt: 3, tca: `${TLS}/ca.crt`, tcert: `${TLS}/galera.crt`, tkey: `${TLS}/galera.key` },
  };
}

function providerOptions(address: string, gcache: number): string {
  return writeProviderOptions({
    'gmcast.listen_addr': `ssl://${address}:4567`,
    'socket.ssl': 'yes',
    'socket.ssl_ca': `${TLS}/ca.crt`,
    'socket.ssl_cert': `${TLS}/galera.crt`,
    'socket.ssl_key': `${TLS}/galera.key`,
    // Writes of an hour or two: a host that reboots comes back by IST, not by a full copy.
    'gcache.size': `${gcache}M`,
    'evs.suspect_timeout': `PT${EVS.suspect}S`,
    'evs.inactive_timeout': `PT${EVS.inactive}S`,
    'evs.inactive_check_period': `PT${EVS.checkPeriod}S`,
    'evs.keepalive_period': `PT${EVS.keepalive}S`,
    'evs.join_retrans_period': `PT${EVS.joinRetrans}S`,
  });
}
