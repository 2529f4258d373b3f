// The drill engine: runs drills one after another and reports every attempt.
//
// An attempt that proves nothing, because the machine that measures was held up, is repeated, at most three times
// in all. A drill that cannot begin is `refused` and the others go on; after one that left the cluster unhealthy
// every later one is refused by its own steady-state check. An abort heals first, then rejects with `interrupted`.
import type { DrillAttempt, DrillReport, DrillResult } from '../model/drill.ts';
import { HastackError } from '../model/error.ts';
import { attemptDrill, refused, type AttemptContext, type AttemptResult, type Began } from './attempt.ts';
import type { Drill } from './drill.ts';
import { dropQueue, prepareQueue } from './queue-account.ts';
import { drillHosts, type DrillHosts } from './hosts.ts';
import { dropLedger, prepareLedger } from './ledger.ts';
import { judgedSeconds } from './verdict.ts';
import type { DrillRun } from './run-types.ts';

const MAX_ATTEMPTS = 3;

export async function runDrills(run: DrillRun): Promise<DrillReport> {
  const startedAt = new Date(run.clock.now()).toISOString();
  const hosts = drillHosts(run.transport);
  const results: DrillResult[] = [];
  try {
    const all = async (): Promise<void> => {
      for (const drill of run.drills) {
        // oxlint-disable-next-line no-await-in-loop
        results.push(await runDrill(run, hosts, drill));
      }
    };
    await withLedger(run, hosts, () => withQueue(run, hosts, all));
  } finally {
    await hosts.close();
  }
  return {
    runId: run.runId,
    cluster: run.cluster.name,
    startedAt,
    versions: run.versions,
    lab: run.lab,
    twinProfile: run.cluster.twinProfile,
    tolerance: run.tolerance,
    command: run.command,
    drills: results,
  };
}

/** True when every drill passed. */
export function allPassed(report: DrillReport): boolean {
  return report.drills.every((drill) => drill.verdict === 'pass');
}

async function withLedger(run: DrillRun, hosts: DrillHosts, work: () => Promise<void>): Promise<void> {
  const [member] = run.galeraHosts;
  const { user, password, ca } = run.probes.targets.database;
  const account = { user, password, tls: ca !== undefined };
  if (member === undefined) return work();
  // The first member may be the one that is down: any of them does.
  await onAnyMember(run.galeraHosts, (host) => prepareLedger(hosts, host, account));
  try {
    await work();
  } finally {
    await onAnyMember(run.galeraHosts, (host) => dropLedger(hosts, host, account)).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      run.emit({ event: 'warning', message: `the drill's own database could not be removed: ${detail}` });
    });
  }
}

async function withQueue(run: DrillRun, hosts: DrillHosts, work: () => Promise<void>): Promise<void> {
  const { queue } = run.probes.targets;
  if (queue === undefined || !run.drills.some(({ probes }) => probes.includes('rabbitmq-publish'))) return work();
  const members = Object.keys(queue.addresses);
  await onAnyMember(members, (host) => prepareQueue({ hosts, member: host, admin: queue.admin }, queue.target));
  try {
    await work();
  } finally {
    await onAnyMember(members, (host) => dropQueue({ hosts, member: host, admin: queue.admin }, queue.target)).catch(
      (error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        run.emit({ event: 'warning', message: `the drill's own queue could not be removed: ${detail}` });
      },
    );
  }
}

async function onAnyMember(members: readonly string[], work: (host: string) => Promise<void>): Promise<void> {
  let failure: unknown;
  for (const member of members) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await work(member);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function runDrill(run: DrillRun, hosts: DrillHosts, drill: Drill): Promise<DrillResult> {
  const name = `drill ${drill.name}`;
  run.emit({ event: 'phase-started', phase: name, title: drill.title });
  const beganMs = run.clock.monotonic();
  const attempts: DrillAttempt[] = [];
  let last: AttemptResult | undefined;
  for (let attempt = 1; attempt <= (run.maxAttempts ?? MAX_ATTEMPTS); attempt += 1) {
    const context = { run, hosts, drill, ledgerRun: `${run.runId}-${drill.name}-${attempt}` };
    // oxlint-disable-next-line no-await-in-loop
    last = await attemptOrRefuse(context);
    attempts.push(shortened(last, attempt));
    if (last.verdict !== 'inconclusive') break;
    run.emit({ event: 'warning', message: `${drill.name}: attempt ${attempt} is inconclusive: ${last.reason}` });
  }
  const result = {
    ...(last ?? refused({ run, hosts, drill, ledgerRun: '' }, began(run), 'no attempt was allowed')),
    attempts,
  };
  const ok = result.verdict === 'pass';
  const seconds = Math.round(run.clock.monotonic() - beganMs) / 1000;
  run.emit({ event: 'step-finished', name, ok, seconds, detail: `${result.verdict}: ${result.reason}` });
  run.emit({ event: 'phase-finished', phase: name, ok, seconds });
  return result;
}

async function attemptOrRefuse(context: AttemptContext): Promise<AttemptResult> {
  const { run } = context;
  const startedAt = began(run);
  try {
    return await attemptDrill(context);
  } catch (error) {
    const leftFailed = error instanceof HastackError && error.code === 'apply-failed';
    if (run.signal?.aborted === true) throw leftFailed ? error : interrupted(error);
    if (error instanceof HastackError && error.code === 'refused') return refused(context, startedAt, error.message);
    if (!(error instanceof HastackError)) throw error;
    // A step that failed is no proof of anything, and it must not hide the other drills.
    return { ...refused(context, startedAt, error.message), verdict: 'fail' };
  }
}

function began(run: DrillRun): Began {
  return { epoch: run.clock.now(), monotonic: run.clock.monotonic() };
}

function interrupted(cause: unknown): HastackError {
  return new HastackError({
    code: 'interrupted',
    message: 'the drill was interrupted; what it had failed was healed',
    hint: 'Check with `hastack status` before you go on.',
    cause,
  });
}

function shortened(result: AttemptResult, attempt: number): DrillAttempt {
  return {
    attempt,
    startedAt: result.startedAt,
    verdict: result.verdict,
    reason: result.reason,
    controlGapSeconds: result.control?.longestGapSeconds ?? null,
    measured: Object.fromEntries(result.probes.map((probe) => [probe.name, judgedSeconds(probe)])),
  };
}
