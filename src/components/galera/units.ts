// The units of the Galera component and their drop-ins.
import type { ConfigTree } from '../../formats/config-tree.ts';

/** A stuck joiner must not hold up a stop for 15 minutes; InnoDB survives the SIGKILL. */
export const MARIADB_DROP_IN: ConfigTree = {
  Service: {
    ExecCondition: '+/usr/local/lib/hastack/galera-gate',
    TimeoutStopSec: '120',
    SendSIGKILL: 'yes',
    // The clients' connections and files of a large cloud. Source: MariaDB manual, open_files_limit.
    LimitNOFILE: '65536',
  },
};

export function checkUnit(address: string, port: number): ConfigTree {
  return {
    Unit: { Description: 'Galera member check for HAProxy', After: 'network.target' },
    Service: {
      User: 'mysql',
      ExecStart: `/usr/local/lib/hastack/galera-check ${address} ${port}`,
      Restart: 'always',
      RestartSec: '500ms',
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      ProtectHome: 'yes',
    },
    Install: { WantedBy: 'multi-user.target' },
  };
}

export const REJOIN_SERVICE: ConfigTree = {
  Unit: { Description: 'Start MariaDB once a peer is in a primary component' },
  Service: { Type: 'oneshot', ExecStart: '/usr/local/lib/hastack/galera-rejoin' },
};

export const REJOIN_TIMER: ConfigTree = {
  Unit: { Description: 'Start MariaDB once a peer is in a primary component' },
  Timer: { OnActiveSec: '5s', OnUnitInactiveSec: '5s', AccuracySec: '1s' },
  Install: { WantedBy: 'timers.target' },
};
