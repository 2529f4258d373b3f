// `hastack recover`: reads what every host holds, shows it and what would be done, asks, and does it step by step.
//
// After each step everything is read and decided anew, so a step is verified by what the hosts say then, and a run that
// was killed anywhere goes on when it is run again. A step that fails twice, or is wanted a third time, ends the run:
// what is left is said. Recoveries follow each other in the order given; a refused one stops those after it.
import type { ClusterLock } from '../../engine/lock.ts';
import { onHosts } from '../../engine/parallel.ts';
import type { Clock } from '../../model/clock.ts';
import { HastackError } from '../../model/error.ts';
import type { Emit } from '../../model/event.ts';
import type { HostView, Recovery, RecoveryDecision, RecoveryStep } from '../../model/recovery.ts';
import type { Session } from '../../remote/transport.ts';
import type { RecoverReport, RecoverStepReport } from './report.ts';

export type Power = 'off' | 'on' | 'unknown';

export interface RecoverRun {
  readonly recoveries: readonly Recovery[];
  readonly sessions: ReadonlyMap<string, Session>;
  readonly unreachable: ReadonlyMap<string, HastackError>;
  /** What the boards of the hosts that do not answer say. */
  readonly power: ReadonlyMap<string, Power>;
  readonly without: readonly string[];
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  readonly lock: () => Promise<ClusterLock>;
  /** Throws when the operator does not agree. */
  readonly confirm: (proposal: Proposal) => Promise<void>;
  /** Waits so long for everything to be healthy; what is still red then. */
  readonly health: (seconds: number, signal?: AbortSignal) => Promise<readonly string[]>;
}

export interface Proposal {
  readonly evidence: readonly string[];
  readonly steps: readonly RecoveryStep[];
  readonly warnings: readonly string[];
}

const POLL_MS = 1000;
const SURVEY_MS = 5000;
/** What is up again needs so long to see each other and to reconnect. */
const HEALTHY_SECONDS = 180;
/** Nothing was done by this run; one that was killed may have just done it. */
const HEALTHY_UNTOUCHED_SECONDS = 60;
const SCRIPT_SECONDS = 60;
/** Decisions bound their waits; this one bounds all. */
const MOST_WAITING_SECONDS = 1800;
/** A step that is wanted so often does not do what it should. */
const MOST_ATTEMPTS = 2;

export async function recoverCluster(run: RecoverRun): Promise<RecoverReport> {
  const surveyed = await Promise.all(run.recoveries.map((recovery) => survey(run, recovery)));
  const evidence = surveyed.flatMap((each) => each.evidence);
  for (const message of evidence) run.emit({ event: 'note', message });
  const proposal = proposalOf(surveyed, evidence);
  for (const message of proposal.warnings) run.emit({ event: 'warning', message });
  for (const { host, does } of proposal.steps) run.emit({ event: 'note', host, message: `would ${does}` });
  const refused = surveyed.find((each) => each.kind === 'refuse');
  if (refused !== undefined && proposal.steps.length === 0) return refusal(run, refused, evidence);
  if (surveyed.every((each) => each.kind === 'nothing-to-do'))
    return healthyReport(run, {
      evidence,
      steps: [],
      left: surveyed.flatMap((each) => (each.kind === 'nothing-to-do' ? each.left : [])),
    });
  if (run.dryRun) return { evidence, steps: planned(proposal), state: 'left', left: waitsOf(surveyed) };
  const agreed = new Set<string>();
  if (proposal.steps.length > 0) await agree(run, agreed, proposal);
  const lock = await run.lock();
  const signal = run.signal === undefined ? lock.lost : AbortSignal.any([run.signal, lock.lost]);
  try {
    return await repair({ ...run, signal }, evidence, agreed);
  } finally {
    await lock.release();
  }
}

/** What is on its way may arrive while one looks; what goes on for longer is told as it is. */
async function survey(run: RecoverRun, recovery: Recovery): Promise<RecoveryDecision> {
  const started = run.clock.monotonic();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const decision = await decide(run, recovery, 0);
    if (decision.kind !== 'wait' || run.clock.monotonic() - started > SURVEY_MS) return decision;
    // oxlint-disable-next-line no-await-in-loop
    await run.clock.sleep(POLL_MS, run.signal);
  }
}

async function repair(run: RecoverRun, evidence: readonly string[], agreed: Set<string>): Promise<RecoverReport> {
  const steps: RecoverStepReport[] = [];
  const left: string[] = [];
  for (const recovery of run.recoveries) {
    // One after the other: what comes later needs what comes before.
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await bringBack(run, recovery, { steps, agreed });
    left.push(...outcome.left);
    if (!outcome.done) return { evidence, steps, state: steps.length === 0 ? 'refused' : 'left', left };
  }
  return healthyReport(run, { evidence, steps, left });
}

interface Progress {
  readonly steps: RecoverStepReport[];
  /** `HOST what is done`. */
  readonly agreed: Set<string>;
}

