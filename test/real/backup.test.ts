// A backup of a deployed cluster under writes, and what a restore makes of it: rows as they were, tables that had been
// dropped, no member left behind, also after a kill in the middle.
// Needs root and the lab's packages. One lab for the whole file; the tests follow on each other.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackupResult } from '../../src/flows/backup.ts';
import type { RestoreResult } from '../../src/flows/restore.ts';
import { Deployment, HOSTS } from './support/deployment.ts';
import { MINUTES } from './support/lab-tools.ts';

let cluster: Deployment;
let directory: string;

const sql = (host: string, text: string): Promise<string> =>
  cluster.on(host, `mariadb --batch --skip-column-names <<'SQL'\n${text}\nSQL`);
const rows = (host: string): Promise<string> => sql(host, 'SELECT GROUP_CONCAT(v ORDER BY id) FROM proof.rows');

beforeAll(async () => {
  cluster = await Deployment.up('proof-backup', 94);
  directory = join(cluster.directory, 'backups');
  expect((await cluster.apply()).failures).toEqual([]);
  await sql(
    'ctl1',
    "CREATE DATABASE proof; CREATE TABLE proof.rows (id INT PRIMARY KEY, v TEXT); CREATE TABLE proof.kept (id INT PRIMARY KEY); INSERT INTO proof.rows VALUES (1, 'a'), (2, 'b'); INSERT INTO proof.kept VALUES (7);",
  );
}, 15 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

describe('a backup', () => {
  it('is taken from a member without clients, verifies, and leaves that member synced', async () => {
    const { code, stdout, stderr } = await cluster.cli(['backup', '--lab', '--json', '--verify', '--to', directory]);
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout) as BackupResult;
    expect(result.verified.map(({ name, ok }) => [name, ok])).toContainEqual(['galera', true]);
    const databases = result.parts.find(({ name }) => name === 'galera');
    expect(databases?.host).not.toBe('ctl3');
    expect(Object.keys(databases?.stable ?? {})).toEqual(expect.arrayContaining(['proof.rows', 'proof.kept']));
    for (const host of HOSTS)
      expect(await sql(host, "SHOW STATUS LIKE 'wsrep_local_state_comment'")).toContain('Synced');
    say(`backup and verification: ${result.seconds.toFixed(0)} s`);
  });

  it('leaves no whole backup and no desynced member when it is killed', async () => {
    const before = readdirSync(directory);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../dist/main.js'), 'backup', '--lab', '--to', directory],
      {
        cwd: cluster.directory,
        stdio: 'ignore',
        detached: true,
      },
    );
    await expect
      .poll(() => readdirSync(directory).some((name) => name.endsWith('.partial')), { timeout: 60_000 })
      .toBe(true);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(readdirSync(directory).filter((name) => !name.endsWith('.partial'))).toEqual(before);
    for (const host of HOSTS) {
      await expect
        .poll(() => sql(host, 'SELECT @@global.wsrep_desync'), { timeout: 60_000, interval: 1000 })
        .toBe('0\n');
    }
  });
});

describe('a restore', () => {
  const restore = (...words: readonly string[]) =>
    cluster.cli(['restore', '--lab', '--json', '--from', directory, ...words]);

  it('asks first, and says what it destroys', async () => {
    const { code, stdout } = await restore();
    expect(code).toBe(1);
    expect(stdout).toContain('every row written since the backup is lost');
  });

  it('brings back changed rows and a dropped table on every member', async () => {
    await sql(
      'ctl2',
      "UPDATE proof.rows SET v = 'changed' WHERE id = 1; INSERT INTO proof.rows VALUES (3, 'later'); DROP TABLE proof.kept;",
    );
    expect(await rows('ctl1')).toBe('changed,b,later\n');
    const { code, stdout, stderr, seconds } = await restore('--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect((JSON.parse(stdout) as RestoreResult).state).toBe('restored');
    for (const host of HOSTS) {
      expect(await rows(host)).toBe('a,b\n');
      expect(await sql(host, 'SELECT id FROM proof.kept')).toBe('7\n');
    }
    const status = JSON.parse((await cluster.cli(['status', '--lab', '--json'])).stdout) as { healthy: boolean };
    expect(status.healthy).toBe(true);
    expect((await cluster.plan()).changes).toEqual([]);
    say(`restore: ${seconds.toFixed(0)} s`);
  });
});

/** Figures go into the test's output. */
function say(text: string): void {
  process.stdout.write(`[backup] ${text}\n`);
}
