// Cinder: API, scheduler, volume and backup service on every control host. With volumes in Ceph all volume services
// are one cluster: any of them does the work of another, and locks in etcd keep two from working on one volume.
// With NFS or LVM each volume service owns the volumes made through it.
// Manual: https://docs.openstack.org/cinder/2025.1/, contributor/high_availability.html
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { accounts, workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup } from '../oslo/api-group.ts';
import { schema } from '../oslo/db-sync.ts';
import { lockDirectory } from '../oslo/sections.ts';
import { uwsgiIni, uwsgiUnit } from '../oslo/uwsgi.ts';
import { VOLUME_KEY_SECRET, VOLUME_USER, volumeStore } from '../oslo/volume-store.ts';
import { workerGroup, workerHealth, workerUnit } from '../oslo/worker-group.ts';
import { BACKUP_KEY_SECRET, BACKUP_USER, cinderConf } from './config.ts';
import { API_PORT, endpoint } from './endpoint.ts';
import { cinderFailure } from './failure.ts';

const NAME = 'cinder';
const API = 'cinder-api';
const WORKERS = [
  { id: 'cinder-scheduler', title: 'Cinder scheduler' },
  { id: 'cinder-volume', title: 'Cinder volume service' },
  { id: 'cinder-backup', title: 'Cinder backup service' },
] as const;
const INI = '/etc/cinder/cinder-api-uwsgi.ini';
const ALL_UNITS = [API, ...WORKERS.map(({ id }) => id)].map((name) => `unit:${name}`);
/** Comes with cinder-volume and would listen on every address. */
const TARGET_DAEMON = 'tgt';
/** Scheduler, backup, and the volume service with a child for its backend. */
const OTHER_POOLS = 4;

const account = accounts({
  name: NAME,
  databases: [NAME],
  pools: (cluster) => workersOf(cluster, NAME) + OTHER_POOLS,
  messaging: true,
});

export default component({
  id: NAME,
  title: 'Cinder',
  roles: ['control'],
  after: ['keystone', 'rabbitmq', 'etcd', 'ceph', 'glance'],
  when: (cluster) => NAME in cluster.services,
  packages: [
    API,
    'cinder-scheduler',
    'cinder-volume',
    'cinder-backup',
    'python3-etcd3gw',
    'python3-memcache',
    'python3-pymysql',
    'qemu-utils',
    'tgt',
    'uwsgi-plugin-python3',
  ],
  units: [API, ...WORKERS.map(({ id }) => id), TARGET_DAEMON].map((name) => `${name}.service`),
  ...account,
  secrets: [
    ...account.secrets,
    { name: VOLUME_KEY_SECRET, kind: 'ceph-key' },
    { name: BACKUP_KEY_SECRET, kind: 'ceph-key' },
  ],
  cephUsers: (cluster) =>
    volumeStore(cluster) === 'ceph'
      ? [
          {
            user: VOLUME_USER,
            // Volumes are copied on write from images, and instances' root disks may become volumes.
            pools: [
              { pool: 'volumes', access: 'write' },
              { pool: 'images', access: 'read' },
            ],
            secret: VOLUME_KEY_SECRET,
            owner: 'root',
            group: NAME,
          },
          {
            user: BACKUP_USER,
            pools: [{ pool: 'backups', access: 'write' }],
            secret: BACKUP_KEY_SECRET,
            owner: 'root',
            group: NAME,
          },
        ]
      : [],
  certificates: [
    {
      name: NAME,
      owner: 'root',
      group: NAME,
      uses: ['internal'],
      notifies: ['unit:cinder-volume', 'unit:cinder-backup'],
    },
  ],
  endpoints: [endpoint],
  ports: [{ port: API_PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: () => [databaseSchema()] },
    {
      on: 'members',
      group: (ctx) =>
        apiGroup(ctx, { id: API, component: NAME, unit: API, endpoint, healthPath: '/healthcheck', startTimeout: 120 }),
    },
    ...WORKERS.map(({ id }) => ({
      on: 'members' as const,
      group: (ctx: Parameters<typeof workerGroup>[0]) => workerGroup(ctx, { id, component: NAME, unit: id }),
    })),
  ],
  health: (ctx) => [
    answersOnHost(ctx, 'Cinder API', endpoint),
    ...WORKERS.map(({ id, title }) => workerHealth(ctx, title, id)),
  ],
  failure: cinderFailure,
});

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/cinder/cinder.conf',
      format: 'ini',
      tree: cinderConf(ctx),
      mode: '0640',
      group: NAME,
      secrets: account.secrets.map(({ name }) => ctx.secret(name)),
      notifies: ALL_UNITS,
    }),
    configFile(ctx, {
      path: INI,
      format: 'ini',
      tree: uwsgiIni({
        name: API,
        endpoint: NAME,
        address: ctx.address('internal'),
        port: API_PORT,
        wsgiFile: '/usr/bin/cinder-wsgi',
        processes: workersOf(ctx.cluster, NAME),
        threads: 8,
        directory: '/var/lib/cinder',
        log: '/var/log/cinder/cinder-api.log',
        messaging: true,
      }),
      notifies: [`unit:${API}`],
    }),
    directory({ path: lockDirectory(NAME), owner: NAME, group: NAME, mode: '0750' }),
    dropIn(ctx, API, uwsgiUnit({ name: API, ini: INI, shared: true })),
    ...WORKERS.map(({ id }) => dropIn(ctx, id, workerUnit())),
    ...(volumeStore(ctx.cluster) === 'lvm'
      ? []
      : [unit(TARGET_DAEMON, { enabled: false, active: false, onChange: 'nothing' })]),
    ...[API, ...WORKERS.map(({ id }) => id)].map((name) => unit(name, { group: name })),
  ];
}

function dropIn(ctx: HostContext, name: string, tree: Parameters<typeof configFile>[1]['tree']): Resource {
  return configFile(ctx, {
    path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
    overrideAs: `${name}.service`,
    format: 'systemd',
    tree,
    notifies: [`unit:${name}`],
  });
}

/** The migrations themselves fill volume_types and quota_classes; services has rows once one of them ran. */
function databaseSchema(): Resource {
  return schema({
    name: NAME,
    package: 'cinder-common',
    databases: [
      {
        database: NAME,
        command: 'runuser -u cinder -- cinder-manage db sync',
        firstRows: 'services',
        log: '/var/log/cinder/cinder-manage.log',
      },
    ],
  });
}
