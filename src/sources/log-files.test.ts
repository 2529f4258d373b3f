// Logs as they lie on disk: directories, gzip, tarballs, long files in blocks, damaged and binary ones.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { logFiles } from './log-files.ts';

let cwd = '';
const LONG = `${'a line of some length\n'.repeat(100_000)}last without a newline`;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hastack-logs-'));
  mkdirSync(join(cwd, 'd/ctl1/var/log'), { recursive: true });
  const log = (name: string, data: string | Uint8Array) => writeFileSync(join(cwd, 'd/ctl1/var/log', name), data);
  log('long.log', LONG);
  log('old.log.gz', gzipSync('zipped\n'));
  log('cut.log.gz', gzipSync(LONG).subarray(0, 2000));
  log('empty.log', '');
  log('system.journal', Buffer.concat([Buffer.from('LPKSHHRH'), Buffer.alloc(64)]));
  log('x.xz', Buffer.from('\u00FD7zXZ', 'latin1'));
  log('ibdata1', Buffer.alloc(9000));
  log('no-newlines.log', 'x'.repeat(5 * 1024 * 1024));
  const tar = spawnSync('tar', ['-czf', 'logs.tar.gz', '-C', 'd', 'ctl1/var/log/long.log', 'ctl1/var/log/old.log.gz'], {
    cwd,
  });
  expect(tar.status).toBe(0);
  writeFileSync(join(cwd, 'broken.tar'), Buffer.concat([Buffer.from('not a tar'), Buffer.alloc(2048, 1)]));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function read(...paths: readonly string[]) {
  const skipped: string[] = [];
  const files = new Map<string, { text: string; blocks: number; longest: number; location: string }>();
  const skip = ({ path, why }: { readonly path: string; readonly why: string }) => void skipped.push(`${path}: ${why}`);
  for await (const file of logFiles(paths, { cwd, skip })) {
    const blocks: string[] = [];
    for await (const block of file.blocks) blocks.push(block);
    const longest = Math.max(0, ...blocks.map(({ length }) => length));
    files.set(file.path, { text: blocks.join(''), blocks: blocks.length, longest, location: file.location });
  }
  return { files, skipped };
}

describe('logFiles', () => {
  it('gives whole lines in blocks, and a newline to the last', async () => {
    const { files } = await read('d/ctl1/var/log/long.log');
    const file = files.get('d/ctl1/var/log/long.log');
    expect(file?.text).toBe(`${LONG}\n`);
    expect(file?.blocks).toBeGreaterThan(5);
  });

  it('takes gzip off and leaves out what it cannot read, with a reason', async () => {
    const { files, skipped } = await read('d');
    expect(files.get('d/ctl1/var/log/old.log.gz')?.text).toBe('zipped\n');
    expect(files.get('d/ctl1/var/log/old.log.gz')?.location).toBe(join(cwd, 'd/ctl1/var/log/old.log'));
    expect(files.get('d/ctl1/var/log/empty.log')?.text).toBe('');
    expect(files.get('d/ctl1/var/log/no-newlines.log')?.longest).toBeLessThan(3 * 1024 * 1024);
    expect(skipped).toEqual([
      'd/ctl1/var/log/cut.log.gz: it is damaged; what stands before that was read',
      'd/ctl1/var/log/ibdata1: binary',
      'd/ctl1/var/log/system.journal: a binary journal: give `journalctl --file FILE -o export` instead',
      'd/ctl1/var/log/x.xz: compressed with xz, zstd or bzip2: unpack it first',
    ]);
  });

  it('reads tarballs member by member', async () => {
    const { files, skipped } = await read('logs.tar.gz');
    expect(files.get('logs.tar.gz/ctl1/var/log/long.log')?.text).toBe(`${LONG}\n`);
    expect(files.get('logs.tar.gz/ctl1/var/log/old.log.gz')?.text).toBe('zipped\n');
    expect(files.get('logs.tar.gz/ctl1/var/log/long.log')?.location).toBe(join(cwd, 'logs/ctl1/var/log/long.log'));
    expect(skipped).toEqual([]);
  });

  it('skips members that nobody reads', async () => {
    const names: string[] = [];
    for await (const { path } of logFiles(['logs.tar.gz'], { cwd, skip: () => {} })) names.push(path);
    expect(names).toEqual(['logs.tar.gz/ctl1/var/log/long.log', 'logs.tar.gz/ctl1/var/log/old.log.gz']);
  });

  it('ends where an archive is damaged', async () => {
    expect(await read('broken.tar')).toMatchObject({ skipped: ['broken.tar: the archive is damaged here'] });
  });

  it('rejects a path that does not exist', async () => {
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'usage' });
  });
});
