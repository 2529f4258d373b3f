// Stored plans: what makes them invalid, and what does not.
import { expect, test } from 'vitest';
import type { AnyKind, Kinds } from './context.ts';
import type { DesiredState } from './desired.ts';
import { assertStillHolds, parsePlan, serialisePlan } from './plan-file.ts';
import { buildPlan } from './plan.ts';
import type { PlannedCluster } from './plan.ts';

const kind: AnyKind = {
  kind: 'file',
  read: () => ({ text: '' }),
  parse: () => [],
  diff: (desired, reading) =>
    reading.known && (reading.state as { content: string }).content === desired
      ? undefined
      : { action: 'update', reason: 'content differs' },
  apply: () => ({ text: '' }),
};
const kinds: Kinds = new Map([['file', kind]]);

function planned(file: { readonly wants: string; readonly has: string; readonly at?: number }): PlannedCluster {
  const resources = new Map([['ctl1', [{ id: 'file:/x', kind: 'file', desired: file.wants }]]]);
  const desired: DesiredState = {
    hosts: ['ctl1'],
    lockHosts: ['ctl1'],
    components: [{ id: 'a', title: 'A', after: [], steps: [{ on: 'each', resources }] }],
  };
  const reading = { known: true as const, state: { content: file.has, readAt: file.at ?? 0 } };
  return buildPlan(desired, kinds, {
    resources: new Map([['ctl1', new Map([['file:/x', reading]])]]),
    members: new Map(),
    chosen: new Map(),
    unread: new Map(),
  });
}

const about = { cluster: 'campus', createdAt: '2026-11-21T00:00:00Z' };
const store = (plan: PlannedCluster) => parsePlan(serialisePlan(plan, about), 'plan.json');

test('holds while nothing moved', () => {
  const made = planned({ wants: 'b', has: 'a' });
  expect(() => assertStillHolds(store(made), planned({ wants: 'b', has: 'a' }), 'campus')).not.toThrow();
});

test('what is as desired may be read differently in other respects', () => {
  const made = planned({ wants: 'a', has: 'a', at: 1 });
  expect(() => assertStillHolds(store(made), planned({ wants: 'a', has: 'a', at: 2 }), 'campus')).not.toThrow();
});

test.each([
  ['the host drifted', { wants: 'b', has: 'other' }],
  ['the spec changed', { wants: 'c', has: 'a' }],
  ['it was applied already', { wants: 'b', has: 'b' }],
])('refused when %s', (_why, now) => {
  const stored = store(planned({ wants: 'b', has: 'a' }));
  expect(() => assertStillHolds(stored, planned(now), 'campus')).toThrow(
    expect.objectContaining({ code: 'refused' }) as Error,
  );
});

test('says what moved', () => {
  const stored = store(planned({ wants: 'b', has: 'a' }));
  expect(() => assertStillHolds(stored, planned({ wants: 'b', has: 'b' }), 'campus')).toThrow(
    'no longer: ctl1 update file:/x',
  );
});

test('refused for another cluster, and a file that is no plan is a usage error', () => {
  const made = planned({ wants: 'b', has: 'a' });
  expect(() => assertStillHolds(store(made), made, 'other')).toThrow(/for the cluster campus/);
  expect(() => parsePlan('{}', 'x.json')).toThrow(
    expect.objectContaining({ code: 'usage', at: { file: 'x.json' } }) as Error,
  );
});
