// Configuration hashes of units, and the order that follows from who notifies whom.
import { describe, expect, test } from 'vitest';
import type { MemberGroup } from '../model/member-group.ts';
import type { Resource } from '../model/resource.ts';
import type { UnitDesired } from '../model/unit.ts';
import { segments } from './apply-step.ts';
import { withConfigHashes } from './config-hash.ts';
import type { AnyKind, Kinds } from './context.ts';
import type { DesiredComponent, DesiredState } from './desired.ts';

const kind = (name: string): AnyKind => ({
  kind: name,
  read: () => ({ text: '' }),
  parse: () => [],
  diff: () => undefined,
  apply: () => ({ text: '' }),
});
const kinds: Kinds = new Map(['file', 'unit'].map((name) => [name, kind(name)]));

function file(name: string, content: string, notifies: readonly string[] = ['unit:a']): Resource {
  return { id: `file:${name}`, kind: 'file', desired: content, notifies };
}

function unit(name: string, group?: string): Resource<UnitDesired> {
  const alone: UnitDesired = { name, enabled: true, active: true, onChange: 'restart' };
  return { id: `unit:${name}`, kind: 'unit', desired: group === undefined ? alone : { ...alone, group } };
}

function component(
  id: string,
  resources: readonly Resource[],
  steps: DesiredComponent['steps'] = [],
): DesiredComponent {
  return { id, title: id, after: [], steps: [{ on: 'each', resources: new Map([['h', resources]]) }, ...steps] };
}

function desired(...components: readonly DesiredComponent[]): DesiredState {
  return { hosts: ['h'], lockHosts: ['h'], components };
}

function hashOf(state: DesiredState): string | undefined {
  const units = withConfigHashes(state, kinds).components.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.on === 'each' ? (step.resources.get('h') ?? []) : [])),
  );
  return (units.find(({ id }) => id === 'unit:a')?.desired as UnitDesired | undefined)?.configHash;
}

describe('the configuration hash', () => {
  test('changes with each thing that notifies the unit, and with nothing else', () => {
    const first = hashOf(desired(component('x', [file('1', 'a'), file('2', 'b'), unit('a')])));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(desired(component('x', [file('2', 'b'), unit('a'), file('1', 'a')])))).toBe(first);
    expect(hashOf(desired(component('x', [file('1', 'a'), file('2', 'b'), file('3', 'c', []), unit('a')])))).toBe(
      first,
    );
    expect(hashOf(desired(component('x', [file('1', 'A'), file('2', 'b'), unit('a')])))).not.toBe(first);
    expect(hashOf(desired(component('x', [file('1', 'a'), unit('a')])))).not.toBe(first);
  });

  test('is absent when nothing notifies the unit', () => {
    expect(hashOf(desired(component('x', [unit('a')])))).toBeUndefined();
  });
});

describe('order', () => {
  test('a component that notifies the unit of another comes before it', () => {
    const state = withConfigHashes(desired(component('pki', [file('1', 'a')]), component('x', [unit('a')])), kinds);
    expect(state.components[1]?.after).toEqual(['pki']);
  });

  test('a notifier that comes after its unit is a bug', () => {
    const late = desired(component('x', [unit('a')]), component('late', [file('1', 'a')]));
    expect(() => withConfigHashes(late, kinds)).toThrow(/file:1 notifies unit:a on h but comes after it/);
  });

  test('for a unit of a group what counts is where the group acts', () => {
    const group = { id: 'g', hosts: ['h'] } as unknown as MemberGroup;
    const acts = component('acts', [], [{ on: 'members', group }]);
    const fine = desired(component('x', [unit('a', 'g')]), component('between', [file('1', 'a')]), acts);
    expect(withConfigHashes(fine, kinds).components[2]?.after).toEqual(['between']);
    expect(() => withConfigHashes(desired(component('x', [unit('a', 'nobody')])), kinds)).toThrow(/has no step/);
  });

  test('within a step a unit comes after what notifies it, and before what follows otherwise', () => {
    const order = (resources: readonly Resource[]) => segments(resources).map((run) => run.map(({ id }) => id));
    expect(order([unit('a'), file('1', 'a'), file('2', 'b', [])])).toEqual([['file:1'], ['unit:a'], ['file:2']]);
    expect(order([file('1', 'a'), unit('a'), unit('b'), file('2', 'b', [])])).toEqual([
      ['file:1'],
      ['unit:a', 'unit:b'],
      ['file:2'],
    ]);
    expect(order([file('1', 'a'), unit('a', 'g')])).toEqual([['file:1']]);
  });
});
