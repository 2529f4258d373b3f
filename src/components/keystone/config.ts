// keystone.conf and the uWSGI configuration it runs under.
// Manual: https://docs.openstack.org/keystone/2025.1/configuration/
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { databaseSection } from '../oslo/database.ts';
import { MIDDLEWARE, cacheSection } from '../oslo/sections.ts';
import { uwsgiIni } from '../oslo/uwsgi.ts';

export const PORT = 5000;
export const PROCESSES = 4;
export const UWSGI_INI = '/etc/keystone/keystone-uwsgi.ini';
export const FERNET_KEYS = '/etc/keystone/fernet-keys';
export const CREDENTIAL_KEYS = '/etc/keystone/credential-keys';

export function keystoneConf(ctx: HostContext): ConfigTree {
  return {
    DEFAULT: { log_dir: '/var/log/keystone', max_token_size: 255 },
    database: databaseSection(ctx, 'keystone'),
    cache: cacheSection(ctx),
    // As much as bcrypt reads. With more Keystone warns at every log-in.
    identity: { max_password_length: 72 },
    token: { provider: 'fernet', expiration: 14_400 },
    // Rotated by hastack on all hosts together, never by cron on one (decision 5).
    fernet_tokens: { key_repository: FERNET_KEYS, max_active_keys: 3 },
    credential: { key_repository: CREDENTIAL_KEYS },
    oslo_middleware: MIDDLEWARE,
    oslo_policy: { enforce_scope: true, enforce_new_defaults: true },
    healthcheck: { detailed: false },
  };
}

/** bcrypt releases the interpreter lock, so threads of one process use several cores. */
export function keystoneUwsgi(ctx: HostContext): ConfigTree {
  return uwsgiIni({
    name: 'keystone',
    address: ctx.address('internal'),
    port: PORT,
    wsgiFile: '/usr/bin/keystone-wsgi-public',
    processes: PROCESSES,
    threads: 8,
    directory: '/var/lib/keystone',
    log: '/var/log/keystone/keystone-uwsgi.log',
  });
}
