// Waiting for a condition with a deadline. Returns the first value that is not undefined; when the deadline
// passes it throws what `late` makes, so that every message says what was waited for.
import type { Clock } from '../model/clock.ts';

export interface Wait<T> {
  readonly clock: Clock;
  readonly seconds: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
  look(): Promise<T | undefined> | T | undefined;
  late(): Error;
}

export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const end = wait.clock.monotonic() + wait.seconds * 1000;
  for (;;) {
    wait.signal?.throwIfAborted();
    const value = await wait.look();
    if (value !== undefined) return value;
    if (wait.clock.monotonic() >= end) throw wait.late();
    await wait.clock.sleep(wait.every ?? 100, wait.signal);
  }
}
