// One attempt at a drill: who does what → probes → the fault and its healing (live.ts) → ledger → verdict.
//
// Refuses when the cluster is not healthy, or when no host fits. Probes and echo server are ended in any case.
import type { DrillResult, RestoredBy } from '../model/drill.ts';
import type { Drill, FaultContext, Placement } from './drill.ts';
import type { Fault } from './faults/fault.ts';
import { hostLogs } from './host-logs.ts';
import type { DrillHosts } from './hosts.ts';
import { readLedger, type LedgerAnswer } from './ledger.ts';
import { live, type Probing, type Story } from './live.ts';
import { findPlacement, separate, type PlacementQuestion } from './placement.ts';
import { controlConfig, probeConfigs, type ProbeConfig } from './probes/config.ts';
import { startEcho, startProbes } from './probes/run.ts';
import { emptyLog } from './probes/sample.ts';
import { controlResult, limitsOf, probeResult } from './results.ts';
import type { DrillRun } from './run-types.ts';
import { controlLimit, judge } from './verdict.ts';

export interface AttemptContext {
  readonly run: DrillRun;
  readonly hosts: DrillHosts;
  readonly drill: Drill;
  /** Unique per attempt: numbers of one attempt are never taken for another's. */
  readonly ledgerRun: string;
}

export interface Began {
  readonly epoch: number;
  readonly monotonic: number;
}

export type AttemptResult = Omit<DrillResult, 'attempts'>;

export async function attemptDrill(context: AttemptContext): Promise<AttemptResult> {
  const { run, drill, hosts } = context;
  const startedAt = { epoch: run.clock.now(), monotonic: run.clock.monotonic() };
  const before = await run.health(run.signal);
  if (!before.healthy) {
    return refused(context, startedAt, `not healthy before the drill: ${before.problems.slice(0, 3).join(', ')}`);
  }
  const stops = run.lab ? [] : (run.notTolerated?.(drill.component) ?? []);
  if (stops.length > 0) {
    return refused(context, startedAt, `the redundancy that is there does not tolerate it: ${stops.join(', ')}`);
  }
  const question = placementQuestion(context);
  const placement = await (drill.apart === true ? separate(question) : findPlacement(question));
  const host = drill.target(placement);
  if (host === undefined) return refused(context, startedAt, `there is no host to fail: wanted ${drill.wants}`);
  const faultContext = faultContextOf(context, placement);
  const fault = drill.makeFault(faultContext, host);
  const { duringFault } = drill;
  const look = duringFault && (() => duringFault(faultContext, host));
  const probing = await beginProbing(context, placement);
  try {
    const story = await live(run, { drill, fault, probing, look });
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
    const logs = await logsAround(context, story, probing.originMs);
    return { ...assemble(context, { startedAt, placement, host, fault, probing, story, ledger, loopLagMs }), logs };
  } finally {
    probing.probes.kill();
    await probing.stopEcho();
  }
}

function faultContextOf({ run, hosts }: AttemptContext, placement: Placement): FaultContext {
  const { faultActions: actions, cluster, vipAddress, health, clock } = run;
  return { actions, hosts, cluster, placement, vipAddress, health, clock };
}

async function beginProbing({ run, drill, ledgerRun }: AttemptContext, placement: Placement): Promise<Probing> {
  const { command, targets, echoAddress = '127.0.0.1' } = run.probes;
  const echo = await startEcho(command, echoAddress, run.clock);
  const all = probeConfigs(targets, ledgerRun, placement.queueLeader);
  const chosen = all.filter((config) => drill.probes.includes(config.probe));
  const configs = [...chosen, controlConfig(echoAddress, echo.port)];
  try {
    const originMs = run.clock.monotonic();
    const probes = await startProbes(command, configs, run.clock);
    return { configs, probes, originMs, stopEcho: () => echo.stop() };
  } catch (error) {
    await echo.stop();
    throw error;
  }
}

const LOG_BEFORE_SECONDS = 3;

async function logsAround({ run, hosts }: AttemptContext, { marks }: Story, originMs: number) {
  const now = (run.clock.monotonic() - originMs) / 1000;
  const fault = marks.find(({ kind }) => kind === 'fault')?.at ?? now;
  const from = now - fault + LOG_BEFORE_SECONDS;
  return hostLogs({ hosts, names: run.controlHosts, units: run.units ?? [], from, to: 0, signal: run.signal });
}

