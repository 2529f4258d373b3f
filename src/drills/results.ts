// From the logs of the probes to the results in the report. Pure.
import type { ControlResult, ProbeName, ProbeResult } from '../model/drill.ts';
import type { Drill } from './drill.ts';
import { outsidePrediction, predict, type FailureRules, type PredictedFault } from './predict.ts';
import { analyse, timeline, type Figures } from './probes/analyse.ts';
import { describeProbe, type ProbeConfig } from './probes/config.ts';
import type { ProbeLog, Sample } from './probes/sample.ts';
import { judgedSeconds } from './verdict.ts';

const BIN_SECONDS = 0.1;

export interface ResultContext {
  readonly originMs: number;
  /** Samples sent before this do not count: connections were still being opened. */
  readonly fromMs: number;
  readonly healMs: number;
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
  const { all, fault, afterHeal } = phases(log, context, config.periodMs);
  const { originMs } = context;
  const writes = writeFigures(config.probe, log, context.lostWrites);
  const predicted = predict(context.rules, context.fault, config.probe) ?? null;
  const periodSeconds = config.periodMs / 1000;
  const outside = outsidePrediction({ predicted, periodSeconds }, judgedSeconds({ ...fault, name: config.probe }));
  return {
    name: config.probe,
    vantage: context.vantage,
    does: describeProbe(config),
    periodSeconds,
    deadlineSeconds: config.deadlineMs / 1000,
    predicted,
    ...(outside === undefined ? {} : { outsidePrediction: outside }),
    limitSeconds: context.limits[config.probe] ?? null,
    ...fault,
    afterHeal: {
      requests: afterHeal.requests,
      failed: afterHeal.failed,
      measuredSeconds: afterHeal.measuredSeconds,
      longestStallSeconds: afterHeal.longestStallSeconds,
    },
    skipped: log.skipped,
    ...writes,
    timeline: timeline(all, { originMs, binSeconds: Math.max(BIN_SECONDS, periodSeconds) }),
  };
}

interface Phases {
  readonly all: readonly Sample[];
  readonly fault: Figures;
  readonly afterHeal: Figures;
}

function phases(
  log: ProbeLog,
  context: Pick<ResultContext, 'originMs' | 'fromMs' | 'healMs'>,
  periodMs: number,
): Phases {
  const options = { periodMs, originMs: context.originMs };
  const all = log.samples.filter((sample) => sample.at >= context.fromMs);
  return {
    all,
    fault: analyse(
      all.filter((sample) => sample.at < context.healMs),
      options,
    ),
    afterHeal: analyse(
      all.filter((sample) => sample.at >= context.healMs),
      options,
    ),
  };
}

function writeFigures(probe: ProbeName, log: ProbeLog, lostRows: number) {
  const written = { acknowledgedWrites: log.acknowledged.length, unknownWrites: log.unknown.length };
  if (probe === 'mariadb-set') return { ...written, lostWrites: lostRows, staleReads: log.staleReads };
  if (probe !== 'rabbitmq-publish') return {};
  return { ...written, lostWrites: log.lostMessages ?? 0, duplicates: log.duplicates ?? 0 };
}

export interface ControlContext {
  readonly originMs: number;
  readonly fromMs: number;
  readonly healMs: number;
  readonly limitSeconds: number;
  readonly loopLagMs: number;
}

export function controlResult(config: ProbeConfig, log: ProbeLog, context: ControlContext): ControlResult {
  const { all, fault, afterHeal } = phases(log, context, config.periodMs);
  return {
    requests: all.length,
    failed: fault.failed + afterHeal.failed,
    longestGapSeconds: longestGap(fault),
    afterHealGapSeconds: longestGap(afterHeal),
    limitSeconds: context.limitSeconds,
    loopLagSeconds: Math.round(context.loopLagMs) / 1000,
    timeline: timeline(all, { originMs: context.originMs, binSeconds: BIN_SECONDS }),
  };
}

function longestGap(figures: Figures): number {
  return Math.max(figures.measuredSeconds, figures.longestStallSeconds);
}