async function bringBack(
  run: RecoverRun,
  recovery: Recovery,
  { steps, agreed }: Progress,
): Promise<{ readonly done: boolean; readonly left: readonly string[] }> {
  const attempts = new Map<string, number>();
  let waitingSince: number | undefined;
  for (;;) {
    run.signal?.throwIfAborted();
    const now = run.clock.monotonic();
    const waited = waitingSince === undefined ? 0 : (now - waitingSince) / 1000;
    // oxlint-disable-next-line no-await-in-loop
    const decision = await decide(run, recovery, waited);
    if (decision.kind === 'nothing-to-do') return { done: true, left: decision.left };
    if (decision.kind === 'refuse') {
      run.emit({ event: 'failed', code: 'refused', message: decision.reason, hint: decision.hint });
      return { done: false, left: [`${decision.reason}; ${decision.hint}`] };
    }
    if (decision.kind === 'wait') {
      waitingSince ??= now;
      if (waited > MOST_WAITING_SECONDS) return { done: false, left: [decision.reason] };
      run.emit({ event: 'waiting', what: decision.reason, seconds: Math.round(waited) });
      // oxlint-disable-next-line no-await-in-loop
      await run.clock.sleep(POLL_MS, run.signal);
      continue;
    }
    waitingSince = undefined;
    const [step] = decision.steps;
    const name = `${step.host} ${step.does}`;
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    if (attempt > MOST_ATTEMPTS)
      return { done: false, left: [`${step.host}: could not ${step.does}`, ...decision.left] };
    // oxlint-disable-next-line no-await-in-loop
    if (!agreed.has(name)) await agree(run, agreed, decision);
    // oxlint-disable-next-line no-await-in-loop
    steps.push(await act(run, recovery.id, step));
  }
}

/** What was not foreseen when the operator agreed is asked again. */
async function agree(run: RecoverRun, agreed: Set<string>, proposal: Proposal): Promise<void> {
  await run.confirm(proposal);
  for (const { host, does } of proposal.steps) agreed.add(`${host} ${does}`);
}

/** A step that fails is reported; whether it is tried again is decided from what the hosts say then. */
async function act(run: RecoverRun, group: string, step: RecoveryStep): Promise<RecoverStepReport> {
  const { host, does, script } = step;
  run.emit({ event: 'member-step', host, group, does });
  const started = run.clock.monotonic();
  const failure = await perform(run, step, script);
  const seconds = (run.clock.monotonic() - started) / 1000;
  const detail = failure === undefined ? {} : { detail: failure };
  run.emit({ event: 'step-finished', name: `${host}: ${does}`, ok: failure === undefined, seconds, ...detail });
  return { host, does, ok: failure === undefined, seconds: Math.round(seconds * 10) / 10, ...detail };
}

async function perform(
  run: RecoverRun,
  { host }: RecoveryStep,
  script: RecoveryStep['script'],
): Promise<string | undefined> {
  const session = run.sessions.get(host);
  if (session === undefined) return 'the host does not answer';
  try {
    const { code, stderr } = await session.run(script, run.signal);
    return code === 0 ? undefined : `exit status ${code}: ${stderr.trim().split('\n').slice(-3).join('; ')}`;
  } catch (error) {
    run.signal?.throwIfAborted();
    if (error instanceof HastackError) return error.message;
    throw error;
  }
}

async function decide(run: RecoverRun, recovery: Recovery, waited: number): Promise<RecoveryDecision> {
  const { done, failed } = await onHosts({}, recovery.hosts, async (host) => readHost(run, recovery, host));
  run.signal?.throwIfAborted();
  const views = recovery.hosts.map((host): HostView<unknown> => {
    if (done.has(host)) return { host, read: true, view: done.get(host) };
    const reason = failed.get(host)?.message ?? 'it does not answer';
    return { host, read: false, reason, power: run.power.get(host) ?? 'unknown' };
  });
  return recovery.decide(views, { without: run.without, waited });
}

async function readHost(run: RecoverRun, recovery: Recovery, host: string): Promise<unknown> {
  const session = run.sessions.get(host);
  if (session === undefined) throw run.unreachable.get(host) ?? unread(host, 'it does not answer');
  const script = recovery.read(host);
  const { code, stdout, stderr } = await session.run({ timeout: SCRIPT_SECONDS, ...script }, run.signal);
  // Half of an answer could look like a host that holds nothing.
  if (code !== 0) throw unread(host, `reading it ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return recovery.parse(host, stdout);
}

function unread(host: string, message: string): HastackError {
  return new HastackError({ code: 'unreachable', host, message: `${host}: ${message}`, hint: 'is the host on?' });
}

function proposalOf(surveyed: readonly RecoveryDecision[], evidence: readonly string[]): Proposal {
  const acting = surveyed.flatMap((each) => (each.kind === 'steps' ? [each] : []));
  return {
    evidence,
    steps: acting.flatMap(({ steps }) => steps),
    warnings: acting.flatMap(({ warnings }) => warnings),
  };
}

function refusal(
  run: RecoverRun,
  { reason, hint }: { readonly reason: string; readonly hint: string },
  evidence: readonly string[],
): RecoverReport {
  run.emit({ event: 'failed', code: 'refused', message: reason, hint });
  return { evidence, steps: [], state: 'refused', left: [`${reason}; ${hint}`] };
}

/** `ok` is null for a step that was not made. */
function planned({ steps }: Proposal): readonly RecoverStepReport[] {
  return steps.map(({ host, does }) => ({ host, does, ok: null }));
}

function waitsOf(surveyed: readonly RecoveryDecision[]): readonly string[] {
  return surveyed.flatMap((each) => {
    if (each.kind === 'wait') return [each.reason];
    if (each.kind === 'refuse') return [`${each.reason}; ${each.hint}`];
    return each.left;
  });
}

async function healthyReport(
  run: RecoverRun,
  { evidence, steps, left }: Omit<RecoverReport, 'state'>,
): Promise<RecoverReport> {
  const seconds = steps.length > 0 ? HEALTHY_SECONDS : HEALTHY_UNTOUCHED_SECONDS;
  const red = await run.health(run.dryRun ? 0 : seconds, run.signal);
  const all = [...left, ...red];
  if (all.length > 0) return { evidence, steps, state: 'left', left: all };
  return { evidence, steps, state: steps.length === 0 ? 'nothing-to-do' : 'repaired', left: [] };
}
