// What stands in Keystone: the schema and the administrator first (no API yet), then through the API the
// catalogue and the account that drills and checks use.
import type { ClusterContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import {
  keystoneEndpoint,
  keystoneProject,
  keystoneRole,
  keystoneRoleAssignment,
  keystoneService,
  keystoneUser,
} from '../../resources/keystone.ts';
import type { KeystoneAuth } from '../../resources/keystone.ts';
import { runOnce } from '../../resources/run.ts';
import { ADMIN_SECRET, adminAuth } from '../oslo/admin.ts';
import { servedThroughVip } from '../oslo/api-group.ts';
import { schema } from '../oslo/db-sync.ts';
import { DOMAIN, SERVICE_PROJECT, regionOf } from '../oslo/identity.ts';

/** Account of probes and health checks: may read its own project and nothing else. */
export const PROBE_SECRET = 'keystone/probe';
export const PROBE_USER = 'hastack-probe';

export function setUp(ctx: ClusterContext): readonly Resource[] {
  return [
    schema({
      name: 'keystone',
      package: 'keystone',
      databases: [
        {
          database: 'keystone',
          command: 'runuser -u keystone -- keystone-manage db_sync',
          firstRows: 'local_user',
          log: '/var/log/keystone/keystone-manage.log',
        },
      ],
    }),
    runOnce({
      name: 'keystone-bootstrap',
      unless: `mariadb -N -e "SELECT COUNT(*) FROM keystone.assignment a JOIN keystone.local_user u ON a.actor_id = u.user_id JOIN keystone.role r ON a.role_id = r.id WHERE u.name = 'admin' AND r.name = 'admin'" 2>/dev/null | grep -q '^[1-9]'`,
      script: bootstrap(ctx),
      timeout: 300,
    }),
  ];
}

/** The password goes through the environment, never through an argument list. */
function bootstrap(ctx: ClusterContext): string {
  const internal = ctx.endpointUrl('identity', 'internal');
  return [
    sh`OS_BOOTSTRAP_PASSWORD=${ctx.secret(ADMIN_SECRET)}`,
    'export OS_BOOTSTRAP_PASSWORD',
    sh`runuser -u keystone -- keystone-manage bootstrap --bootstrap-username admin --bootstrap-project-name admin --bootstrap-role-name admin --bootstrap-service-name keystone --bootstrap-region-id ${regionOf(ctx)} --bootstrap-admin-url ${internal} --bootstrap-internal-url ${internal} --bootstrap-public-url ${ctx.endpointUrl('identity', 'public')}`,
  ].join('\n');
}

export function catalogue(ctx: ClusterContext): readonly Resource[] {
  const auth = adminAuth(ctx);
  const services = ctx.contributions('endpoint').filter((each) => each.serviceType !== undefined);
  return [
    servedThroughVip(ctx, 'keystone', 'identity'),
    ...services.flatMap((service) => {
      const serviceType = service.serviceType ?? '';
      const serviceName = service.serviceName ?? service.name;
      const url = (vip: 'public' | 'internal') => ctx.endpointUrl(serviceType, vip);
      const common = { auth, serviceType, serviceName, region: regionOf(ctx) };
      return [
        keystoneService({ auth, serviceType, name: serviceName }),
        keystoneEndpoint({ ...common, interface: 'public', url: url('public') }),
        keystoneEndpoint({ ...common, interface: 'internal', url: url('internal') }),
        keystoneEndpoint({ ...common, interface: 'admin', url: url('internal') }),
      ];
    }),
    keystoneProject({ auth, name: SERVICE_PROJECT, domain: DOMAIN }),
    keystoneUser({ auth, name: PROBE_USER, domain: DOMAIN, password: ctx.secret(PROBE_SECRET) }),
    keystoneRoleAssignment({
      auth,
      user: PROBE_USER,
      userDomain: DOMAIN,
      role: 'reader',
      scope: { kind: 'project', project: SERVICE_PROJECT, domain: DOMAIN },
    }),
    ...serviceUsers(ctx, auth),
  ];
}

/** The accounts with which services check tokens and call each other. */
function serviceUsers(ctx: ClusterContext, auth: KeystoneAuth): readonly Resource[] {
  const users = ctx.contributions('serviceUser');
  const roles = [...new Set(users.flatMap((user) => user.roles))].filter((role) => role !== 'admin');
  return [
    ...roles.map((name) => keystoneRole({ auth, name })),
    ...users.flatMap(({ name, secret, roles: granted }) => [
      keystoneUser({ auth, name, domain: DOMAIN, password: ctx.secret(secret) }),
      ...granted.map((role) =>
        keystoneRoleAssignment({
          auth,
          user: name,
          userDomain: DOMAIN,
          role,
          scope: { kind: 'project', project: SERVICE_PROJECT, domain: DOMAIN },
        }),
      ),
    ]),
  ];
}
