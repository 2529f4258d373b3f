// What is compared with what, and when it counts as worse.
import { describe, expect, it } from 'vitest';
import { historyEntries, withHistory } from './history.ts';
import { sampleReport } from './testing/sample-report.ts';

const report = sampleReport();
const [first] = historyEntries(report, 'abc');

describe('history', () => {
  it('remembers drills that were measured, and no others', () => {
    const measured = report.drills.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
    expect(historyEntries(report, 'abc').map(({ drill }) => drill)).toEqual(measured.map(({ name }) => name));
  });

  it('says what got worse since the last drill on the same spec', () => {
    if (first === undefined) throw new Error('the sample has no measured drill');
    const faster = { ...first, verdict: 'pass' as const, measured: { ...first.measured, 'http-get': -1 } };
    const compared = withHistory(report, [first, faster], 'abc');
    const drill = compared.drills.find(({ name }) => name === first.drill);
    expect(drill?.previous?.worse.join()).toContain('http-get was away for');
    expect(withHistory(report, [first], 'abc').drills[0]?.previous?.worse).toEqual([]);
  });

  it('compares nothing with another spec, other hosts or another tolerance', () => {
    if (first === undefined) throw new Error('the sample has no measured drill');
    const others = [
      { ...first, specHash: 'other' },
      { ...first, lab: !first.lab },
      { ...first, tolerance: 99 },
    ];
    expect(withHistory(report, others, 'abc').drills.every(({ previous }) => previous === undefined)).toBe(true);
  });
});
