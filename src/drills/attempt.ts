// One attempt at a drill: steady state → probes → guard and fault → hold → heal → wait until healthy → verdict.
//
// Whatever happens after the fault was begun, the heal is tried, also when the attempt is aborted: its signal does
// not reach the healing. Nothing here decides what a host does; it fails a part, waits, and brings it back.
import { HastackError } from '../model/error.ts';
import type { DrillMark, DrillMarkKind, DrillResult, RestoredBy } from '../model/drill.ts';
import type { Drill, Placement } from './drill.ts';
import type { Fault } from './faults/fault.ts';
import type { DrillHosts } from './hosts.ts';
import { readLedger, type LedgerAnswer } from './ledger.ts';
import { findPlacement, separate, type PlacementQuestion } from './placement.ts';
import { controlConfig, probeConfigs, type ProbeConfig } from './probes/config.ts';
import { startEcho, startProbes, type ProbeRun } from './probes/run.ts';
import { emptyLog } from './probes/sample.ts';
import { isQuiet, until } from './quiet.ts';
import { controlResult, limitsOf, probeResult } from './results.ts';
import type { DrillRun, HealthState } from './run-types.ts';
import { controlLimit, judge } from './verdict.ts';

export interface AttemptContext {
  readonly run: DrillRun;
  readonly hosts: DrillHosts;
  readonly drill: Drill;
  /** Unique per attempt: numbers of one attempt are never taken for another's. */
  readonly ledgerRun: string;
}

export type AttemptResult = Omit<DrillResult, 'attempts'>;

const STEADY_MS = 2500;
const STEADY_DEADLINE_MS = 30_000;
const HEAL_DEADLINE_MS = 240_000;
const BACK_QUIET_MS = 3000;
/** Longer than the longest hold and heal: the guard is for when hastack is dead. */
const GUARD_EXTRA_SECONDS = 30;

export async function attemptDrill(context: AttemptContext): Promise<AttemptResult> {
  const { run, drill, hosts } = context;
  const startedAt = run.clock.now();
  const before = await run.health(run.signal);
  if (!before.healthy) {
    return refused(context, startedAt, `not healthy before the drill: ${before.problems.slice(0, 3).join(', ')}`);
  }
  const question = placementQuestion(context);
  const placement = await (drill.apart === true ? separate(question) : findPlacement(question));
  const host = drill.target(placement);
  if (host === undefined) return refused(context, startedAt, `there is no host to fail: wanted ${drill.wants}`);
  const fault = drill.makeFault({ actions: run.faultActions, hosts }, host);
  const probing = await beginProbing(context);
  try {
    const story = await live(context, fault, probing);
    const { loopLagMs } = await probing.probes.stop();
    const log = probing.probes.logs.get('mariadb-set');
    const ledger = log
      ? await readLedger(hosts, {
          run: context.ledgerRun,
          acknowledged: log.acknowledged,
          members: run.galeraHosts,
          signal: run.signal,
        })
      : { members: [], unread: [], lost: 0 };
    return assemble(context, { startedAt, placement, host, fault, probing, story, ledger, loopLagMs });
  } finally {
    probing.probes.kill();
    await probing.stopEcho();
  }
}

interface Probing {
  readonly configs: readonly ProbeConfig[];
  readonly probes: ProbeRun;
  readonly originMs: number;
  readonly stopEcho: () => Promise<void>;
}

async function beginProbing({ run, drill, ledgerRun }: AttemptContext): Promise<Probing> {
  const { command, targets, echoAddress = '127.0.0.1' } = run.probes;
  const echo = await startEcho(command, echoAddress, run.clock);
  const chosen = probeConfigs(targets, ledgerRun).filter((config) => drill.probes.includes(config.probe));
  const configs = [...chosen, controlConfig(echoAddress, echo.port)];
  try {
    const originMs = run.clock.now();
    const probes = await startProbes(command, configs, run.clock);
    return { configs, probes, originMs, stopEcho: () => echo.stop() };
  } catch (error) {
    await echo.stop();
    throw error;
  }
}

