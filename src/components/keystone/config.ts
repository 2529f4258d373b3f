// keystone.conf and the uWSGI configuration it runs under.
// Manual: https://docs.openstack.org/keystone/2025.1/configuration/
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { cacheSection, databaseSection } from '../oslo/sections.ts';

export const PORT = 5000;
export const FERNET_KEYS = '/etc/keystone/fernet-keys';
export const CREDENTIAL_KEYS = '/etc/keystone/credential-keys';

export function keystoneConf(ctx: HostContext): ConfigTree {
  return {
    DEFAULT: { log_dir: '/var/log/keystone', max_token_size: 255 },
    database: databaseSection(ctx, 'keystone'),
    cache: cacheSection(ctx),
    token: { provider: 'fernet', expiration: 14_400 },
    // Rotated by hastack on all hosts together, never by cron on one (decision 5).
    fernet_tokens: { key_repository: FERNET_KEYS, max_active_keys: 3 },
    credential: { key_repository: CREDENTIAL_KEYS },
    // HAProxy ends TLS; links in answers must say https.
    oslo_middleware: { enable_proxy_headers_parsing: true },
    oslo_policy: { enforce_scope: true, enforce_new_defaults: true },
    healthcheck: { detailed: false },
  };
}

/** One process per core is enough for uWSGI's threads; bcrypt releases the interpreter lock. */
export function keystoneUwsgi(ctx: HostContext): ConfigTree {
  return {
    uwsgi: {
      'http-socket': `${ctx.address('internal')}:${PORT}`,
      'wsgi-file': '/usr/bin/keystone-wsgi-public',
      plugins: 'python3',
      master: true,
      processes: 4,
      threads: 8,
      'enable-threads': true,
      'lazy-apps': true,
      'thunder-lock': true,
      listen: 512,
      'buffer-size': 65_535,
      'no-orphans': true,
      // A stop lets requests that are under way finish; HAProxy has sent the others elsewhere by then.
      'hook-master-start': 'unix_signal:15 gracefully_kill_them_all',
      'worker-reload-mercy': 30,
      'close-on-exec': true,
      'disable-logging': true,
      name: 'keystone',
      chdir: '/var/lib/keystone',
      logto: '/var/log/keystone/keystone-uwsgi.log',
    },
  };
}

/** Debian's init script would listen on every address; uWSGI is started directly instead. */
export function keystoneUnit(): ConfigTree {
  return {
    Unit: { After: 'network-online.target' },
    Service: {
      ExecStart: ['', '/usr/bin/uwsgi_python3 --ini /etc/keystone/keystone-uwsgi.ini'],
      Type: 'simple',
      KillMode: 'mixed',
      KillSignal: 'SIGTERM',
      Restart: 'always',
      RestartSec: '1s',
      TimeoutStopSec: '40',
    },
  };
}
