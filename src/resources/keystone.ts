// The catalogue, projects, users and role assignments of Keystone, through its API from a control host.
// All of a host are read by one python3 process with one token. A user's password cannot be read: it is tried, at
// most once a day, and remembered by a stamp. Unknown while the API does not answer. Source: Identity API v3.
import type { Resource } from '../model/resource.ts';

/** The administrator's log-in, scoped to `project`. */
export interface KeystoneAuth {
  /** `https://10.0.0.10:5000/v3` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
  /** Domain of the user and of the project: `Default`. */
  readonly domain: string;
  /** CA certificate on the host; absent: the system's. */
  readonly caFile?: string;
}

interface Common {
  readonly auth: KeystoneAuth;
}

export interface KeystoneServiceDesired extends Common {
  readonly type: 'service';
  readonly serviceType: string;
  readonly name: string;
  readonly description?: string;
}

export interface KeystoneEndpointDesired extends Common {
  readonly type: 'endpoint';
  readonly serviceType: string;
  readonly serviceName: string;
  readonly interface: 'public' | 'internal' | 'admin';
  readonly region: string;
  readonly url: string;
}

export interface KeystoneDomainDesired extends Common {
  readonly type: 'domain';
  readonly name: string;
  readonly description?: string;
}

export interface KeystoneProjectDesired extends Common {
  readonly type: 'project';
  readonly name: string;
  /** Name of the domain it is in. */
  readonly domain: string;
  readonly description?: string;
}

export interface KeystoneUserDesired extends Common {
  readonly type: 'user';
  readonly name: string;
  readonly domain: string;
  readonly password: string;
}

export interface KeystoneRoleDesired extends Common {
  readonly type: 'role';
  readonly name: string;
}

export interface KeystoneRoleAssignmentDesired extends Common {
  readonly type: 'role-assignment';
  readonly user: string;
  readonly userDomain: string;
  readonly role: string;
  readonly scope: KeystoneScope;
}

export type KeystoneScope =
  | { readonly kind: 'project'; readonly project: string; readonly domain: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'system' };

export type KeystoneDesired =
  | KeystoneServiceDesired
  | KeystoneEndpointDesired
  | KeystoneDomainDesired
  | KeystoneProjectDesired
  | KeystoneUserDesired
  | KeystoneRoleDesired
  | KeystoneRoleAssignmentDesired;

export function keystoneService(options: Omit<KeystoneServiceDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`service:${options.serviceType}`, { type: 'service', ...options });
}

/** The region is made when it is missing. */
export function keystoneEndpoint(options: Omit<KeystoneEndpointDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`endpoint:${options.region}:${options.serviceType}:${options.interface}`, {
    type: 'endpoint',
    ...options,
  });
}

export function keystoneDomain(options: Omit<KeystoneDomainDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`domain:${options.name}`, { type: 'domain', ...options });
}

export function keystoneProject(options: Omit<KeystoneProjectDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`project:${options.domain}:${options.name}`, { type: 'project', ...options });
}

export function keystoneUser(options: Omit<KeystoneUserDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`user:${options.domain}:${options.name}`, { type: 'user', ...options });
}

export function keystoneRole(options: Omit<KeystoneRoleDesired, 'type'>): Resource<KeystoneDesired> {
  return resource(`role:${options.name}`, { type: 'role', ...options });
}

export function keystoneRoleAssignment(
  options: Omit<KeystoneRoleAssignmentDesired, 'type'>,
): Resource<KeystoneDesired> {
  const scope = options.scope;
  const on =
    scope.kind === 'project'
      ? `project:${scope.domain}:${scope.project}`
      : scope.kind === 'domain'
        ? `domain:${scope.domain}`
        : 'system';
  return resource(`role-assignment:${options.userDomain}:${options.user}:${options.role}:${on}`, {
    type: 'role-assignment',
    ...options,
  });
}

function resource(name: string, desired: KeystoneDesired): Resource<KeystoneDesired> {
  return { id: `keystone:${name}`, kind: 'keystone', desired };
}
