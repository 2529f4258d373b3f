// Expected minutes per year without each capability: failures that take it down until they are repaired, failures
// that interrupt it, failovers that do not work, two failures at once, and causes that hit several hosts together.
// Sums over all failures of one and two elements; more at once is rarer than the figures are exact. Pure.
import type { Capability } from '../model/capability.ts';
import { addSeconds, NO_TIME } from '../model/seconds.ts';
import type { Seconds } from '../model/seconds.ts';
import type { AvailabilityEstimate } from '../model/simulation.ts';
import type { Assumptions } from './assumptions.ts';
import type { RawEffect } from './effect.ts';
import { isWholeLoss } from './effect.ts';

const MINUTES_PER_YEAR = 525_600;
const SECONDS_PER_MINUTE = 60;

export class AvailabilitySum {
  readonly #assumptions: Assumptions;
  readonly #capabilities: readonly Capability[];
  readonly #contributions: Map<string, Seconds>[];
  readonly #commonCause: boolean[];

  constructor(assumptions: Assumptions, capabilities: readonly Capability[]) {
    this.#assumptions = assumptions;
    this.#capabilities = capabilities;
    this.#contributions = capabilities.map(() => new Map<string, Seconds>());
    this.#commonCause = capabilities.map(() => false);
  }

  addSingle(kind: string, count: number, effects: readonly RawEffect[]): void {
    const { perYear, repairMinutes, uncovered, manualMinutes } = this.#assumptions;
    effects.forEach((effect, index) => {
      const { loss, slowest } = effect;
      const share = loss?.share ?? 0;
      const lost = scaled(times(perYear(kind), repairMinutes(kind)), count * share);
      this.#add(index, kind, lost);
      if (slowest === undefined || share === 1 || slowest.high.high === 0) return;
      const interrupted = times(perYear(kind), {
        low: slowest.low / SECONDS_PER_MINUTE,
        expected: slowest.expected.expected / SECONDS_PER_MINUTE,
        high: slowest.high.high / SECONDS_PER_MINUTE,
      });
      this.#add(index, kind, scaled(interrupted, count * (1 - share)));
      const failed = times(times(perYear(kind), uncovered), manualMinutes);
      if (slowest.expected.expected > 0)
        this.#add(index, 'failovers that do not work', scaled(failed, count * (1 - share)));
    });
  }

  /** Only where neither of the two takes it down alone: that is counted already. */
  addPair(kinds: readonly [string, string], count: number, together: readonly boolean[]): void {
    const both = times(this.#unavailability(kinds[0]), this.#unavailability(kinds[1]));
    const minutes = scaled(both, count * MINUTES_PER_YEAR);
    together.forEach((down, index) => {
      if (!down) return;
      this.#add(index, 'two failures at once', minutes);
      if (kinds[0] === 'host' && kinds[1] === 'host') this.#commonCause[index] = true;
    });
  }

  estimates(): ReadonlyMap<Capability, AvailabilityEstimate> {
    const common = scaled(times(this.#unavailability('host'), this.#assumptions.commonCause), MINUTES_PER_YEAR);
    return new Map(
      this.#capabilities.map((capability, index) => {
        if (this.#commonCause[index] === true) this.#add(index, 'one cause that takes several hosts', common);
        const parts = [...(this.#contributions[index] ?? [])];
        const sum = parts.reduce((total, [, minutes]) => addSeconds(total, minutes), NO_TIME);
        return [capability, estimateOf(capped(sum), parts)];
      }),
    );
  }

  #unavailability(kind: string): Seconds {
    const { perYear, repairMinutes } = this.#assumptions;
    return scaled(times(perYear(kind), repairMinutes(kind)), 1 / MINUTES_PER_YEAR);
  }

  #add(index: number, what: string, minutes: Seconds): void {
    const parts = this.#contributions[index];
    if (minutes.high > 0) parts?.set(what, addSeconds(parts.get(what) ?? NO_TIME, minutes));
  }
}

const WORDS: Readonly<Record<string, string>> = {
  host: 'hosts',
  disk: 'disks',
  nic: 'network interfaces',
  bond: 'bonds',
  network: 'networks',
  switch: 'switches',
  rack: 'racks',
  power: 'power feeds',
  process: 'processes that die',
  frozen: 'processes that freeze',
  external: 'things outside of the cluster',
};

function estimateOf(minutesPerYear: Seconds, parts: readonly (readonly [string, Seconds])[]): AvailabilityEstimate {
  const contributors = parts
    .map(([what, minutes]) => ({ what: WORDS[what] ?? what, minutes: rounded(minutes.expected) }))
    .toSorted((a, b) => b.minutes - a.minutes)
    .slice(0, 3);
  return {
    ratio: Number((1 - minutesPerYear.expected / MINUTES_PER_YEAR).toFixed(7)),
    minutesPerYear: {
      low: rounded(minutesPerYear.low),
      expected: rounded(minutesPerYear.expected),
      high: rounded(minutesPerYear.high),
    },
    contributors,
  };
}

/** Two digits: the inputs have no more. */
function rounded(minutes: number): number {
  return Number(minutes.toPrecision(2));
}

function capped({ low, expected, high }: Seconds): Seconds {
  const cap = (minutes: number): number => Math.min(MINUTES_PER_YEAR, minutes);
  return { low: cap(low), expected: cap(expected), high: cap(high) };
}

function times(a: Seconds, b: Seconds): Seconds {
  return { low: a.low * b.low, expected: a.expected * b.expected, high: a.high * b.high };
}

function scaled(a: Seconds, factor: number): Seconds {
  return { low: a.low * factor, expected: a.expected * factor, high: a.high * factor };
}

export function downTogether(
  pair: readonly RawEffect[],
  first: readonly RawEffect[],
  second: readonly RawEffect[],
): readonly boolean[] {
  return pair.map((effect, index) => isWholeLoss(effect) && !isWholeLoss(first[index]) && !isWholeLoss(second[index]));
}
