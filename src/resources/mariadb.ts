// Databases and accounts of MariaDB, through the local socket as root; all of a host are read in one session.
// Accounts are exact: other accounts of the same user, other privileges and another password are drift. The
// password is compared by its hash, which is computed here; the password itself is never sent.
// Unknown while the server is down or not a member of the primary component. Source: MariaDB SHOW GRANTS, CREATE USER.
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { compareGrants, wantedGrants } from './mariadb-grants.ts';
import {
  accountSql,
  applyMariadbScript,
  authenticationMatches,
  databaseSql,
  dropSql,
  readMariadbScript,
} from './mariadb-sql.ts';
import { parseMariadb } from './mariadb-state.ts';
import type { AccountState, MariadbState } from './mariadb-state.ts';

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
  const { name, charset = 'utf8mb3', collate = 'utf8mb3_general_ci' } = options;
  checkWords([name, charset, collate], /^[A-Za-z0-9_]+$/);
  return { id: `mariadb:database:${name}`, kind: 'mariadb', desired: { type: 'database', name, charset, collate } };
}

/** `hosts` are all the accounts of this user: `['%']`, `['localhost', '10.0.0.%']`. */
export function databaseUser(options: Omit<DatabaseUserDesired, 'type'>): Resource<MariadbDesired> {
  checkWords([options.user, ...options.hosts], /^[A-Za-z0-9_.%:/-]+$/);
  checkWords(
    options.grants.map((grant) => grant.on),
    /^(\*|[A-Za-z0-9_]+)\.(\*|[A-Za-z0-9_]+)$/,
  );
  checkWords(
    options.grants.flatMap((grant) => grant.privileges),
    /^[A-Za-z0-9_ (),]+$/,
  );
  // Its other accounts would be dropped, and with them the way in.
  if (options.user === 'root' || options.user === 'mariadb.sys')
    throw new Error(`the user ${options.user} is not managed`);
  return { id: `mariadb:user:${options.user}`, kind: 'mariadb', desired: { type: 'user', ...options } };
}

export const mariadbKind: ResourceKind<MariadbDesired, MariadbState> = {
  kind: 'mariadb',
  read: (items) => ({ text: readMariadbScript(items), timeout: 30 }),
  parse: parseMariadb,
  diff(desired, reading) {
    if (!reading.known) return { action: 'create', reason: reading.reason };
    return desired.type === 'database' ? diffDatabase(desired, reading.state) : diffUser(desired, reading.state);
  },
  apply: (desired, reading) => ({ text: applyMariadbScript(statements(desired, reading)), timeout: 90 }),
};

function checkWords(words: readonly string[], pattern: RegExp): void {
  const wrong = words.find((word) => !pattern.test(word));
  if (wrong !== undefined) throw new Error(`not a plain SQL word: ${JSON.stringify(wrong)}`);
}

function diffDatabase(desired: DatabaseDesired, state: MariadbState): Difference | undefined {
  if (state.type !== 'database' || state.present === undefined) return { action: 'create', reason: 'missing' };
  const { charset, collate } = state.present;
  if (charset === desired.charset && collate === desired.collate) return undefined;
  return { action: 'update', reason: `${charset}/${collate} → ${desired.charset}/${desired.collate}` };
}

function diffUser(desired: DatabaseUserDesired, state: MariadbState): Difference | undefined {
  const accounts = state.type === 'user' ? state.accounts : [];
  if (accounts.length === 0) return { action: 'create', reason: 'missing' };
  const reasons = [
    ...desired.hosts.flatMap((host) => accountReasons(desired, host, accountAt(accounts, host))),
    ...extraAccounts(desired, accounts).map(({ host }) => `extra account for host ${host}`),
  ];
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

function accountReasons(
  desired: DatabaseUserDesired,
  host: string,
  state: AccountState | undefined,
): readonly string[] {
  if (state === undefined) return [`no account for host ${host}`];
  const reasons: string[] = [];
  if (!authenticationMatches(desired, state)) reasons.push('password differs');
  if (desired.requireTls && state.tls !== 'ANY') reasons.push('TLS is not required');
  if (!desired.requireTls && state.tls !== '') reasons.push('TLS is required');
  for (const { on, missing, extra } of compareGrants(wantedGrants(desired.grants), state.grants)) {
    if (missing.length > 0) reasons.push(`lacks ${missing.join(', ')} on ${on}`);
    if (extra.length > 0) reasons.push(`has also ${extra.join(', ')} on ${on}`);
  }
  return desired.hosts.length === 1 ? reasons : reasons.map((reason) => `${reason} (host ${host})`);
}

function statements(desired: MariadbDesired, reading: Reading<MariadbState>): readonly string[] {
  if (desired.type === 'database') return databaseSql(desired);
  const accounts = reading.known && reading.state.type === 'user' ? reading.state.accounts : [];
  return [
    ...desired.hosts.flatMap((host) => accountSql(desired, host, accountAt(accounts, host))),
    ...extraAccounts(desired, accounts).map(({ host }) => dropSql(desired.user, host)),
  ];
}

function accountAt(accounts: readonly AccountState[], host: string): AccountState | undefined {
  return accounts.find((account) => account.host.toLowerCase() === host.toLowerCase());
}

function extraAccounts(desired: DatabaseUserDesired, accounts: readonly AccountState[]): readonly AccountState[] {
  return accounts.filter(({ host }) => !desired.hosts.some((each) => each.toLowerCase() === host.toLowerCase()));
}
