// Kinds of resources and a small cluster for whole-flow tests: their scripts are lines of JSON for fake-world.ts.
import type { MemberGroup } from '../../src/model/member-group.ts';
import type { Reading, Resource, ResourceKind } from '../../src/model/resource.ts';
import type { UnitDesired } from '../../src/model/unit.ts';
import type { AnyKind, Kinds } from '../../src/engine/context.ts';
import type { DesiredState } from '../../src/engine/desired.ts';
import type { FakeCommand } from './fake-world.ts';

const line = (command: FakeCommand): string => JSON.stringify(command);

interface FileDesired {
  readonly name: string;
  readonly content: string;
}

const fileKind: ResourceKind<FileDesired, string | null> = {
  kind: 'file',
  read: (items) => ({ text: line({ op: 'read-files', names: items.map(({ name }) => name) }) }),
  parse: (output) => (JSON.parse(output) as (string | null)[]).map((state) => ({ known: true, state })),
  diff: (desired, reading) => {
    if (!reading.known || reading.state === null) return { action: 'create', reason: 'missing' };
    return reading.state === desired.content
      ? undefined
      : { action: 'update', reason: 'content differs', diff: `-${reading.state}\n+${desired.content}` };
  },
  apply: ({ name, content }) => ({ text: line({ op: 'write-file', name, content }) }),
};

const rowKind: ResourceKind<string, boolean> = {
  kind: 'row',
  read: (names) => ({ text: line({ op: 'read-rows', names }) }),
  parse: (output) => (JSON.parse(output) as boolean[]).map((state) => ({ known: true, state })),
  diff: (_desired, reading) => (reading.known && reading.state ? undefined : { action: 'create', reason: 'missing' }),
  apply: (name) => ({ text: line({ op: 'write-row', name }) }),
};

interface UnitState {
  readonly enabled: boolean;
  readonly active: boolean;
  readonly stamp: string;
}

const unitKind: ResourceKind<UnitDesired, UnitState> = {
  kind: 'unit',
  read: (items) => ({ text: line({ op: 'read-units', names: items.map(({ name }) => name) }) }),
  parse: (output) => (JSON.parse(output) as UnitState[]).map((state) => ({ known: true, state })),
  diff: diffUnit,
  apply: ({ name, group, configHash }, _reading, { action }) => ({
    text: [
      line({ op: 'enable', name }),
      ...(group === undefined
        ? [
            line({
              op: 'start',
              name,
              again: action === 'restart',
              ...(configHash === undefined ? {} : { stamp: configHash }),
            }),
          ]
        : []),
    ].join('\n'),
  }),
};

function diffUnit(desired: UnitDesired, reading: Reading<UnitState>): ReturnType<AnyKind['diff']> {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const { enabled, active, stamp } = reading.state;
  if (active && desired.configHash !== undefined && stamp !== desired.configHash && desired.onChange === 'restart') {
    return { action: 'restart', reason: 'older configuration' };
  }
  if (!enabled) return { action: 'update', reason: 'not enabled' };
  if (!active) return { action: 'update', reason: 'inactive' };
  return desired.configHash === undefined || stamp === desired.configHash
    ? undefined
    : { action: 'update', reason: 'reload' };
}

export const fakeKinds: Kinds = new Map<string, AnyKind>([
  ['file', fileKind],
  ['row', rowKind],
  ['unit', unitKind],
]);

export function file(name: string, content: string, notifies: readonly string[] = []): Resource<FileDesired> {
  return { id: `file:${name}`, kind: 'file', desired: { name, content }, notifies };
}

function unit(name: string, options: Partial<UnitDesired> = {}): Resource<UnitDesired> {
  const desired: UnitDesired = { name, enabled: true, active: true, onChange: 'restart', ...options };
  return { id: `unit:${name}`, kind: 'unit', desired };
}

function row(name: string): Resource<string> {
  return { id: `row:${name}`, kind: 'row', desired: name };
}

export interface FakeClusterOptions {
  readonly galeraConfig?: string;
  readonly keystoneConfig?: string;
  readonly certificate?: string;
}

/** base → pki, galera (quorum, formed), keystone (stateless, drained), haproxy (reloads, side by side with galera). */
export function fakeCluster(hosts: readonly string[], options: FakeClusterOptions = {}): DesiredState {
  const { galeraConfig = 'g1', keystoneConfig = 'k1', certificate = 'c1' } = options;
  const each = (resources: readonly Resource[]) => ({
    on: 'each' as const,
    resources: new Map(hosts.map((host) => [host, resources] as const)),
  });
  return {
    hosts,
    lockHosts: hosts,
    components: [
      { id: 'base', title: 'Base', after: [], steps: [each([file('hosts', 'h1')])] },
      {
        id: 'pki',
        title: 'Certificates',
        after: [],
        steps: [each([file('galera.pem', certificate, ['unit:galera'])])],
      },
      {
        id: 'haproxy',
        title: 'HAProxy',
        after: ['base'],
        steps: [each([unit('haproxy', { onChange: 'reload' }), file('haproxy.cfg', 'p1', ['unit:haproxy'])])],
      },
      {
        id: 'galera',
        title: 'Galera',
        after: ['base'],
        steps: [
          each([file('galera.cnf', galeraConfig, ['unit:galera']), unit('galera', { group: 'galera' })]),
          { on: 'members', group: galeraGroup(hosts) },
          { on: 'one', candidates: hosts, group: 'galera', resources: [row('keystone')] },
        ],
      },
      {
        id: 'keystone',
        title: 'Keystone',
        after: ['galera'],
        steps: [
          each([file('keystone.conf', keystoneConfig, ['unit:keystone']), unit('keystone', { group: 'keystone' })]),
          { on: 'members', group: keystoneGroup(hosts) },
        ],
      },
    ],
  };
}

function parseMember(_host: string, output: string) {
  return { ...(JSON.parse(output) as { readonly trace: boolean; readonly running: boolean }), detail: output };
}

function galeraGroup(hosts: readonly string[]): MemberGroup {
  const join = (host: string) => ({ host, does: 'join', script: { text: line({ op: 'join', unit: 'galera' }) } });
  return {
    id: 'galera',
    hosts,
    kind: 'quorum',
    units: ['unit:galera'],
    read: () => ({ text: line({ op: 'read-member', unit: 'galera' }) }),
    parse: parseMember,
    form: () => [
      { host: hosts[0] ?? '', does: 'bootstrap', script: { text: line({ op: 'bootstrap', unit: 'galera' }) } },
      ...hosts.slice(1).map(join),
    ],
    join: (host) => [join(host)],
    startTimeout: 20,
    restartOutage: { low: 0, expected: 0, high: 1 },
  };
}

function keystoneGroup(hosts: readonly string[]): MemberGroup {
  const tell = (op: 'drain' | 'undrain', member: string) =>
    hosts.map((host) => ({ host, does: `${op} ${member}`, script: { text: line({ op, member }) } }));
  return {
    id: 'keystone',
    hosts,
    kind: 'stateless',
    units: ['unit:keystone'],
    read: () => ({ text: line({ op: 'read-member', unit: 'keystone' }) }),
    parse: parseMember,
    drain: (host) => tell('drain', host),
    undrain: (host) => tell('undrain', host),
    startTimeout: 20,
  };
}
