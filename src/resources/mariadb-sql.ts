// The SQL of the mariadb kind and the shell around it. Everything that is put into SQL was checked to be a plain word
// first, so that no quoting mode of the server matters. Passwords travel as their hash, also into the binary log.
import { createHash } from 'node:crypto';
import { compareGrants, wantedGrants } from './mariadb-grants.ts';
import type { GrantMap } from './mariadb-grants.ts';
import type { DatabaseDesired, DatabaseUserDesired, MariadbDesired } from './mariadb.ts';
import type { AccountState } from './mariadb-state.ts';
import { END_MARK, withInput } from './script.ts';

/** The value of mysql_native_password: `*` and SHA1(SHA1(password)) in upper-case hex. */
export function nativePasswordHash(password: string): string {
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

/** Rows: `ok`, `database <name> <charset> <collation>`, `account <user> <host> <plugin> <hash> <tls> <several>`,
 *  `grants <item> <host index>` followed by the lines of SHOW GRANTS; columns are separated by tabs. */
export function readMariadbScript(items: readonly MariadbDesired[]): string {
  const users = items.flatMap((item) => (item.type === 'user' ? [item.user] : []));
  const sql = [
    "SELECT 'ok';",
    "SELECT 'database', SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA;",
    ...(users.length === 0 ? [] : [accountsQuery(users)]),
    ...items.flatMap((item, index) =>
      item.type === 'database'
        ? []
        : item.hosts.map(
            (host, at) => `SELECT 'grants', ${index}, ${at};\nSHOW GRANTS FOR ${account(item.user, host)};`,
          ),
    ),
    '',
  ].join('\n');
  // --force: an account that does not exist yet is an error of its own SHOW GRANTS only.
  return `command -v mariadb >/dev/null || { echo 'absent MariaDB is not installed yet'; echo ${END_MARK}; exit 0; }
${withInput('timeout 20 mariadb --batch --raw --skip-column-names --force 2>/dev/null', sql, ' || :')}
echo ${END_MARK}
`;
}

function accountsQuery(users: readonly string[]): string {
  const names = [...new Set(users)].map((user) => `'${user}'`).join(', ');
  return `SELECT 'account', u.User, u.Host, u.plugin, u.authentication_string, u.ssl_type, JSON_EXISTS(g.Priv, '$.auth_or')
  FROM mysql.user u JOIN mysql.global_priv g ON g.User = u.User AND g.Host = u.Host WHERE u.User IN (${names});`;
}

/** The client repeats the statement when it fails: only the error itself is passed on. */
export function applyMariadbScript(sql: readonly string[]): string {
  const input = sql.map((statement) => `${statement};\n`).join('');
  return `${withInput('e=$(timeout 60 mariadb --batch 2>&1', input)}
) || { printf '%s\\n' "$e" | grep '^ERROR' >&2 || echo 'MariaDB did not answer' >&2; exit 1; }
`;
}

export function databaseSql(desired: DatabaseDesired): readonly string[] {
  const options = `CHARACTER SET ${desired.charset} COLLATE ${desired.collate}`;
  return [
    `CREATE DATABASE IF NOT EXISTS \`${desired.name}\` ${options}`,
    `ALTER DATABASE \`${desired.name}\` ${options}`,
  ];
}

/** Statements for one account; without a state all of them. Privileges are never taken away and given back. */
export function accountSql(
  desired: DatabaseUserDesired,
  host: string,
  state: AccountState | undefined,
): readonly string[] {
  const name = account(desired.user, host);
  const options = `${identified(desired)} REQUIRE ${desired.requireTls ? 'SSL' : 'NONE'}`;
  const differences = compareGrants(wantedGrants(desired.grants), state?.grants ?? noGrants);
  return [
    `CREATE USER IF NOT EXISTS ${name} ${options}`,
    ...(state === undefined || !accountMatches(desired, state) ? [`ALTER USER ${name} ${options}`] : []),
    ...differences.flatMap(({ on, extra }) => revokeSql(extra, on, name)),
    ...differences.flatMap(({ on, missing }) => (missing.length === 0 ? [] : [grantSql(missing, on, name)])),
  ];
}

const noGrants: GrantMap = new Map();

/** Authentication and TLS are as desired. */
function accountMatches(desired: DatabaseUserDesired, state: AccountState): boolean {
  return authenticationMatches(desired, state) && state.tls === (desired.requireTls ? 'ANY' : '');
}

export function authenticationMatches(desired: DatabaseUserDesired, state: AccountState): boolean {
  if (state.several) return false;
  if (desired.password === undefined) return state.plugin === 'unix_socket';
  return state.plugin === 'mysql_native_password' && state.hash.toUpperCase() === nativePasswordHash(desired.password);
}

export function dropSql(user: string, host: string): string {
  return `DROP USER IF EXISTS ${account(user, host)}`;
}

function identified(desired: DatabaseUserDesired): string {
  if (desired.password === undefined) return 'IDENTIFIED VIA unix_socket';
  return `IDENTIFIED VIA mysql_native_password USING '${nativePasswordHash(desired.password)}'`;
}

/** GRANT OPTION cannot stand in a list with others. */
function revokeSql(privileges: readonly string[], on: string, name: string): readonly string[] {
  const named = privileges.filter((each) => each !== 'GRANT OPTION');
  return [
    ...(named.length === 0 ? [] : [`REVOKE ${named.join(', ')} ON ${object(on)} FROM ${name}`]),
    ...(named.length === privileges.length ? [] : [`REVOKE GRANT OPTION ON ${object(on)} FROM ${name}`]),
  ];
}

function grantSql(privileges: readonly string[], on: string, name: string): string {
  const named = privileges.filter((each) => each !== 'GRANT OPTION');
  const option = named.length < privileges.length ? ' WITH GRANT OPTION' : '';
  return `GRANT ${named.length === 0 ? 'USAGE' : named.join(', ')} ON ${object(on)} TO ${name}${option}`;
}

function account(user: string, host: string): string {
  return `'${user}'@'${host}'`;
}

/** `_` and `%` in a database name would be patterns; in a grant on one table they are not. */
function object(on: string): string {
  const dot = on.indexOf('.');
  const [name, table] = [on.slice(0, dot), on.slice(dot + 1)];
  if (name === '*') return '*.*';
  return table === '*' ? `\`${name.replaceAll(/[_%]/g, '\\$&')}\`.*` : `\`${name}\`.\`${table}\``;
}
