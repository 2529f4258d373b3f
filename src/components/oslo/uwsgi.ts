// How API services run under uWSGI: its configuration and the drop-in of the Debian unit. Debian's init scripts would
// listen on every address, where HAProxy has the VIP's port already; uWSGI is started directly instead.
// Manual: https://uwsgi-docs.readthedocs.io/en/latest/Options.html, InternalRouting.html
import type { ConfigTree } from '../../formats/config-tree.ts';
import { CHECK } from './balancer.ts';

/**
 * Where a service that is about to stop leaves its name. It then answers HAProxy's checks, told from requests of users
 * by their Host, with 404, which means: no new requests, let those under way finish. Under /run: gone with a reboot.
 */
const LEAVING = '/run/hastack/leaving';
/** Until every balancer has asked: a check may have been under way, and the next may last until its timeout. */
const LEAVE_MS = CHECK.inter + CHECK.timeout + 500;

export interface UwsgiOptions {
  /** As `name` and in queue names: `nova-api`. */
  readonly name: string;
  /** What HAProxy calls it in its checks, if not `name`. */
  readonly endpoint?: string;
  readonly address: string;
  readonly port: number;
  /** What is run: `/usr/bin/placement-api`. */
  readonly wsgiFile: string;
  readonly processes: number;
  /** 1 where the service is written for eventlet (Nova's API): its green threads belong to one thread. */
  readonly threads: number;
  readonly directory: string;
  readonly log: string;
  /** It talks to RabbitMQ. */
  readonly messaging?: boolean;
}

export function uwsgiIni(options: UwsgiOptions): ConfigTree {
  return {
    uwsgi: {
      'http-socket': `${options.address}:${options.port}`,
      'wsgi-file': options.wsgiFile,
      plugins: 'python3',
      master: true,
      processes: options.processes,
      threads: options.threads,
      'enable-threads': true,
      'lazy-apps': true,
      'thunder-lock': true,
      listen: 512,
      'buffer-size': 65_535,
      'no-orphans': true,
      'route-if-not': `exists:${LEAVING}/${options.name} last:`,
      'route-host': `^${options.endpoint ?? options.name}$ break:404 Not Found`,
      // A stop lets requests that are under way finish; HAProxy sends the others elsewhere by then.
      'hook-master-start': 'unix_signal:15 gracefully_kill_them_all',
      'worker-reload-mercy': 30,
      'close-on-exec': true,
      'disable-logging': true,
      name: options.name,
      chdir: options.directory,
      logto: options.log,
      ...(options.messaging === true ? { env: messagingEnvironment(options.name) } : {}),
    },
  };
}

export interface UwsgiUnitOptions {
  readonly name: string;
  readonly ini: string;
  /** Other units name the same directories under /run. */
  readonly shared?: boolean;
}

/**
 * Drop-in of the Debian unit; the user stays. While uWSGI stops, its socket goes on taking connections that nobody
 * will answer; so a stop leaves the balancers first, whoever asked for it: an administrator, an upgrade, a reboot.
 */
export function uwsgiUnit({ name, ini, shared = false }: UwsgiUnitOptions): ConfigTree {
  const leaving = `${LEAVING}/${name}`;
  return {
    Unit: { After: 'network-online.target' },
    Service: {
      // As root: the directory is not the service's.
      ExecStartPre: `+/usr/bin/rm -f ${leaving}`,
      ExecStart: ['', `/usr/bin/uwsgi_python3 --ini ${ini}`],
      ExecStop: [`+/usr/bin/install -D /dev/null ${leaving}`, `/usr/bin/sleep ${LEAVE_MS / 1000}`],
      Type: 'simple',
      KillMode: 'mixed',
      KillSignal: 'SIGTERM',
      Restart: 'always',
      RestartSec: '1s',
      TimeoutStopSec: '40',
      // The first of them that stops would remove the directories of all.
      ...(shared ? { RuntimeDirectoryPreserve: 'yes' } : {}),
    },
  };
}

/**
 * Read by oslo.config before any file. Processes under uWSGI would all be called after uWSGI in queue names, and two
 * services of one host would take each other's replies. Between two requests nothing of the process runs, so
 * heartbeats need a thread of their own, or RabbitMQ closes the connection.
 */
function messagingEnvironment(name: string): readonly string[] {
  const prefix = 'OS_OSLO_MESSAGING_RABBIT__';
  return [`${prefix}PROCESSNAME=${name}`, `${prefix}HEARTBEAT_IN_PTHREAD=true`];
}
