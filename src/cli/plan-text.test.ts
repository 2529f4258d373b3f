import { describe, expect, it } from 'vitest';

import type { Change, Plan } from '../model/resource.ts';
import { planText } from './plan-text.ts';

const summary = { create: 0, update: 0, delete: 0, restart: 0, run: 0 };
const empty: Plan = { changes: [], summary, unread: [], refusals: [], notApplicable: [] };

function change(overrides: Partial<Change>): Change {
  const base = {
    host: 'ctl1',
    component: 'c',
    resource: 'file:/etc/x',
    action: 'update',
    reason: 'content differs',
  } as const;
  return { ...base, ...overrides };
}

describe('planText', () => {
  it('says so when there is nothing to change', () => {
    expect(planText(empty, false)).toBe('nothing to change\n');
  });

  it('groups by host, with diff and the interruption to expect', () => {
    const changes = [
      change({ diff: '-a\n+b\n' }),
      change({
        host: 'ctl2',
        action: 'restart',
        resource: 'unit:x',
        expectedOutage: { low: 0, expected: 0.5, high: 2 },
      }),
      change({ resource: 'package:y', action: 'create', reason: 'not installed' }),
    ];
    const text = planText({ ...empty, changes, summary: { ...summary, create: 1, update: 1, restart: 1 } }, false);
    expect(text).toBe(
      [
        'ctl1',
        '  ~ file:/etc/x: content differs',
        '      -a',
        '      +b',
        '  + package:y: not installed',
        '',
        'ctl2',
        '  ↻ unit:x: content differs (users may notice 0.5 s, at most 2 s)',
        '',
        'plan: 1 to create, 1 to update, 1 to restart',
        '',
      ].join('\n'),
    );
  });

  it('does not hide hosts that were not read, nor refusals', () => {
    const text = planText(
      {
        ...empty,
        unread: [{ host: 'ctl3', reason: 'refused' }],
        refusals: [{ group: 'galera', reason: 'data without a cluster', hint: 'recover' }],
      },
      false,
    );
    expect(text).toContain('not read: ctl3: refused');
    expect(text).toContain('refused: galera: data without a cluster\n  hint: recover');
  });
});
