// heat.conf, and what its two APIs run under. Options as in Heat of OpenStack 2025.1.
// Manual: https://docs.openstack.org/heat/2025.1/configuration/
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { ClusterContext, EndpointContribution, HostContext } from '../../model/component.ts';
import { BUSY } from '../oslo/balancer.ts';
import { workersOf } from '../oslo/accounts.ts';
import { databaseSection } from '../oslo/database.ts';
import { authtokenSection, clientSection, regionOf } from '../oslo/identity.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { cacheSection, CA_FILE, concurrencySection, MIDDLEWARE, POLICY } from '../oslo/sections.ts';
import { uwsgiIni } from '../oslo/uwsgi.ts';

export const NAME = 'heat';
export const KEY_SECRET = 'heat/encryption';
export const DOMAIN_SECRET = 'heat/domain';
/** Users that stacks make (signals, wait conditions) live in a domain of their own, under this administrator. */
export const STACK_DOMAIN = 'heat';
export const STACK_DOMAIN_ADMIN = 'heat_domain_admin';

export interface Api {
  /** Unit, program and name in queues. */
  readonly unit: 'heat-api' | 'heat-api-cfn';
  readonly title: string;
  readonly wsgiFile: string;
  readonly endpoint: EndpointContribution;
}

const common = {
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: '/healthcheck', expect: '200' },
  cutSessionsAfter: BUSY.cutSessionsAfter,
} as const;

export const APIS: readonly Api[] = [
  {
    unit: 'heat-api',
    title: 'Heat',
    wsgiFile: '/usr/bin/heat-wsgi-api',
    endpoint: {
      ...common,
      name: 'heat',
      serviceType: 'orchestration',
      serviceName: 'heat',
      port: 8004,
      path: '/v1/%(tenant_id)s',
      // The engine answers a call when it has begun the work, but validates large templates first.
      timeouts: { server: RPC_TIMEOUT + 10, check: BUSY.check },
    },
  },
  {
    // What instances signal to (wait conditions, software deployments).
    unit: 'heat-api-cfn',
    title: 'Heat CloudFormation',
    wsgiFile: '/usr/bin/heat-wsgi-api-cfn',
    endpoint: {
      ...common,
      name: 'heat-cfn',
      serviceType: 'cloudformation',
      serviceName: 'heat-cfn',
      port: 8000,
      path: '/v1',
    },
  },
];

export function heatConf(ctx: HostContext): ConfigTree {
  const cfn = ctx.endpointUrl('cloudformation', 'public');
  return {
    DEFAULT: {
      log_dir: '/var/log/heat',
      transport_url: transportUrl(ctx, NAME),
      rpc_response_timeout: RPC_TIMEOUT,
      num_engine_workers: workersOf(ctx.cluster, NAME),
      region_name_for_services: regionOf(ctx),
      heat_metadata_server_url: new URL(cfn).origin,
      heat_waitcondition_server_url: `${cfn}/waitcondition`,
      // Stacks act for their users later on by trusts; nobody's password is kept.
      deferred_auth_method: 'trusts',
      stack_domain_admin: STACK_DOMAIN_ADMIN,
      stack_domain_admin_password: ctx.secret(DOMAIN_SECRET),
      stack_user_domain_name: STACK_DOMAIN,
      auth_encryption_key: ctx.secret(KEY_SECRET),
      // Instances reach Keystone by its public address only.
      server_keystone_endpoint_type: 'public',
    },
    database: databaseSection(ctx, NAME),
    keystone_authtoken: authtokenSection(ctx, NAME, 'orchestration'),
    trustee: trusteeSection(ctx),
    clients: { endpoint_type: 'internalURL', ca_file: CA_FILE },
    clients_keystone: { auth_uri: ctx.endpointUrl('identity', 'internal'), ca_file: CA_FILE },
    // Requests of instances that are signed as EC2's are checked by Keystone.
    ec2authtoken: { auth_uri: ctx.endpointUrl('identity', 'internal'), ca_file: CA_FILE },
    cache: cacheSection(ctx),
    oslo_concurrency: concurrencySection(NAME),
    oslo_messaging_rabbit: RABBIT,
    oslo_middleware: MIDDLEWARE,
    oslo_policy: POLICY,
  };
}

/** Who the trusts are given to: the user of the service, without a project. */
function trusteeSection(ctx: ClusterContext): ConfigTree[string] {
  const {
    project_name: _project,
    project_domain_name: _domain,
    region_name: _region,
    valid_interfaces: _interfaces,
    ...user
  } = clientSection(ctx, NAME);
  return user;
}

export function apiIni(ctx: HostContext, { unit, wsgiFile, endpoint }: Api): ConfigTree {
  return uwsgiIni({
    name: unit,
    endpoint: endpoint.name,
    address: ctx.address('internal'),
    port: endpoint.port,
    wsgiFile,
    processes: workersOf(ctx.cluster, NAME),
    // As Debian runs it; the APIs only ask the engine.
    threads: 8,
    directory: '/var/lib/heat',
    log: `/var/log/heat/${unit}.log`,
    messaging: true,
  });
}
