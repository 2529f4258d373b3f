// What passes and what does not, as a table of evidence.
import { describe, expect, it } from 'vitest';
import type { ProbeResult } from '../model/drill.ts';
import { seconds } from '../model/seconds.ts';
import { sampleReport } from './testing/sample-report.ts';
import { controlLimit, judge, judgedSeconds, type Evidence } from './verdict.ts';

const base = sampleReport().drills[0]?.probes ?? [];
const get = base.find((probe) => probe.name === 'http-get');
const write = base.find((probe) => probe.name === 'mariadb-set');
if (!get || !write) throw new Error('the sample report lacks a probe');

const returned = { requests: 600, failed: 0, measuredSeconds: 0, longestStallSeconds: 0.01 };

const probe = (changes: Partial<ProbeResult>): ProbeResult => ({
  ...get,
  measuredSeconds: 0.9,
  limitSeconds: 1.5,
  predicted: seconds(0.5, 0.8, 1.2),
  degradedSeconds: 0.9,
  failed: 40,
  ...changes,
});

const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  drill: { healWithinSeconds: 60 },
  probes: [probe({})],
  controlGapSeconds: 0.02,
  controlGapAfterHealSeconds: 0.02,
  controlLimitSeconds: 0.1,
  unreadMembers: [],
  healthy: true,
  problems: [],
  tolerance: 1,
  tierSeconds: 5,
  ...changes,
});

describe('judge', () => {
  const cases: readonly (readonly [string, Partial<Evidence>, string, RegExp])[] = [
    ['within limit and prediction', {}, 'pass', /http-get was away for 900 ms/],
    ['a held-up machine while the part returns', { controlGapAfterHealSeconds: 0.4 }, 'pass', /900 ms/],
    [
      'over the limit while the part returns',
      { probes: [probe({ afterHeal: { ...returned, failed: 90, measuredSeconds: 1.6 } })] },
      'fail',
      /away for 1.6 s after the heal/,
    ],
    [
      'over the limit while the part returns, on a machine that was held up',
      {
        probes: [probe({ afterHeal: { ...returned, failed: 90, measuredSeconds: 1.6 } })],
        controlGapAfterHealSeconds: 0.4,
      },
      'inconclusive',
      /missed 400 ms/,
    ],
    [
      'a failure while the part returns, none allowed',
      {
        drill: { healWithinSeconds: 60, noFailures: ['http-get'] },
        probes: [probe({ failed: 0, afterHeal: { ...returned, failed: 1 } })],
      },
      'fail',
      /1 of 600 requests of http-get failed after the heal/,
    ],
    ['over the limit', { probes: [probe({ measuredSeconds: 1.6 })] }, 'fail', /allowed are 1.5 s/],
    ['over the prediction', { probes: [probe({ measuredSeconds: 1.45 })] }, 'fail', /predicted were at most 1.2 s/],
    ['over the prediction, tolerated', { probes: [probe({ measuredSeconds: 1.45 })], tolerance: 3 }, 'pass', /1.45 s/],
    ['nothing predicted', { probes: [probe({ measuredSeconds: 1.45, predicted: null })] }, 'pass', /1.45 s/],
    ['control gap', { controlGapSeconds: 0.11 }, 'inconclusive', /held up/],
    [
      'control gap and over the limit',
      { controlGapSeconds: 0.11, probes: [probe({ measuredSeconds: 9 })] },
      'inconclusive',
      /held up/,
    ],
    [
      'a lost row beats a control gap',
      { controlGapSeconds: 0.11, probes: [probe({ lostWrites: 2 })] },
      'fail',
      /2 acknowledged/,
    ],
    ['probes died', { probeFailure: 'the probe process ended with 1' }, 'inconclusive', /ended with 1/],
    ['a member could not be read', { unreadMembers: ['ctl2: gone'] }, 'fail', /ctl2: gone/],
    ['not healthy again', { healthy: false, problems: ['galera on ctl1'] }, 'fail', /not healthy .* galera on ctl1/],
    [
      'a failure where none may be',
      { drill: { healWithinSeconds: 60, noFailures: ['http-get'] } },
      'fail',
      /40 of \d+ requests/,
    ],
    [
      'a third fails for long',
      { probes: [probe({ degradedSeconds: 12 })] },
      'fail',
      /kept failing for 12 s, allowed are 5 s/,
    ],
    ['no request sent', { probes: [probe({ requests: 0 })] }, 'fail', /sent nothing/],
  ];
  it.each(cases)('%s', (_name, changes, verdict, reason) => {
    const judgement = judge(evidence(changes));
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.reason).toMatch(reason);
  });

  it('judges writes by their acknowledgements, reads by what was sent', () => {
    expect(judgedSeconds({ ...write, measuredSeconds: 0.1, longestStallSeconds: 2.4 })).toBe(2.4);
    expect(judgedSeconds({ ...get, measuredSeconds: 0.1, longestStallSeconds: 2.4 })).toBe(0.1);
  });
});

describe('controlLimit', () => {
  it('is a third of the strictest limit, at most 100 ms', () => {
    expect(controlLimit([1.5, 4, null])).toBe(0.1);
    expect(controlLimit([0.15, 4])).toBeCloseTo(0.05);
    expect(controlLimit([null])).toBe(0.1);
  });
});
