import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keystoneKind } from './keystone-kind.ts';
import { KEYSTONE_PROGRAM } from './keystone-program.ts';
import {
  keystoneEndpoint,
  keystoneProject,
  keystoneRole,
  keystoneRoleAssignment,
  keystoneService,
  keystoneUser,
} from './keystone.ts';
import type { KeystoneDesired } from './keystone.ts';

const auth = { url: 'https://10.0.0.10:5000/v3', user: 'admin', password: 'x', project: 'admin', domain: 'Default' };
const service = keystoneService({ auth, serviceType: 'image', name: 'glance' }).desired;
const described = { ...service, description: 'Images' };
const endpoint = keystoneEndpoint({
  auth,
  serviceType: 'image',
  serviceName: 'glance',
  interface: 'public',
  region: 'R',
  url: 'u',
}).desired;
const user = keystoneUser({ auth, name: 'glance', domain: 'Default', password: 'pw' }).desired;
const role = keystoneRole({ auth, name: 'member' }).desired;

describe('facts to changes', () => {
  const cases: readonly [string, KeystoneDesired, Record<string, unknown> | undefined, string | undefined][] = [
    ['service as desired', service, { name: 'glance', description: 'by hand', enabled: true }, undefined],
    ['service missing', service, undefined, 'create: missing'],
    [
      'service renamed',
      described,
      { name: 'x', description: null, enabled: true },
      'update: name x → glance, description null → Images',
    ],
    ['service disabled', service, { name: 'glance', enabled: false }, 'update: disabled'],
    ['endpoint as desired', endpoint, { url: 'u', enabled: true, count: 1 }, undefined],
    ['endpoint elsewhere', endpoint, { url: 'v', enabled: true, count: 1 }, 'update: url v → u'],
    ['endpoint twice', endpoint, { url: 'u', enabled: true, count: 2 }, 'update: 2 of them'],
    [
      'project disabled',
      keystoneProject({ auth, name: 'service', domain: 'Default' }).desired,
      { enabled: false },
      'update: disabled',
    ],
    ['user as desired', user, { enabled: true, password: true }, undefined],
    ['user with another password', user, { enabled: true, password: false }, 'update: password differs'],
    ['user disabled', user, { enabled: false, password: true }, 'update: disabled'],
    ['role there', role, {}, undefined],
    ['role missing', role, undefined, 'create: missing'],
  ];
  it.each(cases)('%s', (_title, desired, present, expected) => {
    const difference = keystoneKind.diff(desired, { known: true, state: present === undefined ? {} : { present } });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });
});

describe('what the program prints', () => {
  it('is read by log-in, in the order of the items', () => {
    const other = { ...role, auth: { ...auth, user: 'other' } };
    const output =
      'group 0\nstate [{"enabled": true}, null]\ngroup 1\nunknown Keystone refuses the administrator\nend\n';
    expect(keystoneKind.parse(output, [service, other, user])).toEqual([
      { known: true, state: { present: { enabled: true } } },
      { known: false, reason: 'Keystone refuses the administrator' },
      { known: true, state: {} },
    ]);
  });

  it.each([
    ['python3 is not there', 'unknown python3 is not installed yet\nend\n', 'python3 is not installed yet'],
    ['the program died', 'group 0\nend\n', 'Keystone could not be read'],
    ['too few states', 'group 0\nstate []\nend\n', 'Keystone could not be read'],
    ['cut off', 'group 0\nstate [{}]\n', 'Keystone could not be read'],
  ])('%s: unknown', (_title, output, reason) => {
    expect(keystoneKind.parse(output, [role])).toEqual([{ known: false, reason }]);
  });

  it.skipIf(!existsSync('/usr/bin/python3'))('is a program that Python can compile', () => {
    execFileSync('python3', ['-c', 'import sys; compile(sys.stdin.read(), "program", "exec")'], {
      input: KEYSTONE_PROGRAM,
    });
  });
});

it('names what it manages by type, domain and scope', () => {
  const assignment = (scope: Parameters<typeof keystoneRoleAssignment>[0]['scope']) =>
    keystoneRoleAssignment({ auth, user: 'nova', userDomain: 'Default', role: 'admin', scope }).id;
  expect(assignment({ kind: 'system' })).toBe('keystone:role-assignment:Default:nova:admin:system');
  expect(assignment({ kind: 'domain', domain: 'heat' })).toBe(
    'keystone:role-assignment:Default:nova:admin:domain:heat',
  );
  expect(assignment({ kind: 'project', project: 'service', domain: 'Default' })).toBe(
    'keystone:role-assignment:Default:nova:admin:project:Default:service',
  );
});
