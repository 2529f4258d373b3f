// Waiting for a condition, the only way to wait in hastack: a deadline, a period, a reason when it fails.
//
// The probe is asked at once and then every period (measured from start to start, never overlapping). It tells
// `ready` with a value, or `waiting` with a detail. On the deadline the wait rejects with a HastackError that says
// what was waited for and the last detail; a probe that hangs is given up then too and its signal is aborted.
// A probe that throws a HastackError or any other error ends the wait with that error.
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import type { ErrorCode } from '../model/error.ts';
import { formatDuration } from './text.ts';

export type Probed<T> =
  | { readonly ready: true; readonly value: T }
  | { readonly ready: false; readonly detail: string };

export interface Wait<T> {
  readonly clock: Clock;
  /** How long to wait, from now. */
  readonly deadlineMs: number;
  readonly periodMs: number;
  /** Ends the wait early: rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Completes "gave up waiting for …": `mariadb on ctl1 to be synced`. */
  readonly what: string;
  readonly hint?: string;
  /** Code of the error on the deadline; default `apply-failed`. */
  readonly code?: ErrorCode;
  readonly host?: string;
  /** Gets a signal that aborts on the deadline and with `signal`. */
  readonly probe: (signal: AbortSignal) => Promise<Probed<T>> | Probed<T>;
}

export function ready<T>(value: T): Probed<T> {
  return { ready: true, value };
}

export function notYet(detail: string): Probed<never> {
  return { ready: false, detail };
}

export async function waitUntil<T>(wait: Wait<T>): Promise<T> {
  wait.signal?.throwIfAborted();
  const ended = new AbortController();
  const signal = wait.signal === undefined ? ended.signal : AbortSignal.any([ended.signal, wait.signal]);
  const progress = { detail: 'no answer yet' };
  try {
    return await Promise.race([probing(wait, signal, progress), deadline(wait, signal, progress)]);
  } finally {
    // Stops whichever of the two still runs, and with it its timer.
    ended.abort(new Error('the wait is over'));
  }
}

async function probing<T>(wait: Wait<T>, signal: AbortSignal, progress: { detail: string }): Promise<T> {
  for (;;) {
    const started = wait.clock.monotonic();
    // oxlint-disable-next-line no-await-in-loop
    const probed = await wait.probe(signal);
    wait.signal?.throwIfAborted();
    if (probed.ready) return probed.value;
    progress.detail = probed.detail;
    const left = wait.periodMs - (wait.clock.monotonic() - started);
    // oxlint-disable-next-line no-await-in-loop
    await wait.clock.sleep(Math.max(0, left), signal);
  }
}

async function deadline<T>(wait: Wait<T>, signal: AbortSignal, progress: { detail: string }): Promise<never> {
  await wait.clock.sleep(wait.deadlineMs, signal);
  throw new HastackError({
    code: wait.code ?? 'apply-failed',
    message: `gave up waiting for ${wait.what} after ${formatDuration(wait.deadlineMs / 1000)}: ${progress.detail}`,
    hint: wait.hint ?? 'Look at the logs of the service, then run the same command again: it goes on where it stopped.',
    ...(wait.host === undefined ? {} : { host: wait.host }),
  });
}
