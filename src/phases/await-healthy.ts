// Waits until every health check of every component is green on every host that answers, with a deadline.
import type { Session } from '../remote/transport.ts';
import { notYet, ready, waitUntil } from '../lib/poll.ts';
import { runHealthChecks } from './health.ts';
import type { CheckResult } from './health.ts';
import type { Run } from './run.ts';

const PERIOD_MS = 2000;

/** Rejects with HastackError `apply-failed` that names what is still red. */
export async function awaitHealthy(
  run: Run,
  sessions: ReadonlyMap<string, Session>,
  seconds: number,
): Promise<readonly CheckResult[]> {
  const { clock, signal } = run.engine;
  return waitUntil<readonly CheckResult[]>({
    clock,
    deadlineMs: seconds * 1000,
    periodMs: PERIOD_MS,
    ...(signal === undefined ? {} : { signal }),
    what: 'all health checks to be green',
    hint: '`hastack status` shows what is red; run the same command again when it is mended',
    probe: async () => {
      const results = await runHealthChecks(run.context, sessions, signal);
      const limit = run.input.limit;
      const red = results.filter(({ ok, host }) => !ok && limit?.includes(host) !== false);
      return red.length === 0
        ? ready(results)
        : notYet(red.map((each) => `${each.host}: ${each.name}: ${each.detail}`).join('; '));
    },
  });
}