interface Story {
  readonly marks: readonly DrillMark[];
  /** Samples before this moment do not count. */
  readonly fromMs: number;
  readonly backBeforeHeal: boolean;
  readonly backAtEnd: boolean;
  readonly partBack: boolean;
  readonly health: HealthState;
  readonly healSeconds: number | null;
}

/** What happens while the probes run. */
async function live(context: AttemptContext, fault: Fault, probing: Probing): Promise<Story> {
  const { run, drill } = context;
  const { clock, signal } = run;
  const marks: DrillMark[] = [];
  const mark = (kind: DrillMarkKind, detail: string): void => {
    marks.push({ at: Math.round(clock.now() - probing.originMs) / 1000, kind, detail });
    run.emit({ event: 'note', message: `${drill.name}: ${detail}` });
  };
  const quiet = (quietMs: number): boolean => allQuiet(run.clock.now(), probing, quietMs);
  if (!(await until({ clock, deadlineMs: STEADY_DEADLINE_MS, periodMs: 200, signal }, () => quiet(STEADY_MS)))) {
    throw notSteady(probing);
  }
  const fromMs = clock.now() - STEADY_MS;
  mark('steady', 'every probe succeeds');
  let backBeforeHeal = false;
  let partBack = false;
  try {
    await fault.guard(drill.holdAtMostSeconds + GUARD_EXTRA_SECONDS, signal);
    mark('fault', `${fault.kind} ${fault.target}`);
    const failedAt = clock.monotonic();
    await fault.inject(signal);
    mark('faulted', `${fault.kind} took effect`);
    const hold = { clock, periodMs: 200, signal };
    await until({ ...hold, deadlineMs: drill.holdAtMostSeconds * 1000 }, () => {
      const held = clock.monotonic() - failedAt >= drill.holdSeconds * 1000;
      return probing.probes.failure() !== undefined || (held && quiet(BACK_QUIET_MS));
    });
    backBeforeHeal = quiet(BACK_QUIET_MS);
    partBack = await fault.restored(signal);
  } catch (error) {
    run.emit({ event: 'warning', message: `${drill.name}: stopped in the middle, healing ${fault.target}` });
    await fault.heal(AbortSignal.timeout(HEAL_DEADLINE_MS));
    throw error;
  }
  mark('heal', `healing ${fault.target}`);
  const healing = clock.monotonic();
  await fault.heal(AbortSignal.timeout(HEAL_DEADLINE_MS));
  mark('healed', `${fault.target} is being brought back`);
  let health: HealthState = { healthy: false, problems: [] };
  const healthy = await until(
    { clock, periodMs: 1000, deadlineMs: drill.healWithinSeconds * 1000, signal },
    async () => {
      health = await run.health(signal);
      return health.healthy;
    },
  );
  const healSeconds = healthy ? Math.round(clock.monotonic() - healing) / 1000 : null;
  mark('healthy', healthy ? 'every health check is green' : 'health checks are still red');
  const backAtEnd = await until({ clock, periodMs: 200, deadlineMs: 10_000, signal }, () => quiet(2000));
  mark('stopped', 'probes stopped');
  return { marks, fromMs, backBeforeHeal, backAtEnd, partBack, health, healSeconds };
}

function allQuiet(nowMs: number, { configs, probes }: Probing, quietMs: number): boolean {
  return configs.every((config) =>
    isQuiet({ config, log: probes.logs.get(config.probe) ?? emptyLog(), nowMs, quietMs }),
  );
}

interface Parts {
  readonly startedAt: number;
  readonly placement: Placement;
  readonly host: string;
  readonly fault: Fault;
  readonly probing: Probing;
  readonly story: Story;
  readonly ledger: LedgerAnswer;
  readonly loopLagMs: number;
}