interface Parts {
  readonly startedAt: Began;
  readonly placement: Placement;
  readonly host: string;
  readonly fault: Fault;
  readonly probing: Probing;
  readonly story: Story;
  readonly ledger: LedgerAnswer;
  readonly loopLagMs: number;
}

function assemble(context: AttemptContext, parts: Parts): AttemptResult {
  const { run, drill } = context;
  const { placement, fault, probing, story, ledger } = parts;
  const { probes, control } = measured(context, parts);
  const judgement = judge({
    drill,
    probes,
    controlGapSeconds: control?.longestGapSeconds ?? 0,
    controlGapAfterHealSeconds: control?.afterHealGapSeconds ?? 0,
    controlLimitSeconds: control?.limitSeconds ?? 0,
    probeFailure: probing.probes.failure(),
    unreadMembers: ledger.unread,
    objections: story.objection === undefined ? [] : [story.objection],
    healthy: story.health.healthy,
    problems: story.health.problems,
    tolerance: run.tolerance,
    tierSeconds: tierOf(run),
  });
  return {
    ...identity(drill, fault.target),
    ...(placement.writer !== undefined && { writer: placement.writer }),
    vipHolder: placement.vipHolder,
    ...judgement,
    serviceRestoredBy: restoredBy(story.backBeforeHeal, story.backAtEnd),
    partRestoredBy: restoredBy(story.partBack, story.health.healthy),
    healSeconds: story.healSeconds,
    startedAt: new Date(parts.startedAt.epoch).toISOString(),
    seconds: Math.round(run.clock.monotonic() - parts.startedAt.monotonic) / 1000,
    probes,
    control,
    members: ledger.members,
    marks: story.marks,
  };
}

function measured({ run, drill }: AttemptContext, parts: Parts) {
  const { placement, host, fault, probing, story } = parts;
  const { originMs } = probing;
  const tierSeconds = tierOf(run);
  const resultContext = {
    originMs,
    fromMs: story.fromMs,
    healMs: story.healMs,
    vantage: run.probes.targets.vantage,
    rules: run.rules,
    fault: {
      kind: fault.kind,
      component: drill.component,
      holdsVip: host === placement.vipHolder,
      isWriter: host === placement.writer,
      leadsQueue: host === placement.queueLeader,
      hosts: placement.hosts.length,
    },
    limits: limitsOf(drill, { suspectTimeout: run.suspectTimeout, tierSeconds, tolerance: run.tolerance }),
    lostWrites: parts.ledger.lost,
  };
  const logOf = (config: ProbeConfig) => probing.probes.logs.get(config.probe) ?? emptyLog();
  const probes = probing.configs
    .filter((config) => config.probe !== 'control')
    .map((config) => probeResult(config, logOf(config), resultContext));
  const limitSeconds = controlLimit(probes.map((probe) => probe.limitSeconds));
  const config = probing.configs.find((each) => each.probe === 'control');
  const controlContext = {
    originMs,
    fromMs: story.fromMs,
    healMs: story.healMs,
    limitSeconds,
    loopLagMs: parts.loopLagMs,
  };
  return { probes, control: config ? controlResult(config, logOf(config), controlContext) : null };
}

/** What the spec promises to those who log in, seconds. */
function tierOf({ cluster }: DrillRun): number | undefined {
  const name = cluster.availability.capabilities.identity;
  return cluster.availability.tiers.find((tier) => tier.name === name)?.withinSeconds;
}

function restoredBy(beforeHeal: boolean, atEnd: boolean): RestoredBy {
  if (beforeHeal) return 'redundancy';
  return atEnd ? 'hastack' : 'nobody';
}

function identity(drill: Drill, target: string) {
  return { name: drill.name, title: drill.title, fault: { kind: drill.fault, target } };
}

/** A drill that was not begun. */
export function refused({ run, drill }: AttemptContext, startedAt: Began, reason: string): AttemptResult {
  return {
    ...identity(drill, ''),
    verdict: 'refused',
    reason,
    serviceRestoredBy: 'nobody',
    partRestoredBy: 'nobody',
    healSeconds: null,
    startedAt: new Date(startedAt.epoch).toISOString(),
    seconds: Math.round(run.clock.monotonic() - startedAt.monotonic) / 1000,
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
    brokers: Object.keys(run.probes.targets.queue?.addresses ?? {}),
    database:
      run.galeraHosts.length === 0 ? undefined : { ...run.probes.targets.database, connectDeadlineMs: 5000, clock },
    clock,
    signal,
  };
}
