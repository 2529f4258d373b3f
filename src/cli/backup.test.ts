// What backup and restore print for people.
import { expect, it } from 'vitest';
import { backupText } from './backup.ts';
import { planText } from './restore.ts';

const part = { file: 'galera.age', sha256: '', plainBytes: 9, before: {}, after: {}, stable: {}, moving: [] };

it('says what was taken, from where, and what did not verify', () => {
  const text = backupText({
    ok: false,
    directory: '/b/campus-1',
    seconds: 12,
    parts: [{ ...part, name: 'galera', title: 'the databases', host: 'ctl1', bytes: 5_200_000, seconds: 9 }],
    verified: [{ name: 'galera', ok: false, detail: 'k.user is missing', seconds: 3 }],
    removed: ['campus-0'],
  });
  expect(text).toBe(
    [
      'galera       the databases from ctl1, 5.2 MB, 9 s',
      'FAILED   galera: k.user is missing',
      'removed an older one: campus-0',
      '/b/campus-1: 5.2 MB, 12 s',
      '',
    ].join('\n'),
  );
});

it('says what a restore destroys before what it does', () => {
  const text = planText({
    backup: '/b/campus-1',
    takenAt: '2026-06-01T12:01:00.000Z',
    destroys: ['every row written since'],
    steps: [{ host: 'ctl1', does: 'stop MariaDB' }],
    continuedFrom: '2026-06-02T00:00:00.000Z',
  });
  expect(text.split('\n')).toEqual([
    '/b/campus-1, taken at 2026-06-01T12:01:00.000Z',
    'goes on with the restore that was begun at 2026-06-02T00:00:00.000Z',
    'It destroys:',
    '  every row written since',
    'It does:',
    '  ctl1: stop MariaDB',
    '',
  ]);
});
