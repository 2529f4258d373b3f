// Do the probes succeed? Asked of their logs while they run, to know when the steady state is reached and when a
// service is back. Pure, but for the one wait.
import type { Clock } from '../model/clock.ts';
import type { ProbeConfig } from './probes/config.ts';
import type { ProbeLog } from './probes/sample.ts';

export interface QuietQuestion {
  readonly config: ProbeConfig;
  readonly log: ProbeLog;
  readonly nowMs: number;
  /** No failure may have been sent in this last time. */
  readonly quietMs: number;
}

/**
 * Succeeds now and has for a while. Failures are known only when their deadline has passed, so the newest success
 * must be younger than any deadline: a service that froze just now shows by the answers that do not come.
 */
export function isQuiet({ config, log, nowMs, quietMs }: QuietQuestion): boolean {
  const recentMs = Math.max(500, 3 * config.periodMs);
  let succeeded = false;
  for (let index = log.samples.length - 1; index >= 0; index -= 1) {
    const sample = log.samples[index];
    // Outcomes arrive in any order within a deadline; older ones say nothing more.
    if (!sample || sample.at < nowMs - quietMs - config.deadlineMs - recentMs) break;
    if (!sample.ok && sample.at >= nowMs - quietMs) return false;
    if (sample.ok && sample.at >= nowMs - recentMs) succeeded = true;
  }
  return succeeded;
}

export interface Until {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly periodMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Polls a condition; false when the deadline passed. Rejects only when aborted or when the condition does. */
export async function until(wait: Until, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = wait.clock.monotonic() + wait.deadlineMs;
  for (;;) {
    wait.signal?.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop
    if (await condition()) return true;
    const left = end - wait.clock.monotonic();
    if (left <= 0) return false;
    // oxlint-disable-next-line no-await-in-loop
    await wait.clock.sleep(Math.min(left, wait.periodMs), wait.signal);
  }
}
