// What `hastack recover` does to a real database after real power cuts of the twins: rows are written before and looked
// for on every member afterwards. Needs root and the lab's packages. One lab for the file; the tests follow on each other.
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecoverReport } from '../../src/operations/recover/report.ts';
import { Deployment, HOSTS } from './support/deployment.ts';
import { MINUTES, until } from './support/lab-tools.ts';

const ROWS = 500;
let cluster: Deployment;

beforeAll(async () => {
  cluster = await Deployment.up('proof-recover', 93);
  const first = await cluster.apply();
  expect(first.failures).toEqual([]);
  await cluster.on(
    'ctl1',
    `mariadb -e "CREATE DATABASE ledger; USE ledger; CREATE TABLE entries (id INT PRIMARY KEY);
      INSERT INTO entries SELECT seq FROM seq_1_to_${ROWS}"`,
  );
}, 10 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

describe('a healthy cluster', () => {
  it('is left alone', async () => {
    const { code, report } = await recover();
    expect([code, report.state, report.steps]).toEqual([0, 'nothing-to-do', []]);
  });
});

describe('a power cut of all hosts at once', () => {
  it('is only described by a dry run', async () => {
    await powerCut();
    const { code, report } = await recover('--dry-run');
    expect([code, report.steps.map(({ ok }) => ok)]).toEqual([1, [null, null, null]]);
    for (const host of HOSTS) expect(await mariadbOn(host)).not.toBe('active');
  });

  it('loses no row, and killed half-way the second run finishes it', async () => {
    const child = spawn(...killable(), { cwd: cluster.directory, stdio: 'ignore' });
    await until('the first member serves', 120, async () => (await mariadbs()).includes('active'));
    child.kill('SIGKILL');
    const { code, report, seconds } = await recover();
    expect([code, report.left]).toEqual([0, []]);
    await everyRow();
    say(`healthy ${seconds.toFixed(1)} s after the second run began`);
  });
});

describe('a member that is missing', () => {
  it('stops it; given up, the others go on, and its data are set aside when it is back', async () => {
    await powerCut('ctl3');
    const refused = await recover();
    expect([refused.code, refused.report.state]).toEqual([1, 'refused']);
    expect(refused.report.left.join('\n')).toMatch(/--without ctl3/);
    for (const host of ['ctl1', 'ctl2']) expect(await mariadbOn(host)).not.toBe('active');
    const { report, seconds } = await recover('--without', 'ctl3');
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    await everyRow(['ctl1', 'ctl2']);
    say(`without ctl3: ${seconds.toFixed(1)} s`);
    await lab('power', 'on', 'ctl3');
    const back = await recover();
    expect([back.code, back.report.state]).toEqual([0, 'repaired']);
    await everyRow();
    expect(await cluster.on('ctl3', 'ls -d /var/lib/mysql.aside-*')).toMatch(/mysql\.aside-\d{8}T\d{6}Z/);
  });
});

describe('members of two clusters', () => {
  it('are refused, and both are named', async () => {
    await powerCut();
    await cluster.on('ctl3', ANOTHER_CLUSTER, 300);
    const { code, report } = await recover();
    expect([code, report.state]).toEqual([1, 'refused']);
    expect(report.left.join('\n')).toMatch(/different clusters.*ctl3 holds/);
    expect((await recover('--without', 'ctl3')).code).toBe(0);
    await everyRow();
  });
});

/** What a person does who bootstraps by the usual runbook. */
const ANOTHER_CLUSTER = `cd /var/lib/mysql && rm -f grastate.dat gvwstate.dat galera.cache
install -d -o mysql -g mysql /run/mysqld
echo "_WSREP_NEW_CLUSTER='--wsrep-new-cluster'" > /run/mysqld/wsrep-new-cluster
chown mysql: /run/mysqld/wsrep-new-cluster
systemctl start mariadb && systemctl stop mariadb`;

/** All off, then all on but those named. */
async function powerCut(...missing: readonly string[]): Promise<void> {
  await Promise.all(HOSTS.map((host) => lab('power', 'off', host)));
  await Promise.all(HOSTS.filter((host) => !missing.includes(host)).map((host) => lab('power', 'on', host)));
}

async function lab(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.cli(['lab', ...words]);
  if (code !== 0) throw new Error(`lab ${words.join(' ')}: ${stderr}`);
}

async function recover(...words: readonly string[]) {
  const { code, stdout, stderr, seconds } = await cluster.cli(['recover', '--lab', '--yes', '--json', ...words]);
  try {
    return { code, seconds, report: JSON.parse(stdout) as RecoverReport };
  } catch {
    throw new Error(`recover printed no report (exit ${code}): ${stdout}${stderr}`);
  }
}

/** One process, which a kill ends as a whole. */
function killable(): [string, string[]] {
  const program = new URL('../../dist/main.js', import.meta.url).pathname;
  const [first, ...rest] = cluster.inLab([process.execPath, program, 'recover', '--lab', '--yes', '--json']);
  return ['/bin/sh', ['-c', 'exec "$@"', 'sh', first, ...rest]];
}

const mariadbOn = async (host: string): Promise<string> =>
  (await cluster.on(host, 'systemctl is-active mariadb || true')).trim();

const mariadbs = async (): Promise<readonly string[]> => Promise.all(HOSTS.map(mariadbOn));

async function everyRow(hosts: readonly string[] = HOSTS): Promise<void> {
  for (const host of hosts) {
    const found = await cluster.on(host, 'mariadb -N -e "SELECT COUNT(*), SUM(id) FROM ledger.entries"');
    expect([host, found]).toEqual([host, `${ROWS}\t${(ROWS * (ROWS + 1)) / 2}\n`]);
  }
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
