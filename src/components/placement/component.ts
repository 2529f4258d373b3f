// Placement: which host has room for what. An API without state of its own, on every control host behind the VIPs.
// Manual: https://docs.openstack.org/placement/2025.1/
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { ClusterContext, EndpointContribution, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { unit } from '../../resources/unit.ts';
import { accounts, workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup, servedThroughVip } from '../oslo/api-group.ts';
import { databaseSection } from '../oslo/database.ts';
import { schema } from '../oslo/db-sync.ts';
import { apiRule, vipOf } from '../oslo/failure.ts';
import { authtokenSection } from '../oslo/identity.ts';
import { MIDDLEWARE, POLICY } from '../oslo/sections.ts';
import { uwsgiIni, uwsgiUnit } from '../oslo/uwsgi.ts';

const NAME = 'placement';
const UNIT = 'placement-api';
const PORT = 8778;
const INI = '/etc/placement/placement-api-uwsgi.ini';
/** Its versions, to anybody: Placement has no page for checks. */
const HEALTH_PATH = '/';
const NOTIFIES = [`unit:${UNIT}`];

const account = accounts({
  name: NAME,
  databases: [NAME],
  pools: (cluster) => workersOf(cluster, NAME),
  messaging: false,
});

const endpoint: EndpointContribution = {
  name: NAME,
  serviceType: 'placement',
  serviceName: NAME,
  port: PORT,
  path: '',
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: HEALTH_PATH, expect: '200' },
  cutSessionsAfter: 3,
};

export default component({
  id: NAME,
  title: 'Placement',
  roles: ['control'],
  after: ['keystone'],
  when: (cluster) => NAME in cluster.services,
  packages: ['placement-api', 'python3-pymysql', 'python3-memcache', 'uwsgi-plugin-python3'],
  units: [`${UNIT}.service`],
  ...account,
  endpoints: [endpoint],
  ports: [{ port: PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: () => [databaseSchema()] },
    {
      on: 'members',
      group: (ctx) => apiGroup(ctx, { id: NAME, unit: UNIT, endpoint, healthPath: HEALTH_PATH, startTimeout: 120 }),
    },
    { on: 'one', resources: (ctx: ClusterContext) => [servedThroughVip(ctx, NAME, 'placement')] },
  ],
  health: (ctx) => [answersOnHost(ctx, 'Placement', endpoint)],
  failure: ({ cluster }) => [
    apiRule(
      { cluster },
      { id: NAME, title: 'Placement' },
      { vip: vipOf(cluster, NAME, 'internal'), requires: ['keystone', 'database'] },
    ),
  ],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/placement/placement.conf',
      format: 'ini',
      tree: placementConf(ctx),
      mode: '0640',
      group: NAME,
      secrets: [ctx.secret(`${NAME}/database`), ctx.secret(`${NAME}/keystone`)],
      notifies: NOTIFIES,
    }),
    configFile(ctx, {
      path: INI,
      format: 'ini',
      tree: uwsgiIni({
        name: UNIT,
        endpoint: NAME,
        address: ctx.address('internal'),
        port: PORT,
        wsgiFile: '/usr/bin/placement-api',
        processes: workersOf(ctx.cluster, NAME),
        threads: 8,
        directory: '/var/lib/placement',
        log: '/var/log/placement/placement-api.log',
      }),
      notifies: NOTIFIES,
    }),
    configFile(ctx, {
      path: `/etc/systemd/system/${UNIT}.service.d/hastack.conf`,
      overrideAs: `${UNIT}.service`,
      format: 'systemd',
      tree: uwsgiUnit({ name: UNIT, ini: INI }),
      notifies: NOTIFIES,
    }),
    unit(UNIT, { group: NAME }),
  ];
}

function placementConf(ctx: HostContext): ConfigTree {
  // Placement has a database layer of its own that does not try a lost statement again.
  const { db_max_retries: _none, ...database } = databaseSection(ctx, NAME);
  return {
    DEFAULT: { log_dir: '/var/log/placement' },
    placement_database: database,
    api: { auth_strategy: 'keystone' },
    keystone_authtoken: authtokenSection(ctx, NAME, 'placement'),
    oslo_middleware: MIDDLEWARE,
    oslo_policy: POLICY,
  };
}

function databaseSchema(): Resource {
  return schema({
    name: NAME,
    package: 'placement-common',
    databases: [
      {
        database: NAME,
        command: 'runuser -u placement -- placement-manage db sync',
        firstRows: 'traits',
        log: '/var/log/placement/placement-manage.log',
      },
    ],
  });
}
