// Horizon's settings: a snippet that Horizon executes after Debian's own local_settings.py, which stays as packaged.
// The user's overrides of `local_settings.py` are laid over it. Sessions are in the database: the loss of a
// memcached, or of the host that made the session, logs nobody out.
// Manual: https://docs.openstack.org/horizon/2025.1/configuration/settings.html, Django 4.2 "Settings"
import { managedHeader } from '../../formats/managed-header.ts';
import type { HostContext } from '../../model/component.ts';
import { regionOf } from '../oslo/identity.ts';
import { CA_FILE, cacheServers, internalVip } from '../oslo/sections.ts';

export const NAME = 'horizon';
export const KEY_SECRET = 'horizon/secret-key';
export const DATABASE_SECRET = 'horizon/database';

type Python = string | number | boolean | readonly Python[] | { readonly [key: string]: Python };

export function settingsText(ctx: HostContext): string {
  const overrides = ctx.overrides('local_settings.py')[''] ?? {};
  const settings: Record<string, Python> = { ...ownSettings(ctx), ...(overrides as Record<string, Python>) };
  const lines = Object.entries(settings)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} = ${python(value)}`);
  return `${managedHeader('#')}${lines.join('\n')}\n`;
}

function ownSettings(ctx: HostContext): Record<string, Python> {
  const servers = cacheServers(ctx);
  return {
    ALLOWED_HOSTS: allowedHosts(ctx),
    SECRET_KEY: ctx.secret(KEY_SECRET),
    // HAProxy ends TLS and says so; it overwrites what a client sends in that header.
    SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'],
    CSRF_COOKIE_SECURE: true,
    SESSION_COOKIE_SECURE: true,
    SESSION_ENGINE: 'django.contrib.sessions.backends.db',
    DATABASES: { default: database(ctx) },
    CACHES: { default: servers.length === 0 ? LOCAL_CACHE : memcached(servers) },
    OPENSTACK_KEYSTONE_URL: ctx.endpointUrl('identity', 'internal'),
    OPENSTACK_ENDPOINT_TYPE: 'internalURL',
    OPENSTACK_SSL_CACERT: CA_FILE,
    AVAILABLE_REGIONS: [[ctx.endpointUrl('identity', 'internal'), regionOf(ctx)]],
    TIME_ZONE: 'UTC',
  };
}

/** What users type, the address of this host, and the name by which HAProxy's check asks. */
function allowedHosts(ctx: HostContext): readonly string[] {
  const vips = ctx.cluster.vips.filter(({ name }) => name === 'public');
  const names = vips.flatMap(({ dnsName, address }) => [...(dnsName === undefined ? [] : [dnsName]), address]);
  return [...names, ctx.address('internal'), NAME];
}

function database(ctx: HostContext): Python {
  return {
    ENGINE: 'django.db.backends.mysql',
    NAME,
    USER: NAME,
    PASSWORD: ctx.secret(DATABASE_SECRET),
    HOST: internalVip(ctx),
    PORT: 3306,
    // Kept for a minute and looked at before use: after a failover the next request opens a new one.
    CONN_MAX_AGE: 60,
    CONN_HEALTH_CHECKS: true,
    OPTIONS: { ssl: { ca: CA_FILE }, connect_timeout: 5 },
  };
}

const LOCAL_CACHE: Python = { BACKEND: 'django.core.cache.backends.locmem.LocMemCache' };

/** A dead memcached is a cache miss: left out at once, asked again after half a minute. */
function memcached(servers: readonly string[]): Python {
  return {
    BACKEND: 'django.core.cache.backends.memcached.PyMemcacheCache',
    LOCATION: servers,
    OPTIONS: {
      ignore_exc: true,
      connect_timeout: 1,
      timeout: 1,
      retry_attempts: 1,
      dead_timeout: 30,
      use_pooling: true,
    },
  };
}

/** JSON's strings, numbers and lists are Python's too; true, false and pairs are not. */
function python(value: Python): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (isList(value)) return `(${value.map((each) => `${python(each)},`).join(' ')})`;
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${python(each)}`);
  return `{${entries.join(', ')}}`;
}

function isList(value: Python): value is readonly Python[] {
  return Array.isArray(value);
}
