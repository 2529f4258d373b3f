// A clock for tests: time stands still until a test moves it. Deterministic; no timers of the machine.
//
//   const clock = fakeClock();
//   const waiting = waitUntil({ clock, ... });
//   await clock.advance(1000);      // runs everything that sleeps until then, in order of time
// Sleepers that are due at the same moment wake in the order in which they went to sleep.
// One turn of the event loop, no time: the only ambient thing here.
// oxlint-disable-next-line house/ambient
import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';

import type { Clock } from '../model/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time forward, waking sleepers one by one; after each one pending promises run first. */
  advance(ms: number): Promise<void>;
  /** Advances to the next sleeper until nobody sleeps or `limitMs` passed; returns the milliseconds that passed. */
  runAll(limitMs?: number): Promise<number>;
  /** How many are asleep. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** `startMs` is what now() says at first; monotonic() starts at 0. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let passed = 0;
  const sleeping = new Set<Sleeper>();

  const next = (): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleeping) if (first === undefined || sleeper.at < first.at) first = sleeper;
    return first;
  };
  const wakeUntil = async (end: number): Promise<void> => {
    await settle();
    for (let sleeper = next(); sleeper !== undefined && sleeper.at <= end; sleeper = next()) {
      passed = Math.max(passed, sleeper.at);
      sleeping.delete(sleeper);
      sleeper.wake();
      // oxlint-disable-next-line no-await-in-loop
      await settle();
    }
  };

  return {
    now: () => startMs + passed,
    monotonic: () => passed,
    sleep: (ms, signal) => sleep({ sleeping, at: passed + Math.max(0, ms) }, signal),
    async advance(ms) {
      const end = passed + ms;
      await wakeUntil(end);
      passed = end;
    },
    async runAll(limitMs = Number.POSITIVE_INFINITY) {
      const start = passed;
      await wakeUntil(start + limitMs);
      return passed - start;
    },
    get sleepers() {
      return sleeping.size;
    },
  };
}

function sleep(
  { sleeping, at }: { readonly sleeping: Set<Sleeper>; readonly at: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(asError(signal.reason));
      return;
    }
    const stop = (): void => {
      sleeping.delete(sleeper);
      reject(asError(signal?.reason));
    };
    const sleeper: Sleeper = {
      at,
      wake: () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
    };
    sleeping.add(sleeper);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Callers want the reason they gave, whatever it is. */
function asError(reason: unknown): Error {
  return reason as Error;
}

/** Lets everything that waits for a promise run: one turn of the event loop comes after all microtasks. */
async function settle(): Promise<void> {
  await turnOfTheEventLoop();
}
