// Nova's control plane: API, metadata, conductor, scheduler and console proxy, each active on every control host.
// Every part is a member group of its own: they restart one at a time, APIs after the balancers have let go of them.
// Schemas and cells are made without a hand. Compute hosts are another component's.
// Manual: https://docs.openstack.org/nova/2025.1/admin/
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup, servedThroughVip } from '../oslo/api-group.ts';
import type { ApiGroupOptions } from '../oslo/api-group.ts';
import { lockDirectory } from '../oslo/sections.ts';
import { uwsgiIni, uwsgiUnit } from '../oslo/uwsgi.ts';
import { workerGroup, workerHealth, workerUnit } from '../oslo/worker-group.ts';
import { cells } from './cells.ts';
import { novaConf } from './config.ts';
import { ENDPOINTS, apiEndpoint, consoleEndpoint, metadataEndpoint } from './endpoints.ts';
import { novaFailure } from './failure.ts';
import { reportsHealth } from './health.ts';
import {
  ACCOUNT,
  API,
  API_PORT,
  CONDUCTOR,
  CONSOLE,
  METADATA,
  METADATA_PORT,
  METADATA_SECRET,
  NAME,
  SCHEDULER,
  apiProcesses,
} from './names.ts';

const UNITS = [API, METADATA, CONDUCTOR, SCHEDULER, CONSOLE];

export default component({
  id: NAME,
  title: 'Nova',
  roles: ['control'],
  after: ['keystone', 'rabbitmq', 'placement', 'glance'],
  when: (cluster) => NAME in cluster.services,
  packages: [
    'nova-api',
    'nova-conductor',
    'nova-scheduler',
    'nova-consoleproxy',
    'python3-pymysql',
    'python3-memcache',
    'uwsgi-plugin-python3',
  ],
  // The other console proxies come with the package and stay held: nothing configures them.
  units: [...UNITS, 'nova-spicehtml5proxy', 'nova-serialproxy'].map((name) => `${name}.service`),
  ...ACCOUNT,
  secrets: [...ACCOUNT.secrets, { name: METADATA_SECRET, kind: 'password' }],
  endpoints: ENDPOINTS,
  ports: ENDPOINTS.map(({ port }) => ({ port, protocol: 'tcp', use: 'internal', from: 'members' })),
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: cells },
    { on: 'members', group: (ctx) => workerGroup(ctx, { id: CONDUCTOR, component: NAME, unit: CONDUCTOR }) },
    { on: 'members', group: (ctx) => workerGroup(ctx, { id: SCHEDULER, component: NAME, unit: SCHEDULER }) },
    { on: 'members', group: (ctx) => group(ctx, { id: METADATA, endpoint: metadataEndpoint }) },
    { on: 'members', group: (ctx) => group(ctx, { id: CONSOLE, endpoint: consoleEndpoint }) },
    { on: 'members', group: (ctx) => group(ctx, { id: API, endpoint: apiEndpoint }) },
    { on: 'one', resources: (ctx: ClusterContext) => [servedThroughVip(ctx, NAME, 'compute')] },
  ],
  health: (ctx) => [
    answersOnHost(ctx, 'Nova API', apiEndpoint),
    answersOnHost(ctx, 'Nova metadata', metadataEndpoint),
    answersOnHost(ctx, 'Nova console proxy', consoleEndpoint),
    workerHealth(ctx, 'Nova conductor', CONDUCTOR),
    workerHealth(ctx, 'Nova scheduler', SCHEDULER),
    ...reportsHealth(ctx),
  ],
  failure: novaFailure,
});

function group(ctx: ClusterContext, options: Pick<ApiGroupOptions, 'id' | 'endpoint'>) {
  const { check } = options.endpoint;
  const healthPath = check.kind === 'http' ? check.path : '/';
  return apiGroup(ctx, { ...options, component: NAME, unit: options.id, healthPath, startTimeout: 120 });
}

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    directory({ path: lockDirectory(NAME), owner: NAME, group: NAME, mode: '0750' }),
    configFile(ctx, {
      path: '/etc/nova/nova.conf',
      format: 'ini',
      tree: novaConf(ctx),
      mode: '0640',
      group: NAME,
      secrets: ['nova/database', 'nova/keystone', 'nova/messaging', METADATA_SECRET].map((name) => ctx.secret(name)),
      notifies: UNITS.map((name) => `unit:${name}`),
    }),
    ...wsgi(ctx, { name: API, port: API_PORT, processes: apiProcesses(ctx.cluster), threads: 1 }),
    ...wsgi(ctx, { name: METADATA, port: METADATA_PORT, processes: workersOf(ctx.cluster, NAME), threads: 8 }),
    dropIn(ctx, CONDUCTOR, workerUnit()),
    dropIn(ctx, SCHEDULER, workerUnit()),
    dropIn(ctx, CONSOLE, consoleUnit()),
    ...UNITS.map((name) => unit(name, { group: name })),
  ];
}

interface Wsgi {
  readonly name: string;
  readonly port: number;
  readonly processes: number;
  readonly threads: number;
}

function wsgi(ctx: HostContext, { name, port, processes, threads }: Wsgi): readonly Resource[] {
  const ini = `/etc/nova/${name}-uwsgi.ini`;
  const tree = uwsgiIni({
    name,
    address: ctx.address('internal'),
    port,
    wsgiFile: name === API ? '/usr/bin/nova-api-wsgi' : '/usr/bin/nova-metadata-wsgi',
    processes,
    threads,
    directory: '/var/lib/nova',
    log: `/var/log/nova/${name}.log`,
    messaging: true,
  });
  return [
    configFile(ctx, { path: ini, format: 'ini', tree, notifies: [`unit:${name}`] }),
    dropIn(ctx, name, uwsgiUnit({ name, ini, shared: true })),
  ];
}

/**
 * Started directly: Debian's start script asks /etc/default/nova-consoleproxy which proxy is wanted, and every upgrade
 * of the package writes its own answer there.
 */
function consoleUnit(): ConfigTree {
  const { Unit = {}, Service = {} } = workerUnit();
  const command =
    '/usr/bin/nova-novncproxy --config-file=/etc/nova/nova.conf --log-file=/var/log/nova/nova-novncproxy.log';
  return { Unit, Service: { ExecStart: ['', command], ...Service, TimeoutStopSec: '15' } };
}

function dropIn(ctx: HostContext, name: string, tree: ConfigTree): Resource {
  return configFile(ctx, {
    path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
    overrideAs: `${name}.service`,
    format: 'systemd',
    tree,
    notifies: [`unit:${name}`],
  });
}
