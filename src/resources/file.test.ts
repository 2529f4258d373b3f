import { describe, expect, it } from 'vitest';
import type { Reading } from '../model/resource.ts';
import { sha256Hex } from '../lib/hash.ts';
import { fileKind } from './file-kind.ts';
import type { FileState } from './file-kind.ts';
import { absent, file } from './file.ts';

const plain = { type: 'file', mode: '644', owner: 'root', group: 'root', uid: '0', gid: '0' } as const;
const desired = file({ path: '/etc/a.conf', content: 'a = 1\nb = 2\n' }).desired;
const equal = { ...plain, sha256: sha256Hex('a = 1\nb = 2\n') };

describe('facts to changes', () => {
  const cases: readonly [string, FileState, string | undefined][] = [
    ['is as desired', equal, undefined],
    ['mode written with leading zeros', { ...equal, mode: '0644' }, undefined],
    ['is missing', { type: 'missing' }, 'create: missing'],
    ['has other content', { ...equal, sha256: 'x' }, 'update: content differs'],
    ['has another mode', { ...equal, mode: '600' }, 'update: mode 600 → 644'],
    ['has another owner', { ...equal, owner: 'www', uid: '33' }, 'update: owner www:root → root:root'],
    [
      'differs in all',
      { ...equal, sha256: 'x', mode: '600', group: 'adm', gid: '4' },
      'update: content differs, mode 600 → 644, owner root:adm → root:root',
    ],
    ['is a directory', { ...plain, type: 'directory' }, 'update: is a directory, not a file'],
    ['is a link', { ...plain, type: 'symlink' }, 'update: is a symlink, not a file'],
  ];
  it.each(cases)('a file that %s', (_title, state, expected) => {
    const difference = fileKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('owner and group may be numbers', () => {
    const wanted = file({ path: '/etc/a.conf', content: 'a = 1\nb = 2\n', owner: '64045', group: '64045' }).desired;
    const state = { ...equal, owner: 'UNKNOWN', group: 'UNKNOWN', uid: '64045', gid: '64045' };
    expect(fileKind.diff(wanted, { known: true, state })).toBeUndefined();
  });

  it('what could not be read is a create, or a delete of what must not exist', () => {
    const reading: Reading<FileState> = { known: false, reason: 'no answer' };
    expect(fileKind.diff(desired, reading)).toEqual({ action: 'create', reason: 'no answer' });
    expect(fileKind.diff(absent('/etc/a.conf').desired, reading)).toEqual({ action: 'delete', reason: 'no answer' });
  });

  it('shows a unified diff with secrets masked on both sides', () => {
    const wanted = file({
      path: '/etc/a.conf',
      content: 'debug = true\nurl = mysql://nova:new@10.0.0.1/nova\nx = topsecret\n',
      secrets: ['topsecret'],
    });
    const state = {
      ...plain,
      sha256: 'x',
      content: 'debug = false\nurl = mysql://nova:old@10.0.0.1/nova\nx = topsecret\n',
    };
    const diff = fileKind.diff(wanted.desired, { known: true, state })?.diff;
    expect(diff).toBe(`--- /etc/a.conf
+++ /etc/a.conf
@@ -1,3 +1,3 @@
-debug = false
+debug = true
 url = mysql://nova:***@10.0.0.1/nova
 x = ***
`);
  });

  it('says so when only masked values differ', () => {
    const wanted = file({ path: '/etc/a.conf', content: 'password = new\n' });
    const reading = { known: true, state: { ...plain, sha256: 'x', content: 'password = ***\n' } } as const;
    expect(fileKind.diff(wanted.desired, reading)?.diff).toBe('only masked values differ');
  });

  it('never shows a secret file, even if its content were read', () => {
    const wanted = file({ path: '/etc/a.key', content: 'new', secret: true });
    const reading = { known: true, state: { ...plain, sha256: 'x', content: 'old' } } as const;
    expect(fileKind.diff(wanted.desired, reading)).toEqual({ action: 'update', reason: 'content differs' });
  });

  it.each(['relative', '/a/../b', '/a//b', '/a/', '/a\nb', '/a/./b', '/trailing '])('refuses the path %j', (path) => {
    expect(() => file({ path, content: '' })).toThrow('plain path');
  });

  it('refuses to remove a top-level directory with everything in it', () => {
    expect(() => absent('/etc', { recursive: true })).toThrow('refusing');
  });

  it('gives the same script for the same items, and an unfinished output is not "missing"', () => {
    const items = [file({ path: '/etc/a', content: 'a' }).desired];
    expect(fileKind.read(items)).toEqual(fileKind.read(items));
    expect(fileKind.parse('', items)).toEqual([{ known: false, reason: 'the files could not be read' }]);
  });
});
