// The real clock: the only place that reads the machine's time and sets timers for waiting.
// `sleep` rejects with the signal's reason as soon as it aborts and leaves no timer behind.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../model/clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // The timer rejects with an AbortError of its own; callers want the reason they gave.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
