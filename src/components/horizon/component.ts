// Horizon: the dashboard, under uWSGI on every control host, behind the public VIP on 443. Debian's package gives the
// program and its static files; Apache is not needed and not installed.
// Manual: https://docs.openstack.org/horizon/2025.1/admin/
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { ClusterContext, EndpointContribution, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory, file } from '../../resources/file.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';
import { BUSY } from '../oslo/balancer.ts';
import { workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup } from '../oslo/api-group.ts';
import { apiRule, vipOf } from '../oslo/failure.ts';
import { uwsgiIni } from '../oslo/uwsgi.ts';
import { DATABASE_SECRET, KEY_SECRET, NAME, settingsText } from './settings.ts';

const UNIT = 'hastack-horizon';
const CLEAR = 'hastack-horizon-clear';
const PORT = 443;
const BACKEND_PORT = 8080;
const USER = 'www-data';
const DIRECTORY = '/usr/share/openstack-dashboard';
const MANAGE = `${DIRECTORY}/manage.py`;
const INI = '/etc/openstack-dashboard/horizon-uwsgi.ini';
const STATIC = '/var/lib/openstack-dashboard/static';
const LOGS = '/var/log/horizon';
/** The log-in page: Django, the templates and the settings are all there. */
const HEALTH_PATH = '/auth/login/';
const NOTIFIES = [`unit:${UNIT}`] as const;

const endpoint: EndpointContribution = {
  name: NAME,
  port: PORT,
  backendPort: BACKEND_PORT,
  path: '/',
  mode: 'http',
  vips: ['public'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: HEALTH_PATH, expect: '200' },
  // Images are uploaded through it, and pages wait for several services.
  timeouts: { client: 300, server: 300, check: BUSY.check },
  cutSessionsAfter: BUSY.cutSessionsAfter,
};

export default component({
  id: NAME,
  title: 'Horizon',
  roles: ['control'],
  after: ['keystone'],
  when: (cluster) => NAME in cluster.services,
  packages: ['openstack-dashboard', 'python3-mysqldb', 'python3-pymemcache', 'uwsgi-plugin-python3'],
  databases: (cluster) => [{ name: NAME, user: NAME, secret: DATABASE_SECRET, pools: workersOf(cluster, NAME) }],
  endpoints: [endpoint],
  ports: [{ port: BACKEND_PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  secrets: [
    { name: DATABASE_SECRET, kind: 'password' },
    { name: KEY_SECRET, kind: 'password' },
  ],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: () => [sessionTable()] },
    {
      on: 'members',
      group: (ctx: ClusterContext) =>
        apiGroup(ctx, { id: NAME, unit: UNIT, endpoint, healthPath: HEALTH_PATH, startTimeout: 120 }),
    },
  ],
  health: (ctx) => [answersOnHost(ctx, 'Horizon', endpoint)],
  failure: ({ cluster }) => [
    apiRule(
      { cluster },
      { id: NAME, title: 'Horizon' },
      { vip: vipOf(cluster, NAME), requires: ['keystone', 'database', 'memcached'], capabilities: ['dashboard'] },
    ),
  ],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    directory({ path: LOGS, owner: USER, group: 'adm', mode: '0750' }),
    file({
      path: '/etc/openstack-dashboard/local_settings.d/_9000_hastack.py',
      content: settingsText(ctx),
      mode: '0640',
      group: USER,
      secrets: [ctx.secret(KEY_SECRET), ctx.secret(DATABASE_SECRET)],
      notifies: NOTIFIES,
    }),
    configFile(ctx, { path: INI, format: 'ini', tree: horizonIni(ctx), notifies: NOTIFIES }),
    configFile(ctx, { path: unitPath(`${UNIT}.service`), format: 'systemd', tree: SERVICE, notifies: NOTIFIES }),
    configFile(ctx, { path: unitPath(`${CLEAR}.service`), format: 'systemd', tree: CLEAR_SERVICE }),
    configFile(ctx, {
      path: unitPath(`${CLEAR}.timer`),
      format: 'systemd',
      tree: CLEAR_TIMER,
      notifies: [`unit:${CLEAR}.timer`],
    }),
    unit(UNIT, { group: NAME }),
    unit(`${CLEAR}.timer`),
  ];
}

function unitPath(name: string): string {
  return `/etc/systemd/system/${name}`;
}

function horizonIni(ctx: HostContext): ConfigTree {
  const { uwsgi } = uwsgiIni({
    name: NAME,
    address: ctx.address('internal'),
    port: BACKEND_PORT,
    wsgiFile: `${DIRECTORY}/wsgi.py`,
    processes: workersOf(ctx.cluster, NAME),
    // A page waits for several services, one after the other.
    threads: 4,
    directory: DIRECTORY,
    log: `${LOGS}/horizon.log`,
  });
  return { uwsgi: { ...uwsgi, 'static-map': `/static=${STATIC}` } };
}

const SERVICE: ConfigTree = {
  Unit: {
    Description: 'OpenStack Dashboard (Horizon)',
    After: 'network-online.target',
    Wants: 'network-online.target',
  },
  Service: {
    User: USER,
    Group: USER,
    ExecStart: `/usr/bin/uwsgi_python3 --ini ${INI}`,
    KillMode: 'mixed',
    Restart: 'always',
    RestartSec: '1s',
    TimeoutStopSec: '40',
    NoNewPrivileges: 'yes',
    ProtectHome: 'yes',
    PrivateTmp: 'yes',
  },
  Install: { WantedBy: 'multi-user.target' },
};

/** Django keeps sessions that have expired until it is told otherwise. */
const CLEAR_SERVICE: ConfigTree = {
  Unit: { Description: 'Remove expired sessions of the OpenStack Dashboard' },
  Service: { Type: 'oneshot', User: USER, Group: USER, ExecStart: `${MANAGE} clearsessions` },
};

const CLEAR_TIMER: ConfigTree = {
  Unit: { Description: 'Remove expired sessions of the OpenStack Dashboard' },
  Timer: { OnCalendar: 'daily', RandomizedDelaySec: '2h' },
  Install: { WantedBy: 'timers.target' },
};

/** Django's migrations can be repeated; each is in its own table of what was done. */
function sessionTable(): Resource {
  return runOnce({
    name: 'horizon-session-table',
    unless: `mariadb -N -e 'SELECT COUNT(*) FROM horizon.django_session' >/dev/null 2>&1`,
    script: `runuser -u ${USER} -- ${MANAGE} migrate sessions --noinput`,
    timeout: 300,
  });
}
