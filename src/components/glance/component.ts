// Glance: images, active on every control host behind the VIPs. All hosts must reach every image: RBD in Ceph and files
// on an NFS server do that; files on a host do it only when it is the only one, which `hastack check` looks after.
// Runs as Debian runs it, by eventlet and not under uWSGI.
// Manual: https://docs.openstack.org/glance/2025.1/admin/
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { ClusterContext, EndpointContribution, HostContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { BUSY } from '../oslo/balancer.ts';
import { accounts, workersOf } from '../oslo/accounts.ts';
import { answersOnHost, apiGroup, servedThroughVip } from '../oslo/api-group.ts';
import { schema } from '../oslo/db-sync.ts';
import { apiRule, vipOf } from '../oslo/failure.ts';
import { lockDirectory } from '../oslo/sections.ts';
import { workerUnit } from '../oslo/worker-group.ts';
import { DATA, NAME, PORT, glanceConf, storeOf } from './config.ts';

const UNIT = 'glance-api';
const HEALTH_PATH = '/healthcheck';
const NOTIFIES = [`unit:${UNIT}`];
const CEPH_SECRET = 'ceph/client.glance';
/** Seconds without a byte: a large upload is hashed and flushed before it is answered. */
const UPLOAD_TIMEOUT = 600;
/** Seconds that transfers get to finish before their server restarts. */
const DRAIN = 120;

const account = accounts({
  name: NAME,
  databases: [NAME],
  pools: (cluster) => workersOf(cluster, NAME),
  messaging: false,
});

const endpoint: EndpointContribution = {
  name: NAME,
  serviceType: 'image',
  serviceName: NAME,
  port: PORT,
  path: '',
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  // Transfers last long: by their number, not in turn. Sessions of a server that is marked down go on: it may only be
  // slow to answer its check while it hashes.
  balance: 'leastconn',
  check: { kind: 'http', path: HEALTH_PATH, expect: '200' },
  timeouts: { client: UPLOAD_TIMEOUT, server: UPLOAD_TIMEOUT, check: BUSY.check },
};

export default component({
  id: NAME,
  title: 'Glance',
  roles: ['control'],
  after: ['keystone', 'ceph', 'ceph-client', 'glance-nfs'],
  when: (cluster) => NAME in cluster.services,
  packages: ['glance-api', 'python3-pymysql', 'python3-memcache', 'python3-rados', 'python3-rbd'],
  units: [`${UNIT}.service`],
  ...account,
  secrets: [...account.secrets, { name: CEPH_SECRET, kind: 'ceph-key' }],
  cephUsers: (cluster) =>
    storeOf(cluster) === 'ceph'
      ? [
          {
            user: NAME,
            pools: [{ pool: 'images', access: 'write' }],
            secret: CEPH_SECRET,
            owner: 'root',
            group: NAME,
          },
        ]
      : [],
  endpoints: [endpoint],
  ports: [{ port: PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: () => [databaseSchema()] },
    {
      on: 'members',
      group: (ctx) =>
        apiGroup(ctx, {
          id: NAME,
          unit: UNIT,
          endpoint,
          healthPath: HEALTH_PATH,
          startTimeout: 120,
          drainSeconds: DRAIN,
        }),
    },
    { on: 'one', resources: (ctx: ClusterContext) => [servedThroughVip(ctx, NAME, 'image')] },
  ],
  health: (ctx) => [answersOnHost(ctx, 'Glance', endpoint)],
  failure,
});

function hostResources(ctx: HostContext): readonly Resource[] {
  const owned = { owner: NAME, group: NAME, mode: '0750' };
  const nfs = storeOf(ctx.cluster) === 'nfs';
  return [
    // On NFS the server says whose the images are.
    ...[...(nfs ? [] : [`${DATA}/images`]), `${DATA}/staging`, `${DATA}/tasks`, lockDirectory(NAME)].map((path) =>
      directory({ path, ...owned }),
    ),
    configFile(ctx, {
      path: '/etc/glance/glance-api.conf',
      format: 'ini',
      tree: glanceConf(ctx),
      mode: '0640',
      group: NAME,
      secrets: [ctx.secret(`${NAME}/database`), ctx.secret(`${NAME}/keystone`)],
      notifies: NOTIFIES,
    }),
    configFile(ctx, {
      path: `/etc/systemd/system/${UNIT}.service.d/hastack.conf`,
      overrideAs: `${UNIT}.service`,
      format: 'systemd',
      tree: nfs ? afterMount(workerUnit()) : workerUnit(),
      notifies: NOTIFIES,
    }),
    unit(UNIT, { group: NAME }),
  ];
}

function afterMount({ Unit = {}, ...rest }: ConfigTree): ConfigTree {
  return { Unit: { ...Unit, RequiresMountsFor: `${DATA}/images` }, ...rest };
}

function databaseSchema(): Resource {
  return schema({
    name: NAME,
    package: 'glance-common',
    databases: [
      {
        database: NAME,
        command: 'runuser -u glance -- glance-manage db_sync',
        firstRows: 'images',
        log: '/var/log/glance/glance-manage.log',
      },
    ],
  });
}

function failure({ cluster }: ClusterContext): readonly ComponentRule[] {
  const store = storeOf(cluster);
  const nodes = store === 'ceph' ? ['ceph-osd', 'ceph-mon'] : [];
  return [
    apiRule(
      { cluster },
      { id: NAME, title: 'Glance' },
      {
        vip: vipOf(cluster, NAME),
        requires: ['keystone', 'database', 'memcached', 'image-store', ...nodes],
        capabilities: ['images'],
      },
    ),
    ...(store === 'file' ? [imageFiles()] : []),
  ];
}

/** One host has one file system and everything is on it; of several, each holds what was uploaded through it. */
function imageFiles(): ComponentRule {
  return {
    id: 'image-store',
    title: 'image files on the controllers',
    needs: atLeast(1),
    serves: 'own',
    passive: true,
    uses: ['internal'],
    interruption: {},
    survives: ['process-killed', 'process-frozen'],
    part: 'the images that were uploaded through the failed hosts',
    improve: 'keep images where every controller reaches them: services: { glance: { store: ceph } }',
  };
}
