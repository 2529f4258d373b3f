// Directories, tarballs made by the real tar, links, damaged and unreadable input.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readPaths } from './read-paths.ts';

const long = `${'deep/'.repeat(40)}nova.conf`;
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hastack-sources-'));
  for (const [path, text] of [
    ['ctl1/etc/haproxy/haproxy.cfg', 'global\n'],
    ['ctl1/etc/blob', 'a\0b'],
    [`ctl1/etc/${long}`, '[DEFAULT]\n'],
  ] as const) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o640 });
  }
  symlinkSync('/etc/passwd', join(root, 'ctl1/etc/link'));
  execFileSync('tar', ['-czf', join(root, 'ctl1.tar.gz'), '-C', join(root, 'ctl1'), 'etc']);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('readPaths', () => {
  it('reads what is below a directory, lists links and leaves binaries out', async () => {
    const { files, links, skipped } = await readPaths(['ctl1'], root);
    expect(files.map(({ path }) => path)).toEqual([`ctl1/etc/${long}`, 'ctl1/etc/haproxy/haproxy.cfg']);
    expect(files[1]).toMatchObject({
      text: 'global\n',
      mode: 0o640,
      location: join(root, 'ctl1/etc/haproxy/haproxy.cfg'),
    });
    expect(links).toEqual([{ path: 'ctl1/etc/link', location: join(root, 'ctl1/etc/link'), target: '/etc/passwd' }]);
    expect(skipped).toEqual([{ path: 'ctl1/etc/blob', why: 'binary' }]);
  });

  it('reads a tarball as the directory it was made of, under its name', async () => {
    const { files, links } = await readPaths(['ctl1.tar.gz'], root);
    expect(files.map(({ path }) => path).toSorted()).toEqual([
      `ctl1.tar.gz/etc/${long}`,
      'ctl1.tar.gz/etc/haproxy/haproxy.cfg',
    ]);
    expect(files.find(({ path }) => path.endsWith('.cfg'))?.location).toBe(join(root, 'ctl1/etc/haproxy/haproxy.cfg'));
    expect(links[0]?.target).toBe('/etc/passwd');
  });

  it('says what is wrong with a damaged archive and reads on', async () => {
    writeFileSync(join(root, 'bad.tar.gz'), 'no archive');
    const { files, skipped } = await readPaths(['bad.tar.gz', 'ctl1/etc/haproxy/haproxy.cfg'], root);
    expect(skipped[0]?.path).toBe('bad.tar.gz');
    expect(files).toHaveLength(1);
  });

  it('refuses a path that does not exist', async () => {
    await expect(readPaths(['nowhere'], root)).rejects.toMatchObject({ code: 'usage' });
  });
});
