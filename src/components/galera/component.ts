// MariaDB with Galera: one writer (HAProxy keeps all clients on one member), every member a full copy.
// Guarantees: formed once and never over data; a member starts at boot only into a living cluster; clients and
// members speak TLS. On failure of a majority nothing writes until `hastack recover`.
// Manual: https://galeracluster.com/library/documentation/
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { database, databaseUser } from '../../resources/mariadb.ts';
import { file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { galeraBackup } from './backup.ts';
import { CHECK_PORT, CHECK_SCRIPT, REJOIN_SCRIPT, gateScript } from './check-script.ts';
import { galeraFailure } from './failure.ts';
import { galeraGroup } from './members.ts';
import { galeraConf } from './my-cnf.ts';
import { galeraRecovery } from './recovery.ts';
import { MARIADB_DROP_IN, REJOIN_SERVICE, REJOIN_TIMER, checkUnit } from './units.ts';

const MARIADB = 'unit:mariadb';

export default component({
  id: 'galera',
  title: 'MariaDB Galera',
  roles: ['control', 'database'],
  after: ['certificates', 'firewall'],
  when: (cluster) => 'galera' in cluster.services,
  packages: ['mariadb-server', 'mariadb-backup', 'galera-4', 'python3-pymysql', 'socat'],
  units: ['mariadb.service'],
  secrets: [],
  certificates: [
    {
      name: 'galera',
      owner: 'root',
      group: 'mysql',
      uses: ['internal', 'replication'],
      vips: ['internal'],
      notifies: [MARIADB],
    },
  ],
  ports: [
    { port: 3306, protocol: 'tcp', use: 'internal', from: 'members' },
    { port: CHECK_PORT, protocol: 'tcp', use: 'internal', from: 'members' },
    { port: 4444, protocol: 'tcp', use: 'replication', from: 'members' },
    { port: 4567, protocol: 'tcp', use: 'replication', from: 'members' },
    { port: 4568, protocol: 'tcp', use: 'replication', from: 'members' },
  ],
  endpoints: [
    {
      name: 'galera',
      port: 3306,
      path: '',
      mode: 'tcp',
      vips: ['internal'],
      backendUse: 'internal',
      tls: false,
      balance: 'first-is-writer',
      check: { kind: 'http', path: '/', port: CHECK_PORT, expect: '200' },
      timeouts: { client: 3600, server: 3600 },
      cutSessionsAfter: 3,
    },
  ],
  steps: [
    { on: 'each', resources: memberResources },
    { on: 'members', group: galeraGroup },
    { on: 'one', resources: databases },
  ],
  health: () => [
    {
      name: 'Galera member is synced in a primary component',
      script: `set -- $(mariadb --batch --skip-column-names -e "SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME SEPARATOR ' ') FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN ('WSREP_CLUSTER_SIZE','WSREP_CLUSTER_STATUS','WSREP_LOCAL_STATE_COMMENT')" 2>&1)
echo "size $1, $2, $3"; [ "$2" = Primary ] && [ "$3" = Synced ]`,
    },
  ],
  recovery: galeraRecovery,
  backup: galeraBackup,
  failure: galeraFailure,
});

function memberResources(ctx: HostContext): readonly Resource[] {
  const peers = ctx.members('galera').filter((host) => host.name !== ctx.host.name);
  const library = '/usr/local/lib/hastack';
  return [
    configFile(ctx, {
      path: '/etc/mysql/mariadb.conf.d/99-hastack.cnf',
      overrideAs: 'my.cnf',
      format: 'my-cnf',
      tree: galeraConf(ctx),
      notifies: [MARIADB],
    }),
    file({
      path: `${library}/galera-check`,
      content: CHECK_SCRIPT,
      mode: '0755',
      notifies: ['unit:hastack-galera-check'],
    }),
    file({
      path: `${library}/galera-gate`,
      content: gateScript(peers.map((host) => ctx.addressOf(host.name, 'internal'))),
      mode: '0755',
    }),
    file({ path: `${library}/galera-rejoin`, content: REJOIN_SCRIPT, mode: '0755' }),
    configFile(ctx, {
      path: '/etc/systemd/system/mariadb.service.d/hastack.conf',
      format: 'systemd',
      tree: MARIADB_DROP_IN,
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/hastack-galera-check.service',
      format: 'systemd',
      tree: checkUnit(ctx.address('internal'), CHECK_PORT),
      notifies: ['unit:hastack-galera-check'],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/hastack-galera-rejoin.service',
      format: 'systemd',
      tree: REJOIN_SERVICE,
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/hastack-galera-rejoin.timer',
      format: 'systemd',
      tree: REJOIN_TIMER,
      notifies: ['unit:hastack-galera-rejoin.timer'],
    }),
    unit('mariadb', { group: 'galera' }),
    unit('hastack-galera-check'),
    unit('hastack-galera-rejoin.timer'),
  ];
}

/** A service may have several databases (Nova has three) and one account for all of them. */
function databases(ctx: ClusterContext): readonly Resource[] {
  const all = ctx.contributions('database');
  const users = [...new Map(all.map((wanted) => [wanted.user, wanted.secret]))];
  return [
    ...all.map((wanted) => database({ name: wanted.name })),
    ...users.map(([user, secret]) =>
      databaseUser({
        user,
        hosts: ['%'],
        password: ctx.secret(secret),
        requireTls: true,
        grants: all
          .filter((wanted) => wanted.user === user)
          .map((wanted) => ({ on: `${wanted.name}.*`, privileges: ['ALL PRIVILEGES'] })),
      }),
    ),
  ];
}