function assemble({ run, drill }: AttemptContext, parts: Parts): AttemptResult {
  const { placement, host, fault, probing, story, ledger, loopLagMs } = parts;
  const { originMs } = probing;
  const tierName = run.cluster.availability.capabilities.identity;
  const tierSeconds = run.cluster.availability.tiers.find((tier) => tier.name === tierName)?.withinSeconds;
  const limits = limitsOf(drill, { suspectTimeout: run.suspectTimeout, tierSeconds, tolerance: run.tolerance });
  const resultContext = {
    originMs,
    fromMs: story.fromMs,
    vantage: run.probes.targets.vantage,
    rules: run.rules,
    fault: {
      kind: fault.kind,
      component: drill.component,
      holdsVip: host === placement.vipHolder,
      isWriter: host === placement.writer,
    },
    limits,
    lostWrites: ledger.lost,
  };
  const logOf = (config: ProbeConfig) => probing.probes.logs.get(config.probe) ?? emptyLog();
  const probes = probing.configs
    .filter((config) => config.probe !== 'control')
    .map((config) => probeResult(config, logOf(config), resultContext));
  const limitSeconds = controlLimit(probes.map((probe) => probe.limitSeconds));
  const controls = probing.configs
    .filter((config) => config.probe === 'control')
    .map((config) => controlResult(config, logOf(config), { originMs, fromMs: story.fromMs, limitSeconds, loopLagMs }));
  const control = controls[0] ?? null;
  const judgement = judge({
    drill,
    probes,
    controlGapSeconds: control?.longestGapSeconds ?? 0,
    controlLimitSeconds: limitSeconds,
    probeFailure: probing.probes.failure(),
    unreadMembers: ledger.unread,
    healthy: story.health.healthy,
    problems: story.health.problems,
    tolerance: run.tolerance,
  });
  return {
    ...identity(drill, fault.target),
    writer: placement.writer,
    vipHolder: placement.vipHolder,
    ...judgement,
    serviceRestoredBy: restoredBy(story.backBeforeHeal, story.backAtEnd),
    partRestoredBy: restoredBy(story.partBack, story.health.healthy),
    healSeconds: story.healSeconds,
    startedAt: new Date(parts.startedAt).toISOString(),
    seconds: Math.round(run.clock.now() - parts.startedAt) / 1000,
    probes,
    control,
    members: ledger.members,
    marks: story.marks,
  };
}

function restoredBy(beforeHeal: boolean, atEnd: boolean): RestoredBy {
  if (beforeHeal) return 'redundancy';
  return atEnd ? 'hastack' : 'nobody';
}

function identity(drill: Drill, target: string) {
  return { name: drill.name, title: drill.title, fault: { kind: drill.fault, target } };
}

/** A drill that was not begun. */
export function refused({ run, drill }: AttemptContext, startedAt: number, reason: string): AttemptResult {
  return {
    ...identity(drill, ''),
    verdict: 'refused',
    reason,
    serviceRestoredBy: 'nobody',
    partRestoredBy: 'nobody',
    healSeconds: null,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round(run.clock.now() - startedAt) / 1000,
    probes: [],
    control: null,
    members: [],
    marks: [],
  };
}

function placementQuestion({ run, hosts }: AttemptContext): PlacementQuestion {
  const { clock, signal } = run;
  return {
    hosts,
    candidates: run.controlHosts,
    vipAddress: run.vipAddress,
    database: { ...run.probes.targets.database, connectDeadlineMs: 5000, clock },
    clock,
    signal,
  };
}

function notSteady({ configs, probes }: Probing): HastackError {
  const failing = configs.flatMap((config) => {
    const last = probes.logs.get(config.probe)?.samples.findLast((sample) => !sample.ok);
    return last ? [`${config.probe}: ${last.error ?? 'failed'}`] : [];
  });
  const detail = probes.failure() ?? (failing.join(', ') || 'the probes are not answered');
  return new HastackError({
    code: 'refused',
    message: `no steady state under the load of the probes: ${detail}`,
    hint: 'The cluster must serve without a failure before a part of it is failed: look at `hastack status`.',
  });
}
