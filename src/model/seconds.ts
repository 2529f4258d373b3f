// An estimate of a duration: what the terms add up to at best, usually and at worst.

export interface Seconds {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export const NO_TIME: Seconds = { low: 0, expected: 0, high: 0 };

export function seconds(low: number, expected: number, high: number): Seconds {
  return { low, expected, high };
}

export function addSeconds(a: Seconds, b: Seconds): Seconds {
  return { low: a.low + b.low, expected: a.expected + b.expected, high: a.high + b.high };
}

/** Things that happen side by side: the slower one counts. */
export function slowest(a: Seconds, b: Seconds): Seconds {
  return {
    low: Math.max(a.low, b.low),
    expected: Math.max(a.expected, b.expected),
    high: Math.max(a.high, b.high),
  };
}
