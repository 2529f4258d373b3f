import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RabbitState } from './rabbitmq-state.ts';
import { ALL_PERMISSIONS, rabbitAbsentUser, rabbitKind, rabbitPolicy, rabbitUser, rabbitVhost } from './rabbitmq.ts';
import type { RabbitDesired } from './rabbitmq.ts';

const admin = { adminUser: 'hastack', adminPassword: 'x' };
const user = rabbitUser({
  admin,
  user: 'nova',
  password: 'pw',
  tags: [],
  permissions: { '/': ALL_PERMISSIONS },
}).desired;
const guest = rabbitAbsentUser({ admin, user: 'guest' }).desired;
const vhost = rabbitVhost({ admin, name: '/', defaultQueueType: 'quorum' }).desired;
const policy = rabbitPolicy({
  admin,
  vhost: '/',
  name: 'p',
  pattern: '.*',
  applyTo: 'queues',
  priority: 0,
  definition: { expires: 1, 'max-length': 2 },
}).desired;

/** base64 of salt and hash, as the server stores it. */
function stored(password: string, algorithm: string): string {
  const salt = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([salt, createHash(algorithm).update(salt).update(password).digest()]).toString('base64');
}

const account = { hash: stored('pw', 'sha256'), algorithm: 'rabbit_password_hashing_sha256', tags: [] };
const all = new Map([['/', ALL_PERMISSIONS]]);
const none = new Map();

describe('facts to changes', () => {
  const cases: readonly [string, RabbitDesired, RabbitState, string | undefined][] = [
    ['user as desired', user, { user: account, permissions: all }, undefined],
    [
      'user with another hash algorithm',
      user,
      {
        user: { ...account, hash: stored('pw', 'sha512'), algorithm: 'rabbit_password_hashing_sha512' },
        permissions: all,
      },
      undefined,
    ],
    ['user missing', user, { permissions: none }, 'create: missing'],
    [
      'user with another password',
      user,
      { user: { ...account, hash: stored('old', 'sha256') }, permissions: all },
      'update: password differs',
    ],
    ['user without a password', user, { user: { ...account, hash: '' }, permissions: all }, 'update: password differs'],
    [
      'user with a tag',
      user,
      { user: { ...account, tags: ['administrator'] }, permissions: all },
      'update: tags administrator → none',
    ],
    ['user without permission', user, { user: account, permissions: none }, 'update: no permission on /'],
    [
      'user with less',
      user,
      { user: account, permissions: new Map([['/', { ...ALL_PERMISSIONS, read: '' }]]) },
      'update: permission on / differs',
    ],
    [
      'user with more',
      user,
      {
        user: account,
        permissions: new Map([
          ['/', ALL_PERMISSIONS],
          ['x', ALL_PERMISSIONS],
        ]),
      },
      'update: has also a permission on x',
    ],
    ['guest gone', guest, { permissions: none }, undefined],
    ['guest there', guest, { user: account, permissions: none }, 'delete: must not exist'],
    ['vhost as desired', vhost, { vhost: { defaultQueueType: 'quorum' }, permissions: none }, undefined],
    ['vhost missing', vhost, { permissions: none }, 'create: missing'],
    ['vhost without type', vhost, { vhost: {}, permissions: none }, 'update: default queue type not set → quorum'],
    [
      'policy as desired, keys in another order',
      policy,
      {
        policy: { pattern: '.*', applyTo: 'queues', priority: 0, definition: { 'max-length': 2, expires: 1 } },
        permissions: none,
      },
      undefined,
    ],
    ['policy missing', policy, { permissions: none }, 'create: missing'],
    [
      'policy changed',
      policy,
      {
        policy: { pattern: '^a', applyTo: 'queues', priority: 1, definition: { 'max-length': 2, expires: 1 } },
        permissions: none,
      },
      'update: pattern "^a" → ".*", priority 1 → 0',
    ],
  ];
  it.each(cases)('%s', (_title, desired, state, expected) => {
    const difference = rabbitKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });
});

describe('what the API prints', () => {
  const answer =
    '[{"name":"/","default_queue_type":"undefined"}]\n200 vhosts\n[]\n200 users\n[]\n200 permissions\n[]\n200 policies\n';

  it('is read by administrator', () => {
    const other = { ...vhost, admin: { ...admin, adminPassword: 'y' } };
    const output = `admin 0\n${answer}admin 1\n{"error":"not_authorized"}\n401 vhosts\nend\n`;
    expect(rabbitKind.parse(output, [vhost, other, user])).toEqual([
      { known: true, state: { vhost: {}, permissions: none } },
      { known: false, reason: 'the RabbitMQ management API refuses the administrator' },
      { known: true, state: { permissions: none } },
    ]);
  });

  it.each([
    ['nothing listens', 'admin 0\n\n000 vhosts\n\n000 users\nend\n', 'the RabbitMQ management API does not answer'],
    ['an error page', 'admin 0\n<html>\n200 vhosts\nend\n', 'the RabbitMQ management API does not answer'],
    ['a server error', 'admin 0\n{}\n503 vhosts\nend\n', 'the RabbitMQ management API does not answer'],
    ['curl is not there', 'absent curl is not installed yet\nend\n', 'curl is not installed yet'],
    ['cut off', `admin 0\n${answer}`, 'RabbitMQ could not be read'],
  ])('%s: unknown', (_title, output, reason) => {
    expect(rabbitKind.parse(output, [vhost])).toEqual([{ known: false, reason }]);
  });
});
