// What every OpenStack service needs of others, as contributions: a user in Keystone, databases, an account of
// RabbitMQ, and the secrets of the three. A component spreads the result into its declaration.
import type { Cluster } from '../../model/cluster.ts';
import type { Component, DatabaseContribution } from '../../model/component.ts';
import { SERVICE_ROLE } from './identity.ts';

export interface AccountsOptions {
  /** User everywhere, and name of its vhost: `nova`. */
  readonly name: string;
  readonly databases: readonly string[];
  /** Processes per host that keep a pool of connections to each of its databases. */
  readonly pools: (cluster: Cluster) => number;
  /** It talks to RabbitMQ. */
  readonly messaging: boolean;
}

export type Accounts = Pick<Component, 'databases' | 'serviceUsers' | 'messageUsers'> & {
  readonly secrets: NonNullable<Component['secrets']>;
};

export function accounts({ name, databases, pools, messaging }: AccountsOptions): Accounts {
  const [user, database, queue] = [`${name}/keystone`, `${name}/database`, `${name}/messaging`];
  return {
    databases: (cluster): readonly DatabaseContribution[] =>
      databases.map((each) => ({ name: each, user: name, secret: database, pools: pools(cluster) })),
    // `admin` because calls to other services (ports of any project, hosts of an instance) still ask for it in 2025.1.
    serviceUsers: [{ name, secret: user, roles: ['admin', SERVICE_ROLE] }],
    messageUsers: messaging ? [{ user: name, vhost: name, secret: queue }] : [],
    secrets: [user, database, ...(messaging ? [queue] : [])].map((secret) => ({ name: secret, kind: 'password' })),
  };
}

/**
 * Processes of each part of a service per host: `services: { nova: { workers: 8 } }`. Not the cores of a host: the
 * sum of all pools of connections must be known before any host is read (database.ts).
 */
export function workersOf(cluster: Cluster, service: string): number {
  const wanted = cluster.services[service]?.['workers'];
  return typeof wanted === 'number' ? wanted : 4;
}
