// What every OpenStack service's configuration shares: database, cache, messaging. Options as in oslo.db,
// oslo.cache and oslo.messaging of OpenStack 2025.1.
import type { OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext } from '../../model/component.ts';
import { HastackError } from '../../model/error.ts';

export const CA_FILE = '/etc/hastack/tls/ca.crt';

/** `[database]` of a service whose component contributed this database. */
export function databaseSection(ctx: ClusterContext, name: string): OptionTable {
  const wanted = ctx.contributions('database').find((each) => each.name === name);
  if (wanted === undefined) throw new Error(`no component contributed the database ${name}`);
  const credentials = `${wanted.user}:${encodeURIComponent(ctx.secret(wanted.secret))}`;
  return {
    connection: `mysql+pymysql://${credentials}@${internalVip(ctx)}/${name}?charset=utf8&ssl_ca=${CA_FILE}`,
    max_pool_size: 10,
    max_overflow: 20,
    // Below HAProxy's client and server timeouts of 3600 s, or it would cut connections the pool thinks alive.
    connection_recycle_time: 600,
    max_retries: -1,
    db_max_retries: 20,
  };
}

/** `[cache]`: all memcacheds, so that a token cached by one API is known to all. */
export function cacheSection(ctx: ClusterContext): OptionTable {
  const servers = ctx
    .contributions('cache')
    .flatMap((cache) => cache.hosts.map((host) => `${ctx.addressOf(host, cache.use)}:${cache.port}`));
  if (servers.length === 0) return { enabled: false };
  return {
    enabled: true,
    backend: 'oslo_cache.memcache_pool',
    memcache_servers: servers.join(','),
    // How long a request waits for a dead memcached, and how long that one is then left alone.
    memcache_socket_timeout: 0.5,
    memcache_dead_retry: 30,
    memcache_pool_maxsize: 50,
    memcache_pool_unused_timeout: 60,
  };
}

function internalVip(ctx: ClusterContext): string {
  const vip = ctx.cluster.vips.find((each) => each.name === 'internal') ?? ctx.cluster.vips[0];
  if (vip !== undefined) return vip.address;
  throw new HastackError({
    code: 'spec-invalid',
    message: 'the cluster has no VIP',
    hint: 'write `vips: { internal: { network: ..., address: ... } }`',
  });
}
