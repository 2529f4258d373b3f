// From the logs of the probes to the results in the report. Pure.
import type { ControlResult, ProbeName, ProbeResult } from '../model/drill.ts';
import type { Drill } from './drill.ts';
import { predict, type FailureRules, type PredictedFault } from './predict.ts';
import { analyse, timeline } from './probes/analyse.ts';
import { describeProbe, type ProbeConfig } from './probes/config.ts';
import type { ProbeLog } from './probes/sample.ts';

const BIN_SECONDS = 0.1;

export interface ResultContext {
  readonly originMs: number;
  /** Samples sent before this do not count: connections were still being opened. */
  readonly fromMs: number;
  readonly vantage: string;
  readonly rules: FailureRules;
  readonly fault: PredictedFault;
  readonly limits: Readonly<Partial<Record<ProbeName, number>>>;
  readonly lostWrites: number;
}

/** The limit of every probe of a drill: its own, else what the tier of the capability promises; with tolerance. */
export function limitsOf(
  drill: Drill,
  context: { readonly suspectTimeout: number; readonly tierSeconds: number | undefined; readonly tolerance: number },
): Readonly<Partial<Record<ProbeName, number>>> {
  const own = drill.limits(context);
  const limits: Partial<Record<ProbeName, number>> = {};
  for (const probe of drill.probes) {
    const seconds = own[probe]?.worst ?? context.tierSeconds;
    if (seconds !== undefined) limits[probe] = seconds * context.tolerance;
  }
  return limits;
}

export function probeResult(config: ProbeConfig, log: ProbeLog, context: ResultContext): ProbeResult {
  const samples = log.samples.filter((sample) => sample.at >= context.fromMs);
  const { originMs } = context;
  const writes = config.probe === 'mariadb-set' ? writeFigures(log, context.lostWrites) : {};
  return {
    name: config.probe,
    vantage: context.vantage,
    does: describeProbe(config),
    periodSeconds: config.periodMs / 1000,
    deadlineSeconds: config.deadlineMs / 1000,
    predicted: predict(context.rules, context.fault, config.probe) ?? null,
    limitSeconds: context.limits[config.probe] ?? null,
    ...analyse(samples, { periodMs: config.periodMs, originMs }),
    skipped: log.skipped,
    ...writes,
    timeline: timeline(samples, { originMs, binSeconds: Math.max(BIN_SECONDS, config.periodMs / 1000) }),
  };
}

function writeFigures(log: ProbeLog, lostWrites: number) {
  return {
    acknowledgedWrites: log.acknowledged.length,
    lostWrites,
    unknownWrites: log.unknown.length,
    staleReads: log.staleReads,
  };
}

export interface ControlContext {
  readonly originMs: number;
  readonly fromMs: number;
  readonly limitSeconds: number;
  readonly loopLagMs: number;
}

export function controlResult(config: ProbeConfig, log: ProbeLog, context: ControlContext): ControlResult {
  const samples = log.samples.filter((sample) => sample.at >= context.fromMs);
  const figures = analyse(samples, { periodMs: config.periodMs, originMs: context.originMs });
  return {
    requests: figures.requests,
    failed: figures.failed,
    longestGapSeconds: Math.max(figures.measuredSeconds, figures.longestStallSeconds),
    limitSeconds: context.limitSeconds,
    loopLagSeconds: Math.round(context.loopLagMs) / 1000,
    timeline: timeline(samples, { originMs: context.originMs, binSeconds: BIN_SECONDS }),
  };
}
