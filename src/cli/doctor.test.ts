// hastack doctor on real files: exit codes, formats, hosts from directories, configuration beside the logs, explain.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fakeWorld } from './fake-world.ts';
import { runCli } from './run.ts';

let cwd = '';
const FILES: Readonly<Record<string, string>> = {
  'dump/ctl1/var/log/mysql/error.log': '2026-11-21 12:03:04 0 [Note] WSREP: Received NON-PRIMARY.\n',
  'dump/ctl1/etc/mysql/mariadb.conf.d/60-galera.cnf':
    '[mariadbd]\nwsrep_on = ON\nwsrep_cluster_address = gcomm://10.0.0.1,10.0.0.2\n',
  'dump/ctl2/var/log/mysql/error.log': '2026-11-21 12:03:05 0 [Note] WSREP: Received NON-PRIMARY.\n',
  'warn.log':
    'Nov 21 12:03:04 ctl1 haproxy[9]: Server nova/ctl2 is DOWN, reason: Layer4 timeout, check duration: 1001ms.\n',
  'quiet.log': '2026-11-21 12:03:04.123 9 INFO nova.compute [-] all is well\n',
  journal:
    '__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795262584000000\n_HOSTNAME=ctl1\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=3\nMESSAGE=Out of memory: Killed process 4711 (mariadbd) total-vm:1kB\n\n',
  'notes.txt': 'nothing of interest\n',
};

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hastack-doctor-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function hastack(line: string) {
  const world = fakeWorld({ cwd });
  const code = await runCli(line.split(' '), world);
  return { code, out: world.printed.out, err: world.printed.err, disk: world.disk };
}

describe('hastack doctor', () => {
  it.each([
    ['doctor dump', 1],
    ['doctor warn.log', 0],
    ['doctor warn.log --strict', 1],
    ['doctor quiet.log', 0],
    ['doctor notes.txt', 0],
    ['doctor nowhere', 2],
    ['doctor', 2],
    ['doctor quiet.log --zone tomorrow', 2],
    ['doctor --explain galera.nothing', 2],
    ['doctor --explain galera.non-primary', 0],
    ['doctor --schema', 0],
    ['doctor quiet.log --hours 2', 2],
    ['doctor quiet.log --lab', 2],
    ['doctor quiet.log --spec cluster.yaml', 2],
    ['doctor --spec cluster.yaml --hours none', 2],
  ])('%s: exit %d', async (line, code) => {
    expect((await hastack(line)).code).toBe(code);
  });

  it('prints one JSON document with the keys of the contract', async () => {
    const document = JSON.parse((await hastack('doctor dump --json')).out);
    expect(Object.keys(document)).toEqual([
      'findings',
      'undecided',
      'incidents',
      'unexplained',
      'noise',
      'configuration',
      'files',
    ]);
    expect(document.undecided).toEqual([]);
    expect(document.findings).toHaveLength(1);
    expect(document.findings[0]).toMatchObject({
      rule: 'galera.non-primary',
      severity: 'critical',
      at: { file: 'dump/ctl1/var/log/mysql/error.log', line: 1 },
      hosts: ['ctl1', 'ctl2'],
    });
    expect(document.configuration).toMatchObject([{ rule: 'DB02', host: 'ctl1' }]);
  });

  it('prints a JSON Schema that names every key', async () => {
    const schema = JSON.parse((await hastack('doctor --schema')).out);
    const document = JSON.parse((await hastack('doctor dump --json')).out);
    expect(schema.required).toEqual(Object.keys(document));
    for (const key of Object.keys(document.findings[0]))
      expect(schema.properties.findings.items.properties).toHaveProperty(key);
    for (const key of Object.keys(document.incidents[0]))
      expect(schema.properties.incidents.items.properties).toHaveProperty(key);
  });

  it('reads a journal export', async () => {
    const { out } = await hastack('doctor journal');
    expect(out).toContain('ctl1: out of memory: the kernel killed mariadbd, 2026-11-21T12:03:04.000Z');
    expect(out).toContain('[journal:6]');
  });

  it('takes times without a zone as of --zone', async () => {
    expect((await hastack('doctor warn.log --zone +01:00')).out).toContain('2026-11-21T11:03:04.000Z');
  });

  it('writes a page', async () => {
    const { disk, out } = await hastack('doctor dump --format html --output page.html');
    expect(out).toBe('');
    expect(disk.get('page.html')).toContain('Galera lost quorum here');
  });

  it('says that nothing was recognised', async () => {
    expect((await hastack('doctor notes.txt')).err).toContain('no log was recognised');
  });

  it('explains a signature, and names the one that was meant', async () => {
    expect((await hastack('doctor --explain galera.non-primary')).out).toContain(
      '# galera.non-primary: Galera lost its quorum',
    );
    expect((await hastack('doctor --explain galera.non-primry')).err).toContain('galera.non-primary');
  });
});
