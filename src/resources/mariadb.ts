// Databases and accounts of MariaDB, through the local socket as root; all of a host are read in one session.
// Accounts are exact: other accounts of the same user, other privileges and another password are drift. The
// password is compared by its hash, which is computed here; the password itself is never sent.
// Unknown while the server is down or not a member of the primary component. Source: MariaDB SHOW GRANTS, CREATE USER.
import type { Resource } from '../model/resource.ts';

export interface DatabaseDesired {
  readonly type: 'database';
  readonly name: string;
  readonly charset: string;
  readonly collate: string;
}

export interface DatabaseUserDesired {
  readonly type: 'user';
  readonly user: string;
  readonly hosts: readonly string[];
  /** Absent: authenticated by the operating system user of the same name (unix_socket). */
  readonly password?: string;
  readonly requireTls: boolean;
  readonly grants: readonly Grant[];
}

/** `{ on: 'keystone.*', privileges: ['ALL PRIVILEGES'] }`; `*.*` for global ones. */
export interface Grant {
  readonly on: string;
  readonly privileges: readonly string[];
}

export type MariadbDesired = DatabaseDesired | DatabaseUserDesired;

export function database(options: {
  readonly name: string;
  readonly charset?: string;
  readonly collate?: string;
}): Resource<MariadbDesired> {
  return {
    id: `mariadb:database:${options.name}`,
    kind: 'mariadb',
    desired: {
      type: 'database',
      name: options.name,
      charset: options.charset ?? 'utf8mb3',
      collate: options.collate ?? 'utf8mb3_general_ci',
    },
  };
}

/** `hosts` are all the accounts of this user: `['%']`, `['localhost', '10.0.0.%']`. */
export function databaseUser(options: Omit<DatabaseUserDesired, 'type'>): Resource<MariadbDesired> {
  return { id: `mariadb:user:${options.user}`, kind: 'mariadb', desired: { type: 'user', ...options } };
}
