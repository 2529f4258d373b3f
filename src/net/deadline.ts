// Every wait on the network has a deadline: one sleep, one promise, and the cleanup of what was begun.
// On expiry the work is told through the signal and the caller gets `DeadlineError` at once, without waiting
// for the work to wind up.
import type { Clock } from '../model/clock.ts';

export class DeadlineError extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
    this.name = 'DeadlineError';
    this.milliseconds = milliseconds;
  }
}

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

export async function withDeadline<T>(options: DeadlineOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  options.signal?.throwIfAborted();
  const ended = new AbortController();
  const asleep = new AbortController();
  const end = (reason: unknown): never => {
    ended.abort(reason);
    throw reason instanceof Error ? reason : new Error('aborted');
  };
  const onAbort = (): void => asleep.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const expiry = options.clock.sleep(options.milliseconds, asleep.signal).then(
    () => end(new DeadlineError(options.milliseconds)),
    (reason: unknown) => end(reason),
  );
  const working = work(ended.signal);
  // The loser of the race must not become an unhandled rejection.
  expiry.catch(() => undefined);
  working.catch(() => undefined);
  try {
    return await Promise.race([working, expiry]);
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    asleep.abort(new Error('done'));
  }
}
