import { describe, expect, it } from 'vitest';
import { compareGrants, parseGrants, wantedGrants } from './mariadb-grants.ts';
import { nativePasswordHash } from './mariadb-sql.ts';
import type { AccountState } from './mariadb-state.ts';
import { database, databaseUser, mariadbKind } from './mariadb.ts';

const nova = databaseUser({
  user: 'nova',
  hosts: ['%'],
  password: 'secret-password',
  requireTls: true,
  grants: [{ on: 'nova.*', privileges: ['ALL'] }],
}).desired;
const account: AccountState = {
  host: '%',
  plugin: 'mysql_native_password',
  hash: nativePasswordHash('secret-password'),
  tls: 'ANY',
  several: false,
  grants: parseGrants(['GRANT ALL PRIVILEGES ON `nova`.* TO `nova`@`%`']),
};

it('hashes passwords as the server does', () => {
  // SELECT PASSWORD('mariadb'), from the MariaDB manual.
  expect(nativePasswordHash('mariadb')).toBe('*54958E764CE10E50764C2EECBB71D01F08549980');
});

describe('facts to changes', () => {
  const cases: readonly [string, readonly AccountState[], string | undefined][] = [
    ['as desired', [account], undefined],
    ['missing', [], 'create: missing'],
    ['other password', [{ ...account, hash: '*AB' }], 'update: password differs'],
    ['hash in lower case', [{ ...account, hash: account.hash.toLowerCase() }], undefined],
    ['other plugin', [{ ...account, plugin: 'ed25519' }], 'update: password differs'],
    ['a second way in', [{ ...account, several: true }], 'update: password differs'],
    ['TLS not required', [{ ...account, tls: '' }], 'update: TLS is not required'],
    ['no grants', [{ ...account, grants: new Map() }], 'update: lacks ALL PRIVILEGES on nova.*'],
    ['other account', [account, { ...account, host: 'localhost' }], 'update: extra account for host localhost'],
    [
      'only another account',
      [{ ...account, host: 'localhost' }],
      'update: no account for host %, extra account for host localhost',
    ],
  ];
  it.each(cases)('%s', (_title, accounts, expected) => {
    const difference = mariadbKind.diff(nova, { known: true, state: { type: 'user', accounts } });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('a database', () => {
    const { desired } = database({ name: 'nova' });
    const diff = (present?: { charset: string; collate: string }) =>
      mariadbKind.diff(desired, {
        known: true,
        state: { type: 'database', ...(present === undefined ? {} : { present }) },
      })?.reason;
    expect(diff()).toBe('missing');
    expect(diff({ charset: 'utf8mb3', collate: 'utf8mb3_general_ci' })).toBeUndefined();
    expect(diff({ charset: 'utf8mb4', collate: 'x' })).toBe('utf8mb4/x → utf8mb3/utf8mb3_general_ci');
  });

  it('what could not be read is a create', () => {
    expect(mariadbKind.diff(nova, { known: false, reason: 'down' })).toEqual({ action: 'create', reason: 'down' });
  });
});

describe('statements', () => {
  const sql = (accounts: readonly AccountState[]) =>
    mariadbKind.apply(nova, { known: true, state: { type: 'user', accounts } }, { action: 'update', reason: '' }).text;

  it('never contain the password', () => {
    expect(sql([])).not.toContain('secret-password');
  });

  it('change what differs and nothing else', () => {
    const create = /CREATE USER IF NOT EXISTS [^\n]*\n/;
    const statements = (accounts: readonly AccountState[]) =>
      sql(accounts)
        .replace(create, '')
        .split('\n')
        .filter((line) => /^[A-Z]+ /.test(line) && line.endsWith(';'));
    const other = parseGrants([
      'GRANT SELECT ON `mysql`.* TO x WITH GRANT OPTION',
      'GRANT ALL PRIVILEGES ON `nova`.* TO x',
    ]);
    expect(statements([{ ...account, grants: other }])).toEqual([
      "REVOKE SELECT ON `mysql`.* FROM 'nova'@'%';",
      "REVOKE GRANT OPTION ON `mysql`.* FROM 'nova'@'%';",
    ]);
    expect(statements([{ ...account, grants: new Map() }])).toEqual([
      "GRANT ALL PRIVILEGES ON `nova`.* TO 'nova'@'%';",
    ]);
    expect(statements([account, { ...account, host: '10.%' }])).toEqual(["DROP USER IF EXISTS 'nova'@'10.%';"]);
  });
});

describe('grants', () => {
  it.each([
    ["GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*A' REQUIRE SSL", {}],
    ['GRANT ALL PRIVILEGES ON `nova\\_api`.* TO `u`@`%`', { 'nova_api.*': ['ALL PRIVILEGES'] }],
    ['GRANT SELECT, INSERT (`a`, `b`), UPDATE ON `d`.`t` TO `u`@`%`', { 'd.t': ['INSERT (a, b)', 'SELECT', 'UPDATE'] }],
    [
      'GRANT RELOAD, BINLOG MONITOR ON *.* TO `u`@`%` WITH GRANT OPTION',
      { '*.*': ['BINLOG MONITOR', 'GRANT OPTION', 'RELOAD'] },
    ],
    ['GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`', {}],
    ['GRANT `role` TO `u`@`%`', {}],
  ])('%s', (line, expected) => {
    const parsed = [...parseGrants([line])].map(([on, privileges]) => [on, [...privileges].toSorted()]);
    expect(Object.fromEntries(parsed)).toEqual(expected);
  });

  it('are compared whatever their spelling', () => {
    const wanted = wantedGrants([
      { on: 'a.*', privileges: ['all', 'grant option'] },
      { on: '*.*', privileges: ['replication  client'] },
    ]);
    const present = parseGrants([
      'GRANT ALL PRIVILEGES ON `a`.* TO x WITH GRANT OPTION',
      'GRANT BINLOG MONITOR ON *.* TO x',
    ]);
    expect(compareGrants(wanted, present)).toEqual([]);
  });
});

it.each(["no'va", 'a b', ''])('refuses the user %j', (user) => {
  expect(() => databaseUser({ user, hosts: ['%'], requireTls: false, grants: [] })).toThrow('plain SQL word');
});

it('does not manage root, whose other accounts would be dropped', () => {
  expect(() => databaseUser({ user: 'root', hosts: ['localhost'], requireTls: false, grants: [] })).toThrow(
    'not managed',
  );
});
