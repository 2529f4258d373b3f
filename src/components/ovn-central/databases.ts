// How the two database servers run: ovsdb-server itself, without Debian's ovn-ctl. That script creates a cluster
// whenever the file is missing, so a member that lost its disk would found a second one at its next boot; here a file
// is made by the steps of the member group only, and without it the unit does not start.
// Remotes stand in a file and not in the database: there they would be the same for all members, so every member
// would have to listen on every address. Manual: ovsdb-server(1), --config-file.
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { OVN_DATABASES, PROBE_INTERVAL_MS, bracketed, ovnRemote, tlsFiles } from '../oslo/ovn.ts';
import type { OvnDatabase } from '../oslo/ovn.ts';

export const CERTIFICATE = 'ovn-central';

export function databaseUnit(database: OvnDatabase): string {
  return `ovn-ovsdb-server-${database}`;
}

/** The server's control socket. */
export function controlSocket(database: OvnDatabase): string {
  return `/run/ovn/ovn${database}_db.ctl`;
}

/** Where the tools look when they are given no address. */
export function localSocket(database: OvnDatabase): string {
  return `/run/ovn/ovn${database}_db.sock`;
}

export function serverConfigPath(database: OvnDatabase): string {
  return `/etc/ovn/hastack-${database}.json`;
}

export function serverConfig(ctx: HostContext, database: OvnDatabase): string {
  const { port, file } = OVN_DATABASES[database];
  const remotes = {
    [`punix:${localSocket(database)}`]: {},
    [`pssl:${port}:${bracketed(ctx.address('internal'))}`]: { 'inactivity-probe': PROBE_INTERVAL_MS },
  };
  return `${JSON.stringify({ remotes, databases: { [file]: { 'service-model': 'clustered' } } }, undefined, 2)}\n`;
}

/** A leader that is stopped, also for a reboot, hands over before it goes. */
export function databaseDropIn(database: OvnDatabase): ConfigTree {
  const { file } = OVN_DATABASES[database];
  const { key, certificate, ca } = tlsFiles(CERTIFICATE);
  return {
    Unit: {
      ConditionPathExists: file,
      Wants: 'network-online.target',
      After: 'network-online.target',
      Conflicts: 'shutdown.target',
      Before: 'shutdown.target',
      StartLimitIntervalSec: '0',
    },
    Service: {
      RuntimeDirectory: 'ovn',
      // Others of this host have their sockets there as well.
      RuntimeDirectoryPreserve: 'yes',
      LogsDirectory: 'ovn',
      PIDFile: '',
      ExecStart: [
        '',
        [
          '/usr/sbin/ovsdb-server',
          '-vconsole:emer -vsyslog:err -vfile:info',
          `--log-file=/var/log/ovn/ovsdb-server-${database}.log`,
          `--pidfile=/run/ovn/ovn${database}_db.pid`,
          `--unixctl=${controlSocket(database)}`,
          `--private-key=${key}`,
          `--certificate=${certificate}`,
          `--ca-cert=${ca}`,
          `--config-file=${serverConfigPath(database)}`,
        ].join(' '),
      ],
      ExecStop: ['', `/usr/bin/ovn-appctl -T 10 -t ${controlSocket(database)} exit`],
      Restart: 'always',
      RestartSec: '1s',
    },
  };
}

/** Options of Debian's start script for northd. All northds run; one holds a lock in the leader and works. */
export function northdOptions(ctx: HostContext): ConfigTree {
  const { key, certificate, ca } = tlsFiles(CERTIFICATE);
  return {
    '': {
      OVN_CTL_OPTS: [
        `--ovn-northd-nb-db=${ovnRemote(ctx, 'nb')}`,
        `--ovn-northd-sb-db=${ovnRemote(ctx, 'sb')}`,
        `--ovn-northd-ssl-key=${key}`,
        `--ovn-northd-ssl-cert=${certificate}`,
        `--ovn-northd-ssl-ca-cert=${ca}`,
      ].join(' '),
    },
  };
}

export const NORTHD_DROP_IN: ConfigTree = {
  Unit: { StartLimitIntervalSec: '0' },
  Service: { Restart: 'always', RestartSec: '1s' },
};
