// When the probes count as quiet: the cases that would end a hold too early or never.
import { describe, expect, it } from 'vitest';
import type { ProbeConfig } from './probes/config.ts';
import { emptyLog, type Sample } from './probes/sample.ts';
import { isQuiet } from './quiet.ts';

const config: ProbeConfig = { probe: 'control', host: 'h', port: 1, periodMs: 20, deadlineMs: 1000 };
const every20 = (from: number, to: number, ok: boolean): readonly Sample[] =>
  Array.from({ length: (to - from) / 20 }, (_, slot) => ({ at: from + slot * 20, ms: 1, ok }));
const quiet = (samples: readonly Sample[], nowMs: number, quietMs = 2000): boolean =>
  isQuiet({ config, log: { ...emptyLog(), samples: [...samples] }, nowMs, quietMs });

describe('isQuiet', () => {
  it('is true while everything succeeds', () => expect(quiet(every20(0, 5000, true), 5000)).toBe(true));
  it('is false at first', () => expect(quiet([], 5000)).toBe(false));
  it('is false when a request of the last while failed', () =>
    expect(quiet([...every20(0, 4000, true), ...every20(4000, 4100, false), ...every20(4100, 5000, true)], 5000)).toBe(
      false,
    ));
  it('is true when the failures are long past', () =>
    expect(quiet([...every20(0, 1000, false), ...every20(1000, 5000, true)], 5000)).toBe(true));
  it('is false when answers stopped coming, before the first deadline has passed', () =>
    expect(quiet(every20(0, 4400, true), 5000)).toBe(false));
  it('sees a failure by when it was sent, though it is known only after later successes', () =>
    expect(
      quiet([...every20(0, 4100, true), { at: 3100, ms: 1000, ok: false }, ...every20(4100, 5000, true)], 5000),
    ).toBe(false));
});
