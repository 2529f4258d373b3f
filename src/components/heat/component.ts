// Heat: stacks of resources as one. Two APIs behind the VIPs and an engine on every control host; engines take over each
// other's stacks by locks in the database. Before the first stack: a domain for the users that stacks make.
// Manual: https://docs.openstack.org/heat/2025.1/install/install-debian.html
import { component } from '../../model/component.ts';
import type { ClusterContext, ComponentStep, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { keystoneDomain, keystoneRole, keystoneRoleAssignment, keystoneUser } from '../../resources/keystone.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';
import { accounts, workersOf } from '../oslo/accounts.ts';
import { adminAuth } from '../oslo/admin.ts';
import { answersOnHost, apiGroup } from '../oslo/api-group.ts';
import { schema } from '../oslo/db-sync.ts';
import { apiRule, vipOf, workerRule } from '../oslo/failure.ts';
import { CA_FILE, lockDirectory } from '../oslo/sections.ts';
import { uwsgiUnit } from '../oslo/uwsgi.ts';
import { workerGroup, workerHealth, workerUnit } from '../oslo/worker-group.ts';
import { APIS, DOMAIN_SECRET, KEY_SECRET, NAME, STACK_DOMAIN, STACK_DOMAIN_ADMIN, apiIni, heatConf } from './config.ts';

const ENGINE = 'heat-engine';
const CONF = '/etc/heat/heat.conf';
const NOTIFIES = [...APIS.map((api) => `unit:${api.unit}` as const), `unit:${ENGINE}` as const];

const account = accounts({
  name: NAME,
  databases: [NAME],
  // The engine's workers and its parent; the APIs ask the engine.
  pools: (cluster) => workersOf(cluster, NAME) + 1,
  messaging: true,
});

export default component({
  id: NAME,
  title: 'Heat',
  roles: ['control'],
  after: ['keystone', 'rabbitmq'],
  when: (cluster) => NAME in cluster.services,
  packages: ['heat-api', 'heat-api-cfn', 'heat-engine', 'python3-pymysql', 'python3-memcache', 'uwsgi-plugin-python3'],
  units: [...APIS.map((api) => `${api.unit}.service`), `${ENGINE}.service`],
  ...account,
  secrets: [...account.secrets, { name: KEY_SECRET, kind: 'token-32' }, { name: DOMAIN_SECRET, kind: 'password' }],
  endpoints: APIS.map(({ endpoint }) => endpoint),
  ports: APIS.map(({ endpoint }) => ({ port: endpoint.port, protocol: 'tcp', use: 'internal', from: 'members' })),
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: (ctx: ClusterContext) => [databaseSchema(), ...stackDomain(ctx)] },
    { on: 'members', group: (ctx: ClusterContext) => workerGroup(ctx, { id: ENGINE, component: NAME, unit: ENGINE }) },
    ...APIS.map((api): ComponentStep => ({
      on: 'members',
      group: (ctx) =>
        apiGroup(ctx, {
          id: api.unit,
          component: NAME,
          unit: api.unit,
          endpoint: api.endpoint,
          healthPath: '/healthcheck',
          startTimeout: 120,
        }),
    })),
    { on: 'one', resources: (ctx: ClusterContext) => [served(ctx)] },
  ],
  health: (ctx) => [
    ...APIS.map(({ title, endpoint }) => answersOnHost(ctx, title, endpoint)),
    workerHealth(ctx, 'Heat engine', ENGINE),
  ],
  failure: ({ cluster }) => [
    apiRule(
      { cluster },
      { id: 'heat-api', title: 'Heat API' },
      {
        vip: vipOf(cluster, NAME),
        requires: ['keystone', 'database', 'messaging', ENGINE, 'nova-boot'],
        capabilities: ['orchestration'],
      },
    ),
    workerRule({ cluster }, { id: ENGINE, title: 'Heat engine', conf: 'heat.conf' }),
  ],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    directory({ path: lockDirectory(NAME), owner: NAME, group: NAME, mode: '0750' }),
    configFile(ctx, {
      path: CONF,
      format: 'ini',
      tree: heatConf(ctx),
      mode: '0640',
      group: NAME,
      secrets: [
        ...account.secrets.map(({ name }) => ctx.secret(name)),
        ctx.secret(KEY_SECRET),
        ctx.secret(DOMAIN_SECRET),
      ],
      notifies: NOTIFIES,
    }),
    ...APIS.flatMap((api) => {
      const ini = `/etc/heat/${api.unit}-uwsgi.ini`;
      const notifies = [`unit:${api.unit}` as const];
      return [
        configFile(ctx, { path: ini, format: 'ini', tree: apiIni(ctx, api), notifies }),
        configFile(ctx, {
          path: `/etc/systemd/system/${api.unit}.service.d/hastack.conf`,
          overrideAs: `${api.unit}.service`,
          format: 'systemd',
          tree: uwsgiUnit({ name: api.unit, ini, shared: true }),
          notifies,
        }),
        unit(api.unit, { group: api.unit }),
      ];
    }),
    configFile(ctx, {
      path: `/etc/systemd/system/${ENGINE}.service.d/hastack.conf`,
      overrideAs: `${ENGINE}.service`,
      format: 'systemd',
      tree: workerUnit(),
      notifies: [`unit:${ENGINE}`],
    }),
    unit(ENGINE, { group: ENGINE }),
  ];
}

function databaseSchema(): Resource {
  return schema({
    name: NAME,
    package: 'heat-common',
    databases: [
      {
        database: NAME,
        command: 'runuser -u heat -- heat-manage db_sync',
        // The engines enter themselves there when they first run.
        firstRows: 'service',
        log: '/var/log/heat/heat-manage.log',
      },
    ],
  });
}

/** The domain of stack users and its administrator, and the role that such users have. Made once, kept as it is. */
function stackDomain(ctx: ClusterContext): readonly Resource[] {
  const auth = adminAuth(ctx);
  return [
    keystoneDomain({ auth, name: STACK_DOMAIN, description: 'Users that Heat makes for stacks' }),
    keystoneUser({ auth, name: STACK_DOMAIN_ADMIN, domain: STACK_DOMAIN, password: ctx.secret(DOMAIN_SECRET) }),
    keystoneRoleAssignment({
      auth,
      user: STACK_DOMAIN_ADMIN,
      userDomain: STACK_DOMAIN,
      role: 'admin',
      scope: { kind: 'domain', domain: STACK_DOMAIN },
    }),
    keystoneRole({ auth, name: 'heat_stack_user' }),
  ];
}

/** The catalogue's address has a place for the project in it; the versions at the root are for everybody. */
function served(ctx: ClusterContext): Resource {
  const url = new URL(ctx.endpointUrl('orchestration', 'internal'));
  const ask = sh`curl -sf -m 3 -o /dev/null --cacert ${CA_FILE} ${`${url.origin}/healthcheck`}`;
  return runOnce({
    name: `${NAME}-served`,
    unless: ask,
    script: `deadline=60\nuntil ${ask}; do\n  deadline=$((deadline - 1)); [ "$deadline" -gt 0 ] || { echo 'the internal VIP does not serve it' >&2; exit 1; }\n  sleep 1\ndone\n`,
    timeout: 270,
  });
}
