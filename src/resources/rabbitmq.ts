// Virtual hosts, users, permissions and policies of RabbitMQ, through the management HTTP API on 127.0.0.1.
// All of a host are read by one curl; credentials and bodies go to curl on stdin. A user's password is compared by
// its salted hash. Unknown while the API does not answer or refuses the administrator.
// Source: RabbitMQ HTTP API reference, password hashing guide.
import type { Resource } from '../model/resource.ts';

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

function resource(name: string, desired: RabbitDesired): Resource<RabbitDesired> {
  return { id: `rabbitmq:${name}`, kind: 'rabbitmq', desired };
}
