// hastack audit on real files: exit codes, formats, baseline, explain.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { initText } from '../spec/init.ts';
import { fakeWorld } from './fake-world.ts';
import { runCli } from './run.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hastack-audit-'));
  writeFileSync(join(cwd, 'my.cnf'), '[mysqld]\ninnodb_doublewrite = 0\n');
  writeFileSync(join(cwd, 'slow.cnf'), '[mysqld]\nwsrep_sst_method = rsync\n');
  writeFileSync(join(cwd, 'notes.txt'), 'nothing\n');
  writeFileSync(join(cwd, 'cluster.yaml'), initText('three-controllers', {}));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function hastack(line: string, disk: Readonly<Record<string, string>> = {}) {
  const world = fakeWorld({ cwd });
  for (const [path, text] of Object.entries(disk)) world.disk.set(path, text);
  // A spec is read from the disk, by its path from where the program was started.
  const words = line.split(' ').map((word) => (word === 'cluster.yaml' ? join(cwd, word) : word));
  const code = await runCli(words, world);
  return { code, out: world.printed.out, err: world.printed.err, disk: world.disk };
}

describe('hastack audit', () => {
  it.each([
    ['audit my.cnf', 1],
    ['audit slow.cnf', 0],
    ['audit slow.cnf --strict', 1],
    ['audit notes.txt', 0],
    ['audit nowhere', 2],
    ['audit', 2],
    ['audit my.cnf --assume rabbit', 2],
    ['audit --explain XX99', 2],
    ['audit --explain db12', 0],
    ['audit --spec cluster.yaml', 0],
    ['audit --spec cluster.yaml --strict', 0],
    ['audit --spec cluster.yaml my.cnf', 2],
    ['audit my.cnf --hosts', 2],
    ['audit --spec cluster.yaml --lab', 2],
  ])('%s: exit %d', async (line, code) => {
    expect((await hastack(line)).code).toBe(code);
  });

  it('prints one JSON document with the keys of the contract', async () => {
    const { out } = await hastack('audit my.cnf --json');
    const { findings, undecided } = JSON.parse(out);
    expect(undecided).toEqual([]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'DB12',
      severity: 'critical',
      at: { file: 'my.cnf', line: 2, column: 1 },
    });
  });

  it('prints a patch and writes nothing', async () => {
    expect((await hastack('audit my.cnf --fix')).out).toBe(
      '--- my.cnf\n+++ my.cnf\n@@ -2,1 +2,1 @@\n-innodb_doublewrite = 0\n+innodb_doublewrite = ON\n',
    );
  });

  it('writes a baseline and keeps to it', async () => {
    const { disk } = await hastack('audit my.cnf --write-baseline known.json');
    const { code, out } = await hastack('audit my.cnf --baseline known.json', {
      'known.json': disk.get('known.json') ?? '',
    });
    expect(code).toBe(0);
    expect(out).toContain('(1 set aside)');
    expect((await hastack('audit my.cnf --baseline known.json', { 'known.json': 'x' })).code).toBe(2);
  });

  it('explains a rule', async () => {
    expect((await hastack('audit --explain DB12')).out).toContain('# DB12: Doublewrite is off');
  });
});
