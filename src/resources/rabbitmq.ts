// Virtual hosts, users, permissions and policies of RabbitMQ, through the management HTTP API on 127.0.0.1.
// All of a host are read by one curl; credentials and bodies go to curl on stdin. A user's password is compared by
// its salted hash. Unknown while the API does not answer or refuses the administrator.
// Source: RabbitMQ HTTP API reference, password hashing guide.
import { createHash } from 'node:crypto';
import { stableJson } from '../lib/hash.ts';
import type { Difference, Resource, ResourceKind } from '../model/resource.ts';
import { applyRabbitScript, readRabbitScript } from './rabbitmq-http.ts';
import type { Request } from './rabbitmq-http.ts';
import { parseRabbit } from './rabbitmq-state.ts';
import type { RabbitState } from './rabbitmq-state.ts';

/** How the local management API is reached. */
export interface RabbitAdmin {
  readonly adminUser: string;
  readonly adminPassword: string;
  /** 15672 unless given. */
  readonly port?: number;
}

/** Regular expressions over queue and exchange names of one virtual host. */
export interface RabbitPermission {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

export interface RabbitVhostDesired {
  readonly type: 'vhost';
  readonly admin: RabbitAdmin;
  readonly name: string;
  readonly defaultQueueType?: 'quorum' | 'classic' | 'stream';
}

export interface RabbitUserDesired {
  readonly type: 'user';
  readonly admin: RabbitAdmin;
  readonly user: string;
  readonly password: string;
  readonly tags: readonly string[];
  /** By virtual host; permissions on other virtual hosts are drift. */
  readonly permissions: Readonly<Record<string, RabbitPermission>>;
}

export interface RabbitAbsentUserDesired {
  readonly type: 'absent-user';
  readonly admin: RabbitAdmin;
  readonly user: string;
}

export interface RabbitPolicyDesired {
  readonly type: 'policy';
  readonly admin: RabbitAdmin;
  readonly vhost: string;
  readonly name: string;
  readonly pattern: string;
  readonly applyTo: 'all' | 'queues' | 'classic_queues' | 'quorum_queues' | 'streams' | 'exchanges';
  readonly priority: number;
  readonly definition: Readonly<Record<string, string | number | boolean>>;
}

export type RabbitDesired = RabbitVhostDesired | RabbitUserDesired | RabbitAbsentUserDesired | RabbitPolicyDesired;

export const ALL_PERMISSIONS: RabbitPermission = { configure: '.*', write: '.*', read: '.*' };

export function rabbitVhost(options: Omit<RabbitVhostDesired, 'type'>): Resource<RabbitDesired> {
  return resource(`vhost:${options.name}`, { type: 'vhost', ...options });
}

export function rabbitUser(options: Omit<RabbitUserDesired, 'type'>): Resource<RabbitDesired> {
  return resource(`user:${options.user}`, { type: 'user', ...options });
}

/** A user that must not exist, such as `guest`. */
export function rabbitAbsentUser(options: Omit<RabbitAbsentUserDesired, 'type'>): Resource<RabbitDesired> {
  return resource(`user:${options.user}`, { type: 'absent-user', ...options });
}

export function rabbitPolicy(options: Omit<RabbitPolicyDesired, 'type'>): Resource<RabbitDesired> {
  return resource(`policy:${options.vhost}:${options.name}`, { type: 'policy', ...options });
}

export const rabbitKind: ResourceKind<RabbitDesired, RabbitState> = {
  kind: 'rabbitmq',
  read: (items) => ({ text: readRabbitScript(items.map((item) => item.admin)), timeout: 60 }),
  parse: parseRabbit,
  diff(desired, reading) {
    const action = desired.type === 'absent-user' ? 'delete' : 'create';
    if (!reading.known) return { action, reason: reading.reason };
    return diffItem(desired, reading.state);
  },
  apply: (desired, reading) => ({
    text: applyRabbitScript(desired.admin, requests(desired, reading.known ? reading.state : undefined)),
    timeout: 60,
  }),
};

function resource(name: string, desired: RabbitDesired): Resource<RabbitDesired> {
  return { id: `rabbitmq:${name}`, kind: 'rabbitmq', desired };
}

function diffItem(desired: RabbitDesired, state: RabbitState): Difference | undefined {
  switch (desired.type) {
    case 'vhost':
      return diffVhost(desired, state);
    case 'user':
      return diffUser(desired, state);
    case 'absent-user':
      return state.user === undefined ? undefined : { action: 'delete', reason: 'must not exist' };
    default:
      return diffPolicy(desired, state);
  }
}

function diffVhost(desired: RabbitVhostDesired, state: RabbitState): Difference | undefined {
  if (state.vhost === undefined) return { action: 'create', reason: 'missing' };
  const { defaultQueueType } = desired;
  if (defaultQueueType === undefined || state.vhost.defaultQueueType === defaultQueueType) return undefined;
  return {
    action: 'update',
    reason: `default queue type ${state.vhost.defaultQueueType ?? 'not set'} → ${defaultQueueType}`,
  };
}

function diffUser(desired: RabbitUserDesired, state: RabbitState): Difference | undefined {
  if (state.user === undefined) return { action: 'create', reason: 'missing' };
  const reasons: string[] = [];
  if (!passwordMatches(desired.password, state.user)) reasons.push('password differs');
  const tags = (list: readonly string[]) => list.toSorted().join(', ');
  if (tags(desired.tags) !== tags(state.user.tags))
    reasons.push(`tags ${tags(state.user.tags) || 'none'} → ${tags(desired.tags) || 'none'}`);
  for (const [vhost, permission] of Object.entries(desired.permissions)) {
    const present = state.permissions.get(vhost);
    if (present === undefined) reasons.push(`no permission on ${vhost}`);
    else if (stableJson(present) !== stableJson(permission)) reasons.push(`permission on ${vhost} differs`);
  }
  for (const vhost of extraVhosts(desired, state)) reasons.push(`has also a permission on ${vhost}`);
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

/** base64 of 4 bytes of salt and the hash of salt and password. */
function passwordMatches(password: string, user: NonNullable<RabbitState['user']>): boolean {
  const algorithm = /^rabbit_password_hashing_(sha256|sha512|md5)$/.exec(user.algorithm)?.[1];
  if (algorithm === undefined) return false;
  const stored = Buffer.from(user.hash, 'base64');
  return createHash(algorithm).update(stored.subarray(0, 4)).update(password).digest().equals(stored.subarray(4));
}

function extraVhosts(desired: RabbitUserDesired, state: RabbitState | undefined): readonly string[] {
  return [...(state?.permissions.keys() ?? [])].filter((vhost) => !(vhost in desired.permissions)).toSorted();
}

function diffPolicy(desired: RabbitPolicyDesired, state: RabbitState): Difference | undefined {
  if (state.policy === undefined) return { action: 'create', reason: 'missing' };
  const reasons = (['pattern', 'applyTo', 'priority', 'definition'] as const)
    .filter((key) => stableJson(desired[key]) !== stableJson(state.policy?.[key]))
    .map((key) => `${key} ${stableJson(state.policy?.[key])} → ${stableJson(desired[key])}`);
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

function requests(desired: RabbitDesired, state: RabbitState | undefined): readonly Request[] {
  const part = encodeURIComponent;
  switch (desired.type) {
    case 'vhost': {
      const type = desired.defaultQueueType;
      return [
        {
          method: 'PUT',
          path: `vhosts/${part(desired.name)}`,
          body: type === undefined ? {} : { default_queue_type: type },
        },
      ];
    }
    case 'user':
      return [
        {
          method: 'PUT',
          path: `users/${part(desired.user)}`,
          body: { password: desired.password, tags: desired.tags.join(',') },
        },
        ...Object.entries(desired.permissions).map(([vhost, permission]) => ({
          method: 'PUT' as const,
          path: `permissions/${part(vhost)}/${part(desired.user)}`,
          body: { ...permission },
        })),
        ...extraVhosts(desired, state).map((vhost) => ({
          method: 'DELETE' as const,
          path: `permissions/${part(vhost)}/${part(desired.user)}`,
        })),
      ];
    case 'absent-user':
      return state !== undefined && state.user === undefined
        ? []
        : [{ method: 'DELETE', path: `users/${part(desired.user)}`, mayBeMissing: true }];
    default: {
      const { pattern, applyTo, priority, definition } = desired;
      const body = { pattern, 'apply-to': applyTo, priority, definition };
      return [{ method: 'PUT', path: `policies/${part(desired.vhost)}/${part(desired.name)}`, body }];
    }
  }
}
