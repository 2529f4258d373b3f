// `hastack apply`: makes the cluster as the spec says. The phases in order:
//   connect → plan (without changes: done) → lock → plan again → apply → unlock → wait until healthy → credentials
//   → encrypted copy of the state on the control hosts
// Resumable after a kill at any moment: nothing is remembered but what the hosts themselves say.
import type { ApplyOutcome } from '../engine/apply.ts';
import { checkReachable } from '../engine/connect.ts';
import type { PlannedCluster } from '../engine/plan.ts';
import { HastackError } from '../model/error.ts';
import { applyPhase } from '../phases/apply.ts';
import type { ApplyOptions } from '../phases/apply.ts';
import { awaitHealthy } from '../phases/await-healthy.ts';
import { writeCredentials } from '../phases/credentials.ts';
import { withRun } from '../phases/run.ts';
import { copyState } from '../phases/state-copy.ts';
import type { Run, RunInput } from '../phases/run.ts';

const HEALTHY_SECONDS = 180;

export interface ApplyResult {
  readonly runId: string;
  readonly ok: boolean;
  readonly changed: number;
  readonly seconds: number;
  readonly planned: PlannedCluster;
  readonly outcome: ApplyOutcome;
  /** Why it is not ok: the first failure, or what waits. */
  readonly error?: HastackError;
}

export async function applyFlow(input: RunInput, options: ApplyOptions = {}): Promise<ApplyResult> {
  return withRun(input, async (run) => {
    if (input.limit !== undefined) run.engine.emit({ event: 'note', message: limitNote(input.limit) });
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      const { planned, outcome } = await applyPhase(run, connections, options);
      const error = await verdict(run, connections.sessions, outcome);
      if (error === undefined) {
        writeCredentials(run);
        await copyState(run, connections.sessions);
      }
      return finish(run, { planned, outcome, ...(error === undefined ? {} : { error }) });
    } finally {
      await connections.close();
    }
  });
}

function limitNote(hosts: readonly string[]): string {
  return `limited to ${hosts.join(', ')}: nothing is formed for the first time, and what is done once for the whole cluster (databases, users, endpoints) is left out`;
}

async function verdict(
  run: Run,
  sessions: Parameters<typeof awaitHealthy>[1],
  outcome: ApplyOutcome,
): Promise<HastackError | undefined> {
  const [first] = outcome.failures;
  if (first !== undefined) return first;
  if (outcome.unread.length > 0 || outcome.waiting.length > 0) return incomplete(outcome);
  if (outcome.changed === 0) return undefined;
  try {
    await awaitHealthy(run, sessions, HEALTHY_SECONDS);
    return undefined;
  } catch (error) {
    if (error instanceof HastackError) return error;
    throw error;
  }
}

function incomplete(outcome: ApplyOutcome): HastackError {
  const away = outcome.unread.map(({ host, reason }) => `${host} (${reason})`);
  const missing = new Set(outcome.unread.map(({ host }) => host));
  const held = outcome.waiting.filter(({ host }) => !missing.has(host));
  const waiting = [...new Set(held.map((each) => `${each.host} waits: ${each.reason}`))];
  return new HastackError({
    code: 'apply-failed',
    message: [...(away.length > 0 ? [`not reached: ${away.join(', ')}`] : []), ...waiting].join('; '),
    hint: 'bring the host back and run `hastack apply` again: it goes on where it stopped',
  });
}

function finish(run: Run, result: Pick<ApplyResult, 'planned' | 'outcome' | 'error'>): ApplyResult {
  const { emit, clock } = run.engine;
  const ok = result.error === undefined;
  const seconds = (clock.monotonic() - run.started) / 1000;
  // Failures of hosts were told when they happened.
  if (result.error !== undefined && !result.outcome.failures.includes(result.error)) {
    const { code, message, hint, host } = result.error;
    emit({ event: 'failed', message, hint, code, ...(host === undefined ? {} : { host }) });
  }
  emit({ event: 'run-finished', runId: run.id, ok, changed: result.outcome.changed, seconds });
  return { runId: run.id, ok, changed: result.outcome.changed, seconds, ...result };
}
