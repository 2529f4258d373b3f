import { describe, expect, it } from 'vitest';

import { reportText } from './verify.ts';

const step = { name: 'log-in', ok: true, seconds: 1, detail: 'well' };

describe('reportText', () => {
  it('counts, and says what was not tried', () => {
    const text = reportText({
      runId: 'r',
      ok: true,
      steps: [step],
      skipped: [{ name: 'stack', reason: 'heat is not deployed' }],
      leftBehind: [],
    });
    expect(text).toBe('skipped: stack\nverified: 1 steps passed, 0 failed, 1 skipped\n');
  });

  it('puts what failed and what was left first', () => {
    const failed = { ...step, name: 'image', ok: false, detail: 'answered 500' };
    const text = reportText({ runId: 'r', ok: false, steps: [step, failed], skipped: [], leftBehind: ['volume v 1'] });
    expect(text).toBe(
      'failed: image: answered 500\nleft behind: volume v 1\nnot verified: 1 steps passed, 1 failed, 0 skipped\n',
    );
  });
});
