import { describe, expect, it } from 'vitest';

import type { RunEvent } from '../model/event.ts';
import { eventLine } from './event-output.ts';

describe('eventLine', () => {
  it.each<[RunEvent, string | undefined]>([
    [{ event: 'component-started', component: 'galera', changes: 1 }, 'galera: 1 change'],
    [{ event: 'host-unreachable', host: 'ctl2', reason: 'refused' }, 'ctl2: not reached: refused'],
    [{ event: 'failed', message: 'm', hint: 'h', host: 'ctl1', code: 'c' }, 'error: ctl1: m\n  hint: h'],
    [{ event: 'host-connected', host: 'ctl1', seconds: 0.2 }, undefined],
    [{ event: 'lock', state: 'taken', hosts: [] }, undefined],
  ])('%j → %j', (event, line) => {
    expect(eventLine(event, false)).toBe(line);
  });

  it('shows every change with --verbose, and its failure', () => {
    const change = { host: 'a', component: 'c', resource: 'file:/x', action: 'update', reason: 'r' } as const;
    const event: RunEvent = { event: 'change-finished', host: 'a', change, ok: false, detail: 'no space' };
    expect(eventLine(event, false)).toBeUndefined();
    expect(eventLine(event, true)).toBe('a: update file:/x: failed: no space');
  });
});
