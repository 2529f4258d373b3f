// Keystone: identity, active on every control host behind the VIPs. Fernet keys are hastack's secrets, the same
// on all hosts, so a token of one is good at all. First-time set-up (schema, administrator) is repeated safely.
// Manual: https://docs.openstack.org/keystone/2025.1/admin/
import { component } from '../../model/component.ts';
import type { ClusterContext, EndpointContribution, HostContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { FailureRule } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory, file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { ADMIN_SECRET } from '../oslo/admin.ts';
import { apiGroup } from '../oslo/api-group.ts';
import { FASTER_CHECKS, silentServer } from '../oslo/balancer.ts';
import { uwsgiUnit } from '../oslo/uwsgi.ts';
import { keystoneBackup } from './backup.ts';
import { CREDENTIAL_KEYS, FERNET_KEYS, PORT, PROCESSES, UWSGI_INI, keystoneConf, keystoneUwsgi } from './config.ts';
import { PROBE_SECRET, catalogue, setUp } from './objects.ts';

const UNIT = 'unit:keystone';
const DATABASE_SECRET = 'keystone/database';
const HEALTH_PATH = '/healthcheck';

const endpoint: EndpointContribution = {
  name: 'keystone',
  serviceType: 'identity',
  serviceName: 'keystone',
  port: PORT,
  path: '/v3',
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: HEALTH_PATH, expect: '200' },
  // A second token for one request harms nobody.
  retryPosts: ['/v3/auth/tokens'],
  cutSessionsAfter: 3,
};

export default component({
  id: 'keystone',
  title: 'Keystone',
  roles: ['control'],
  after: ['galera', 'memcached', 'haproxy', 'keepalived'],
  when: (cluster) => 'keystone' in cluster.services,
  packages: ['keystone', 'python3-pymysql', 'python3-memcache', 'uwsgi-plugin-python3'],
  units: ['keystone.service'],
  databases: [{ name: 'keystone', user: 'keystone', secret: DATABASE_SECRET, pools: PROCESSES }],
  endpoints: [endpoint],
  ports: [{ port: PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  secrets: [
    { name: DATABASE_SECRET, kind: 'password' },
    { name: ADMIN_SECRET, kind: 'password' },
    { name: PROBE_SECRET, kind: 'password' },
    ...[0, 1].flatMap((index) => [
      { name: `keystone/fernet/${index}`, kind: 'fernet-key' as const },
      { name: `keystone/credential/${index}`, kind: 'fernet-key' as const },
    ]),
  ],
  steps: [
    { on: 'each', resources: hostResources },
    { on: 'one', resources: setUp },
    {
      on: 'members',
      group: (ctx) =>
        apiGroup(ctx, { id: 'keystone', unit: 'keystone', endpoint, healthPath: HEALTH_PATH, startTimeout: 120 }),
    },
    { on: 'one', resources: catalogue },
  ],
  health: (ctx) => [
    {
      name: 'Keystone answers on its host',
      script: `curl -sf -m 3 -o /dev/null -w '%{http_code}\\n' http://${ctx.address('internal')}:${PORT}${HEALTH_PATH}`,
    },
    {
      name: 'Keystone answers through the internal VIP',
      script: `curl -sf -m 3 -o /dev/null -w '%{http_code}\\n' --cacert /etc/hastack/tls/ca.crt ${ctx.endpointUrl('identity', 'internal')}`,
    },
  ],
  backup: keystoneBackup,
  failure,
});

function hostResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/keystone/keystone.conf',
      format: 'ini',
      tree: keystoneConf(ctx),
      mode: '0640',
      group: 'keystone',
      secrets: [ctx.secret(DATABASE_SECRET)],
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: UWSGI_INI,
      format: 'ini',
      tree: keystoneUwsgi(ctx),
      notifies: [UNIT],
    }),
    ...keyRepository(ctx, FERNET_KEYS, 'keystone/fernet'),
    ...keyRepository(ctx, CREDENTIAL_KEYS, 'keystone/credential'),
    configFile(ctx, {
      path: '/etc/systemd/system/keystone.service.d/hastack.conf',
      overrideAs: 'keystone.service',
      format: 'systemd',
      tree: uwsgiUnit({ name: 'keystone', ini: UWSGI_INI }),
      notifies: [UNIT],
    }),
    unit('keystone', { group: 'keystone' }),
  ];
}

/** Key 0 is the next one, the highest is the one that signs. Keystone reads them anew at every use. */
function keyRepository(ctx: ClusterContext, path: string, secret: string): readonly Resource[] {
  const owned = { owner: 'keystone', group: 'keystone' };
  return [
    directory({ path, mode: '0700', ...owned }),
    ...[0, 1].map((index) =>
      file({
        path: `${path}/${index}`,
        content: ctx.secret(`${secret}/${index}`),
        mode: '0600',
        secret: true,
        ...owned,
      }),
    ),
  ];
}

function failure(ctx: ClusterContext): FailureRule {
  const silent = silentServer(ctx, 'keystone');
  return {
    needs: atLeast(1),
    requires: ['galera', 'memcached', 'haproxy', 'keepalived'],
    // Tokens are not stored: logging in only reads.
    readsOnly: ['galera'],
    capabilities: ['identity'],
    interruption: {
      'process-killed': { terms: [] },
      'process-frozen': silent,
      'host-power': silent,
      'host-isolated': silent,
    },
    improve: FASTER_CHECKS,
  };
}
