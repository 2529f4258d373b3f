// The open loop: a request on every slot of the schedule, whatever is outstanding. A closed loop would wait for
// the hung request and so measure one failure where users see hundreds (coordinated omission).
// Slots that the prober itself missed are counted and left out, never sent in a burst afterwards.
import type { Clock } from '../../model/clock.ts';

export interface OpenLoop {
  readonly clock: Clock;
  readonly periodMs: number;
  /** Ends the sending. */
  readonly signal: AbortSignal;
  /** Sends one request; must not reject. */
  readonly send: () => Promise<void>;
  /** How late a slot was sent: the lag of this process, which would look like an outage. */
  readonly onLate: (ms: number) => void;
  readonly onSkipped: (slots: number) => void;
}

/** Resolves when sending ended and every outstanding request has its outcome (each has its own deadline). */
export async function openLoop(loop: OpenLoop): Promise<void> {
  const start = loop.clock.monotonic();
  const outstanding = new Set<Promise<void>>();
  for (let slot = 0; !loop.signal.aborted; slot += 1) {
    const early = start + slot * loop.periodMs - loop.clock.monotonic();
    // oxlint-disable-next-line no-await-in-loop
    if (early > 0) await loop.clock.sleep(early, loop.signal).catch(() => undefined);
    if (loop.signal.aborted) break;
    const late = loop.clock.monotonic() - start - slot * loop.periodMs;
    loop.onLate(late);
    const missed = Math.floor(late / loop.periodMs);
    if (missed > 0) {
      loop.onSkipped(missed);
      slot += missed;
    }
    const request = loop.send();
    outstanding.add(request);
    void request.finally(() => outstanding.delete(request));
  }
  await Promise.all(outstanding);
}
