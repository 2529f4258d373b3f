// Time and randomness are passed in, so that waits, retries and drills are testable.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only go forward; for measuring. */
  monotonic(): number;
  /** Resolves after `ms`, rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A source of randomness: uniformly distributed bytes. */
export type RandomBytes = (length: number) => Uint8Array;
