// From samples to figures: pure, no clock, no I/O.
//
// The definitions are the contract of the command line: `measuredSeconds` is the longest interval between the
// send times of two successive successful requests, less one period. An interval is an outage when a request
// inside it failed; others are longer than a period only because the sender itself was late (the control probe
// judges that) and would add up to noise, so `unavailableSeconds` sums the outages alone.
// The first and the last request sent close the window: a probe that never succeeds again has an outage that is
// at least as long as the probing went on, marked `openEnded`.
import type { Outage, Timeline, TimelineBin } from '../../model/drill.ts';
import type { Sample } from './sample.ts';

export interface Figures {
  readonly measuredSeconds: number;
  readonly unavailableSeconds: number;
  readonly degradedSeconds: number;
  readonly longestStallSeconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly requests: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly outages: readonly Outage[];
}

export interface AnalyseOptions {
  readonly periodMs: number;
  /** Time zero of the report, on the clock of the samples. */
  readonly originMs: number;
}

/** Samples in any order; each request once. */
export function analyse(unsorted: readonly Sample[], options: AnalyseOptions): Figures {
  const samples = unsorted.toSorted((a, b) => a.at - b.at);
  const intervals = successIntervals(samples);
  const period = options.periodMs;
  const outages = intervals.filter((interval) => interval.failed > 0).map((interval) => toOutage(interval, options));
  const latencies = samples
    .filter((sample) => sample.ok)
    .map((sample) => sample.ms)
    .toSorted((a, b) => a - b);
  return {
    measuredSeconds: inSeconds(Math.max(0, ...intervals.map((each) => outageMs(each, period)))),
    unavailableSeconds: inSeconds(
      intervals.filter((each) => each.failed > 0).reduce((sum, each) => sum + outageMs(each, period), 0),
    ),
    degradedSeconds: longestDegradation(outages, period / 1000),
    longestStallSeconds: inSeconds(longestStall(samples, period)),
    p50: round(percentile(latencies, 0.5)),
    p99: round(percentile(latencies, 0.99)),
    max: round(latencies.at(-1) ?? 0),
    requests: samples.length,
    failed: samples.length - latencies.length,
    errors: countErrors(samples),
    outages,
  };
}

/** Nearest rank: the smallest value that at least the given share of all values does not exceed. 0 of nothing. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export interface TimelineOptions {
  readonly originMs: number;
  readonly binSeconds: number;
}

/** Samples per bin; bins without requests are left out. */
export function timeline(samples: readonly Sample[], options: TimelineOptions): Timeline {
  const bins = new Map<number, Sample[]>();
  for (const sample of samples) {
    const index = Math.floor((sample.at - options.originMs) / 1000 / options.binSeconds);
    const bin = bins.get(index);
    if (bin) bin.push(sample);
    else bins.set(index, [sample]);
  }
  return {
    binSeconds: options.binSeconds,
    bins: [...bins].toSorted(([a], [b]) => a - b).map(([index, content]) => toBin(index * options.binSeconds, content)),
  };
}

interface Interval {
  /** Send times, milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly failed: number;
  /** Which ends are no successes but the ends of the window. */
  readonly open: 'none' | 'start' | 'end' | 'both';
}

function successIntervals(samples: readonly Sample[]): readonly Interval[] {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return [];
  const intervals: Interval[] = [];
  let from = first.at;
  let failed = 0;
  let seenSuccess = first.ok;
  for (const sample of first.ok ? samples.slice(1) : samples) {
    if (!sample.ok) {
      failed += 1;
      continue;
    }
    intervals.push({ from, to: sample.at, failed, open: seenSuccess ? 'none' : 'start' });
    from = sample.at;
    failed = 0;
    seenSuccess = true;
  }
  if (failed > 0) intervals.push({ from, to: last.at, failed, open: seenSuccess ? 'end' : 'both' });
  return intervals;
}

/** Between two successes one request was due anyway; at an open end the missing success is not subtracted. */
function outageMs(interval: Interval, periodMs: number): number {
  const length = interval.to - interval.from;
  if (interval.open === 'both') return length + periodMs;
  return Math.max(0, interval.open === 'none' ? length - periodMs : length);
}

function toOutage(interval: Interval, options: AnalyseOptions): Outage {
  return {
    from: inSeconds(interval.from - options.originMs),
    to: inSeconds(interval.to - options.originMs),
    failed: interval.failed,
    openEnded: interval.open !== 'none',
  };
}

/** Outages that are less than a second (or three periods) apart are one trouble to those who meet it. */
function longestDegradation(outages: readonly Outage[], period: number): number {
  const apart = Math.max(1, 3 * period);
  let longest = 0;
  let from = 0;
  outages.forEach((outage, index) => {
    const before = outages[index - 1];
    if (before === undefined || outage.from - before.to > apart) from = outage.from;
    longest = Math.max(longest, outage.to - from - (outage.openEnded ? 0 : period));
  });
  return inSeconds(longest * 1000);
}

function longestStall(samples: readonly Sample[], periodMs: number): number {
  const answers = samples
    .filter((sample) => sample.ok)
    .map((sample) => sample.at + sample.ms)
    .toSorted((a, b) => a - b);
  let longest = 0;
  answers.forEach((answer, index) => {
    const before = answers[index - 1];
    if (before !== undefined) longest = Math.max(longest, answer - before - periodMs);
  });
  return longest;
}

function countErrors(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const sample of samples) {
    if (!sample.ok) counts[sample.error ?? 'failed'] = (counts[sample.error ?? 'failed'] ?? 0) + 1;
  }
  return counts;
}

function toBin(at: number, content: readonly Sample[]): TimelineBin {
  const latencies = content
    .filter((sample) => sample.ok)
    .map((sample) => sample.ms)
    .toSorted((a, b) => a - b);
  return {
    at: inSeconds(at * 1000),
    requests: content.length,
    failed: content.length - latencies.length,
    p50: latencies.length === 0 ? null : round(percentile(latencies, 0.5)),
    max: latencies.length === 0 ? null : round(latencies.at(-1) ?? 0),
  };
}

function inSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
