// What every OpenStack service's configuration shares: cache, locks, the proxy in front. Options as in oslo.cache,
// oslo.concurrency and oslo.middleware of OpenStack 2025.1. Databases, messaging and identity have files of their own.
import type { OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext } from '../../model/component.ts';
import { HastackError } from '../../model/error.ts';

export const CA_FILE = '/etc/hastack/tls/ca.crt';

/** `[oslo_middleware]`: HAProxy ends TLS; links in answers must say https. */
export const MIDDLEWARE: OptionTable = { enable_proxy_headers_parsing: true };

/** `[oslo_policy]`: the roles of 2025.1 (reader, member, manager, admin, service), not those before scopes. */
export const POLICY: OptionTable = { enforce_scope: true, enforce_new_defaults: true };

/**
 * `[oslo_concurrency]`: locks of processes on one host. Not under /run: several units of a service share the
 * directory there that Debian's units name, and systemd removes it when any of them stops.
 */
export function concurrencySection(service: string): OptionTable {
  return { lock_path: lockDirectory(service) };
}

export function lockDirectory(service: string): string {
  return `/var/lib/${service}/lock`;
}

/** Seconds that one question to a dead memcached takes; the failure rule of memcached reckons with it. */
export const CACHE_TIMEOUT = 0.2;

/** `[cache]`: all memcacheds, so that a token cached by one API is known to all. */
export function cacheSection(ctx: Pick<ClusterContext, 'contributions' | 'addressOf'>): OptionTable {
  const servers = cacheServers(ctx);
  if (servers.length === 0) return { enabled: false };
  return {
    enabled: true,
    backend: 'oslo_cache.memcache_pool',
    memcache_servers: servers.join(','),
    // How long a request waits for a dead memcached, and how long that one is then left alone. A request asks several
    // times, and every process finds out for itself: with 0.5 s, users waited up to 1.75 s for a token to be validated
    // after a power cut that moved the VIP within 0.6 s.
    memcache_socket_timeout: CACHE_TIMEOUT,
    memcache_dead_retry: 30,
    memcache_pool_maxsize: 50,
    memcache_pool_unused_timeout: 60,
  };
}

/** `10.0.0.11:11211` of every memcached. */
export function cacheServers(ctx: Pick<ClusterContext, 'contributions' | 'addressOf'>): readonly string[] {
  return ctx
    .contributions('cache')
    .flatMap((cache) => cache.hosts.map((host) => `${ctx.addressOf(host, cache.use)}:${cache.port}`));
}

export function internalVip(ctx: Pick<ClusterContext, 'cluster'>): string {
  const vip = ctx.cluster.vips.find((each) => each.name === 'internal') ?? ctx.cluster.vips[0];
  if (vip !== undefined) return vip.address;
  throw new HastackError({
    code: 'spec-invalid',
    message: 'the cluster has no VIP',
    hint: 'write `vips: { internal: { network: ..., address: ... } }`',
  });
}
