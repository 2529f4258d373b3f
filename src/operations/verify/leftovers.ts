// What earlier verifications left is removed before a new one: of the run from here that was killed, and of any run
// that began too long ago to be still at it. A younger one may be somebody else's that runs now: it is left alone.
import { ApiError } from '../../openstack/api-error.ts';
import { openSession } from '../../openstack/session.ts';
import { HastackError } from '../../model/error.ts';
import { startOfRun } from './names.ts';
import { runsThatLeft, sweep } from './sweep.ts';
import type { SweepOptions } from './sweep.ts';

export interface Leftovers {
  readonly removed: readonly string[];
  /** Runs that may be running elsewhere. */
  readonly leftAlone: readonly string[];
  /** Things that could not be removed. */
  readonly stuck: readonly string[];
}

/** Longer than any verification takes. */
const OLD_MS = 60 * 60_000;

export interface LeftoverOptions extends Omit<SweepOptions, 'which'> {
  /** The run from here that was killed. */
  readonly died: string | undefined;
  /** Whatever their age. */
  readonly all: boolean;
}

export async function removeLeftovers(options: LeftoverOptions): Promise<Leftovers> {
  const { clock, died, all } = options;
  const runs = await findRuns(options);
  const goes = (run: string): boolean => all || run === died || clock.now() - startOfRun(run) > OLD_MS;
  const removed = runs.filter(goes);
  const leftAlone = runs.filter((run) => !goes(run));
  const stuck = removed.length === 0 ? [] : await sweep({ ...options, which: goes });
  return { removed, leftAlone, stuck };
}

/** The first request of a verification: no answer at all means that the cloud cannot be reached. */
async function findRuns({ client, admin, signal }: LeftoverOptions): Promise<readonly string[]> {
  try {
    return await runsThatLeft(await openSession(client, admin, signal), signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ApiError) return [];
    throw new HastackError({
      code: 'unreachable',
      message: cause instanceof Error ? cause.message : String(cause),
      hint: '`hastack status` shows which host holds the VIP and whether Keystone answers',
      cause,
    });
  }
}
