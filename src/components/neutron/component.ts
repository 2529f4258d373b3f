// Neutron's server with ML2: the API under uWSGI, the RPC server beside it, periodic and OVN maintenance workers; all
// active on every network host. Routers, DHCP and the data path are OVN's (ovn-host), or those of agents
// (neutron-ovs-agent, neutron-l3-agent, neutron-dhcp-agent).
// Manual: https://docs.openstack.org/neutron/2025.1/admin/
import type { Cluster } from '../../model/cluster.ts';
import { component } from '../../model/component.ts';
import type { EndpointContribution, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { BUSY } from '../oslo/balancer.ts';
import { accounts, workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup, servedThroughVip } from '../oslo/api-group.ts';
import { schema } from '../oslo/db-sync.ts';
import { apiRule, vipOf } from '../oslo/failure.ts';
import { networkServiceHosts, withOvn } from '../oslo/networks.ts';
import { agentUnits } from '../oslo/neutron-agents.ts';
import { lockDirectory } from '../oslo/sections.ts';
import { uwsgiUnit } from '../oslo/uwsgi.ts';
import { workerGroup, workerHealth, workerUnit } from '../oslo/worker-group.ts';
import {
  CERTIFICATE,
  CONF,
  CONFIG_FILES,
  ML2_CONF,
  NAME,
  PORT,
  daemonUnit,
  ml2Conf,
  neutronConf,
  neutronUwsgi,
} from './config.ts';

const API = 'neutron-api';
const RPC = 'neutron-rpc-server';
const INI = '/etc/neutron/neutron-api-uwsgi.ini';
const HEALTH_PATH = '/healthcheck';
const PERIODIC = { name: 'neutron-periodic-workers', description: 'Neutron periodic workers' } as const;
/** Installed with agents too, where its unit stays masked. */
const MAINTENANCE = { name: 'neutron-ovn-maintenance-worker', description: 'Neutron OVN maintenance worker' } as const;
const DAEMONS = [PERIODIC, MAINTENANCE] as const;

function daemonsOf(cluster: Cluster): readonly (typeof DAEMONS)[number][] {
  return withOvn(cluster) ? DAEMONS : [PERIODIC];
}

function allUnits(cluster: Cluster): readonly string[] {
  return [API, RPC, ...daemonsOf(cluster).map(({ name }) => name)].map((name) => `unit:${name}`);
}

const account = accounts({
  name: NAME,
  databases: [NAME],
  // API workers, RPC workers twice (calls and agents' states), the two daemons and the parents.
  pools: (cluster) => 3 * workersOf(cluster, NAME) + 4,
  messaging: true,
});

const endpoint: EndpointContribution = {
  name: NAME,
  serviceType: 'network',
  serviceName: NAME,
  port: PORT,
  path: '',
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: HEALTH_PATH, expect: '200' },
  timeouts: { check: BUSY.check },
  cutSessionsAfter: BUSY.cutSessionsAfter,
};

export default component({
  id: NAME,
  title: 'Neutron',
  roles: ['network'],
  placedOn: networkServiceHosts,
  after: ['keystone', 'rabbitmq', 'ovn-central'],
  when: (cluster) => NAME in cluster.services,
  packages: [
    API,
    RPC,
    ...DAEMONS.map(({ name }) => name),
    'python3-pymysql',
    'python3-memcache',
    'uwsgi-plugin-python3',
  ],
  units: [API, RPC, ...DAEMONS.map(({ name }) => name)].map((name) => `${name}.service`),
  ...account,
  certificates: (cluster) =>
    withOvn(cluster)
      ? [{ name: CERTIFICATE, owner: 'root', group: NAME, uses: ['internal'], notifies: allUnits(cluster) }]
      : [],
  endpoints: [endpoint],
  ports: [{ port: PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: () => [databaseSchema()] },
    { on: 'members', group: (ctx) => workerGroup(ctx, { id: RPC, component: NAME, unit: RPC, startTimeout: 180 }) },
    {
      on: 'members',
      group: (ctx) => apiGroup(ctx, { id: NAME, unit: API, endpoint, healthPath: HEALTH_PATH, startTimeout: 180 }),
    },
    { on: 'each', resources: ({ cluster }) => daemonsOf(cluster).map(({ name }) => unit(name)) },
    { on: 'one', resources: (ctx) => [servedThroughVip(ctx, NAME, 'network')] },
  ],
  health: (ctx) => [answersOnHost(ctx, 'Neutron', endpoint), workerHealth(ctx, 'Neutron RPC server', RPC)],
  failure: ({ cluster }) => [
    apiRule(
      { cluster },
      { id: API, title: 'Neutron API' },
      {
        vip: vipOf(cluster, NAME),
        requires: ['keystone', 'database', 'messaging', 'memcached', ...(withOvn(cluster) ? ['ovn-db'] : [])],
      },
    ),
  ],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  const secrets = account.secrets.map(({ name }) => ctx.secret(name));
  const own = { mode: '0640', group: NAME, notifies: allUnits(ctx.cluster) };
  return [
    directory({ path: lockDirectory(NAME), owner: NAME, group: NAME }),
    configFile(ctx, {
      path: CONF,
      format: 'ini',
      tree: neutronConf(ctx),
      secrets,
      ...own,
      // Agents on the same host read it too.
      notifies: [...own.notifies, ...agentUnits(ctx)],
    }),
    configFile(ctx, { path: ML2_CONF, format: 'ini', tree: ml2Conf(ctx), ...own }),
    configFile(ctx, { path: INI, format: 'ini', tree: neutronUwsgi(ctx), notifies: [`unit:${API}`] }),
    ...unitFiles(ctx),
    unit(API, { group: NAME }),
    unit(RPC, { group: RPC }),
  ];
}

function unitFiles(ctx: HostContext): readonly Resource[] {
  const dropIns = [
    { name: API, tree: uwsgiUnit({ name: API, ini: INI, shared: true }) },
    { name: RPC, tree: workerUnit() },
  ];
  return [
    ...dropIns.map(({ name, tree }) =>
      configFile(ctx, {
        path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
        overrideAs: `${name}.service`,
        format: 'systemd',
        tree,
        notifies: [`unit:${name}`],
      }),
    ),
    ...daemonsOf(ctx.cluster).map(({ name, description }) =>
      configFile(ctx, {
        path: `/etc/systemd/system/${name}.service`,
        format: 'systemd',
        tree: daemonUnit(name, description),
        notifies: [`unit:${name}`],
      }),
    ),
  ];
}

function databaseSchema(): Resource {
  return schema({
    name: NAME,
    package: 'neutron-common',
    databases: [
      {
        database: NAME,
        // It has no option for a log of its own.
        command: `runuser -u neutron -- neutron-db-manage ${CONFIG_FILES} upgrade head >/var/log/neutron/neutron-db-manage.log 2>&1`,
        firstRows: 'networks',
        log: '/var/log/neutron/neutron-db-manage.log',
      },
    ],
  });
}
