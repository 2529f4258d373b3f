// The figures against a slow and obvious computation of the same definitions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, percentile, timeline } from './analyse.ts';
import type { Sample } from './sample.ts';

const PERIOD = 20;

/** Requests on schedule with some jitter, some failed, some slots skipped. */
const run = fc
  .array(
    fc.record({
      ok: fc.boolean(),
      jitter: fc.integer({ min: 0, max: 5 }),
      ms: fc.integer({ min: 1, max: 900 }),
      skipped: fc.constantFrom(0, 0, 0, 0, 1, 3),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((slots) => {
    let slot = 0;
    return slots.map(({ ok, jitter, ms, skipped }): Sample => {
      slot += 1 + skipped;
      return { at: slot * PERIOD + jitter, ms, ok, ...(!ok && { error: 'timeout' }) };
    });
  });

describe('analyse', () => {
  it('finds the longest interval between successes as a search over all pairs does', () => {
    fc.assert(
      fc.property(run, (samples) => {
        fc.pre(samples.at(0)?.ok === true && samples.at(-1)?.ok === true);
        let longest = 0;
        for (const a of samples) {
          for (const b of samples) {
            const between = samples.some((each) => each.ok && each.at > a.at && each.at < b.at);
            if (a.ok && b.ok && b.at > a.at && !between) longest = Math.max(longest, b.at - a.at - PERIOD);
          }
        }
        expect(analyse(samples, { periodMs: PERIOD, originMs: 0 }).measuredSeconds).toBeCloseTo(longest / 1000, 6);
      }),
    );
  });

  it('sums exactly the time that failures took when nothing was skipped or late', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (outcomes) => {
        const samples = [true, ...outcomes, true].map((ok, slot): Sample => ({ at: slot * PERIOD, ms: 1, ok }));
        const failed = outcomes.filter((ok) => !ok).length;
        const figures = analyse(samples, { periodMs: PERIOD, originMs: 0 });
        expect(figures.unavailableSeconds).toBeCloseTo((failed * PERIOD) / 1000, 6);
        expect(figures.measuredSeconds).toBeLessThanOrEqual(figures.unavailableSeconds + 1e-9);
        expect(figures.failed).toBe(failed);
      }),
    );
  });

  it('puts every failed request into exactly one outage, whatever the order of arrival', () => {
    fc.assert(
      fc.property(run, fc.integer(), (samples, seed) => {
        const shuffled = samples.toSorted((a, b) => ((a.at * 31 + seed) % 97) - ((b.at * 31 + seed) % 97));
        const figures = analyse(shuffled, { periodMs: PERIOD, originMs: 0 });
        expect(figures).toEqual(analyse(samples, { periodMs: PERIOD, originMs: 0 }));
        expect(figures.outages.reduce((sum, outage) => sum + outage.failed, 0)).toBe(figures.failed);
        for (const sample of samples.filter((each) => !each.ok)) {
          const at = sample.at / 1000;
          expect(figures.outages.filter((outage) => outage.from <= at && at <= outage.to)).toHaveLength(1);
        }
        expect(Object.values(figures.errors).reduce((sum, count) => sum + count, 0)).toBe(figures.failed);
      }),
    );
  });

  it('loses no request in the timeline', () => {
    fc.assert(
      fc.property(run, (samples) => {
        const { bins } = timeline(samples, { originMs: 0, binSeconds: 0.1 });
        expect(bins.reduce((sum, bin) => sum + bin.requests, 0)).toBe(samples.length);
        expect(bins.reduce((sum, bin) => sum + bin.failed, 0)).toBe(samples.filter((each) => !each.ok).length);
        expect(bins.map((bin) => bin.at)).toEqual(bins.map((bin) => bin.at).toSorted((a, b) => a - b));
      }),
    );
  });

  it('takes a percentile that enough values do not exceed, and no smaller one does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = values.toSorted((a, b) => a - b);
          const found = percentile(sorted, share);
          expect(sorted.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * sorted.length - 1e-9);
          expect(sorted.filter((value) => value < found).length).toBeLessThan(share * sorted.length);
        },
      ),
    );
  });
});

describe('analyse at the ends of the window', () => {
  it('counts an outage that never ended as open, at least as long as it was watched', () => {
    const samples = Array.from({ length: 100 }, (_, slot): Sample => ({ at: slot * PERIOD, ms: 1, ok: slot < 50 }));
    const figures = analyse(samples, { periodMs: PERIOD, originMs: 0 });
    expect(figures.measuredSeconds).toBeCloseTo(1, 6);
    expect(figures.outages).toEqual([{ from: 0.98, to: 1.98, failed: 50, openEnded: true }]);
  });

  it('counts the whole window when nothing ever succeeded', () => {
    const samples = Array.from({ length: 100 }, (_, slot): Sample => ({ at: slot * PERIOD, ms: 1, ok: false }));
    expect(analyse(samples, { periodMs: PERIOD, originMs: 0 })).toMatchObject({ measuredSeconds: 2, failed: 100 });
  });

  it('shows a stall in which every write was acknowledged late', () => {
    const samples = Array.from({ length: 200 }, (_, slot): Sample => {
      const at = slot * 25;
      return { at, ms: at >= 1000 && at < 4000 ? 4000 - at : 2, ok: true };
    });
    const figures = analyse(samples, { periodMs: 25, originMs: 0 });
    expect(figures.failed).toBe(0);
    expect(figures.measuredSeconds).toBe(0);
    expect(figures.longestStallSeconds).toBeCloseTo(3, 1);
  });

  it('sees how long a part of the requests kept failing', () => {
    const at = (slot: number): boolean => slot >= 50 && slot < 200 && slot % 3 === 0;
    const samples = Array.from({ length: 400 }, (_, slot): Sample => ({ at: slot * PERIOD, ms: 1, ok: !at(slot) }));
    const figures = analyse(samples, { periodMs: PERIOD, originMs: 0 });
    expect(figures.measuredSeconds).toBe(0.02);
    // Slots 51 to 198 fail in part; the successes around them are at 50 and 199.
    expect(figures.degradedSeconds).toBeCloseTo(((199 - 50) * PERIOD - PERIOD) / 1000, 6);
  });

  it('says nothing of nothing', () => {
    expect(analyse([], { periodMs: PERIOD, originMs: 0 })).toMatchObject({
      requests: 0,
      measuredSeconds: 0,
      outages: [],
    });
  });
});
