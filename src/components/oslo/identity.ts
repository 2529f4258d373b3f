// How services know who asks and who they are themselves: `[keystone_authtoken]`, log-ins for calls to other services,
// `[service_user]`. All through the internal VIP, checked against the internal CA.
// Manual: https://docs.openstack.org/keystonemiddleware/latest/, keystoneauth plugin `password`
import type { OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext, ServiceUserContribution } from '../../model/component.ts';
import { CA_FILE, cacheServers } from './sections.ts';

export const DOMAIN = 'Default';
/** Project of the services' own users. */
export const SERVICE_PROJECT = 'service';
/** What a service token must have, so that it may carry a user's token that has expired on the way. */
export const SERVICE_ROLE = 'service';

type Ctx = Pick<ClusterContext, 'cluster' | 'contributions' | 'addressOf' | 'endpointUrl' | 'secret' | 'options'>;

export function regionOf(ctx: Pick<ClusterContext, 'options'>): string {
  const region = ctx.options('keystone')['region'];
  return typeof region === 'string' ? region : 'RegionOne';
}

/** `[keystone_authtoken]` of the service with this user. */
export function authtokenSection(ctx: Ctx, user: string, serviceType: string): OptionTable {
  const servers = cacheServers(ctx);
  return {
    www_authenticate_uri: ctx.endpointUrl('identity', 'public'),
    ...credentials(ctx, user),
    interface: 'internal',
    region_name: regionOf(ctx),
    service_type: serviceType,
    // A long request may outlive the token of its user; what another service vouches for still counts.
    service_token_roles: SERVICE_ROLE,
    service_token_roles_required: true,
    // A Keystone whose host just died: the next attempt goes to another one.
    http_connect_timeout: 5,
    http_request_max_retries: 3,
    ...(servers.length === 0
      ? {}
      : {
          memcached_servers: servers.join(','),
          // Whole seconds. How long a request waits for a dead memcached, and how long that one is then left alone.
          memcache_pool_socket_timeout: 1,
          memcache_pool_dead_retry: 30,
          token_cache_time: 300,
        }),
  };
}

/** Options of a section with which a service calls another one as its own user: `[placement]`, `[neutron]`. */
export function clientSection(ctx: Ctx, user: string): OptionTable {
  return { ...credentials(ctx, user), region_name: regionOf(ctx), valid_interfaces: 'internal' };
}

/** `[service_user]`: the service's own token goes along with the user's. */
export function serviceUserSection(ctx: Ctx, user: string): OptionTable {
  return { send_service_user_token: true, ...credentials(ctx, user), region_name: regionOf(ctx) };
}

function credentials(ctx: Ctx, user: string): OptionTable {
  return {
    auth_type: 'password',
    auth_url: ctx.endpointUrl('identity', 'internal'),
    cafile: CA_FILE,
    username: user,
    password: ctx.secret(accountOf(ctx, user).secret),
    user_domain_name: DOMAIN,
    project_domain_name: DOMAIN,
    project_name: SERVICE_PROJECT,
  };
}

function accountOf(ctx: Ctx, user: string): ServiceUserContribution {
  const account = ctx.contributions('serviceUser').find(({ name }) => name === user);
  if (account === undefined) throw new Error(`no component contributed the service user ${user}`);
  return account;
}
