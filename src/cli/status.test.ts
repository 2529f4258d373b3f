import { describe, expect, it } from 'vitest';

import type { Status } from '../flows/status.ts';
import { statusText } from './status.ts';

const check = { component: 'galera', host: 'ctl1', name: 'synced', ok: true, detail: 'Synced' };
const vip = { name: 'public', address: '10.0.0.1', holder: 'ctl1', holders: ['ctl1'] };
const healthy: Status = {
  healthy: true,
  checks: [check, { ...check, host: 'ctl2' }],
  vips: [vip],
  redundancy: [{ component: 'galera', members: 3, serving: 3, mayLose: 1 }],
  unreachable: [],
};

describe('statusText', () => {
  it('gives one line per component, with what it may still lose', () => {
    const text = statusText(healthy);
    expect(text).toContain('2/2 checks ok, may lose 1 more');
    expect(text).toContain('VIP public 10.0.0.1: on ctl1');
    expect(text.endsWith('\nhealthy\n')).toBe(true);
  });

  it('puts what is wrong first: hosts, checks, and VIPs held by nobody or by two', () => {
    const text = statusText({
      healthy: false,
      checks: [{ ...check, ok: false, detail: 'Joining' }],
      vips: [
        { ...vip, holder: null, holders: [] },
        { ...vip, name: 'internal', holder: null, holders: ['ctl1', 'ctl2'] },
      ],
      redundancy: [],
      unreachable: [{ host: 'ctl3', reason: 'no answer' }],
    });
    expect(text).toMatch(/^not reached: ctl3: no answer\nnot ok: ctl1: galera: synced: Joining\n/);
    expect(text).toContain('nobody holds it');
    expect(text).toContain('on ctl1 and ctl2 at once');
    expect(text).toContain('0/1 checks ok');
    expect(text.endsWith('\nnot healthy\n')).toBe(true);
  });
});
