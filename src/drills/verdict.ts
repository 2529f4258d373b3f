// The verdict: pure, from what was measured, what was promised and what was predicted.
//
// Inconclusive beats everything but a lost row: when the machine that measures was held up, its figures prove
// nothing. While the failed part comes back that matters only when a limit was missed then: a twin that boots holds
// up the machine, and a limit kept in spite of that was kept (docs/design/0020).
// A drill passes when no acknowledged row is missing, every probe stayed within its limit (the drill's, else the
// tier's), nothing was worse than predicted, and every health check was green again in time.
import type { DrillVerdict, ProbeResult } from '../model/drill.ts';
import type { Drill } from './drill.ts';

export interface Evidence {
  readonly drill: Pick<Drill, 'noFailures' | 'healWithinSeconds'>;
  readonly probes: readonly ProbeResult[];
  readonly controlGapSeconds: number;
  readonly controlGapAfterHealSeconds: number;
  readonly controlLimitSeconds: number;
  /** Why the probes stopped measuring before they were told to. */
  readonly probeFailure?: string | undefined;
  readonly unreadMembers: readonly string[];
  /** What should have been true while the part was failed. */
  readonly objections?: readonly string[];
  readonly healthy: boolean;
  readonly problems: readonly string[];
  readonly tolerance: number;
  /** What the tier of the capability promises; bounds how long a part of the requests may keep failing. */
  readonly tierSeconds: number | undefined;
}

export interface Judgement {
  readonly verdict: DrillVerdict;
  readonly reason: string;
}

/** A third of the strictest limit, at most 100 ms. */
export function controlLimit(limits: readonly (number | null)[]): number {
  return Math.min(0.1, ...limits.filter((limit) => limit !== null).map((limit) => limit / 3));
}

/** What counts against a limit: how long nothing sent succeeded, or nothing was acknowledged. */
export function judgedSeconds(probe: Pick<ProbeResult, 'name' | 'measuredSeconds' | 'longestStallSeconds'>): number {
  // Writes have a long deadline: they stall and succeed late, which only the acknowledgements show.
  return probe.name === 'mariadb-set' || probe.name === 'rabbitmq-publish'
    ? Math.max(probe.measuredSeconds, probe.longestStallSeconds)
    : probe.measuredSeconds;
}

export function judge(evidence: Evidence): Judgement {
  const lost = evidence.probes.reduce((sum, probe) => sum + (probe.lostWrites ?? 0), 0);
  if (lost > 0) return { verdict: 'fail', reason: `${lost} acknowledged writes are missing` };
  if (evidence.probeFailure !== undefined) return { verdict: 'inconclusive', reason: evidence.probeFailure };
  if (evidence.controlGapSeconds > evidence.controlLimitSeconds) {
    return heldUp(evidence.controlGapSeconds, evidence);
  }
  const onReturn = evidence.probes.flatMap((probe) => objectionsToReturn(probe, evidence));
  if (onReturn.length > 0 && evidence.controlGapAfterHealSeconds > evidence.controlLimitSeconds) {
    return heldUp(evidence.controlGapAfterHealSeconds, evidence);
  }
  const failures = [
    ...onReturn,
    ...evidence.probes.flatMap((probe) => objections(probe, evidence)),
    ...(evidence.objections ?? []),
    ...evidence.unreadMembers.map((member) => `rows could not be looked for on ${member}`),
    ...(evidence.healthy ? [] : [notHealed(evidence)]),
  ];
  return failures.length > 0
    ? { verdict: 'fail', reason: failures.join('; ') }
    : { verdict: 'pass', reason: summary(evidence.probes) };
}

function heldUp(gapSeconds: number, evidence: Evidence): Judgement {
  const limit = text(evidence.controlLimitSeconds);
  const reason = `the control probe missed ${text(gapSeconds)} (limit ${limit}): this machine was held up`;
  return { verdict: 'inconclusive', reason };
}

/** The part comes back while users work: it may cost them no more than its failure. */
function objectionsToReturn(probe: ProbeResult, { drill }: Evidence): readonly string[] {
  const { afterHeal, limitSeconds: limit } = probe;
  const judged = judgedSeconds({ ...afterHeal, name: probe.name });
  if (drill.noFailures?.includes(probe.name) === true && afterHeal.failed > 0) {
    return [`${afterHeal.failed} of ${afterHeal.requests} requests of ${probe.name} failed after the heal, none may`];
  }
  if (limit !== null && judged > limit) {
    return [`${probe.name} was away for ${text(judged)} after the heal, allowed are ${text(limit)}`];
  }
  return [];
}

function objections(probe: ProbeResult, evidence: Evidence): readonly string[] {
  const judged = judgedSeconds(probe);
  const { limitSeconds: limit, predicted } = probe;
  // The probe resolves no finer than its period; a tenth of a second is the noise of a shared machine.
  const predictedLimit =
    predicted === null ? null : (predicted.high + 2 * probe.periodSeconds + 0.1) * evidence.tolerance;
  if (probe.requests === 0) return [`${probe.name} sent nothing`];
  if (evidence.drill.noFailures?.includes(probe.name) === true && probe.failed > 0) {
    return [`${probe.failed} of ${probe.requests} requests of ${probe.name} failed, none may`];
  }
  if (limit !== null && judged > limit)
    return [`${probe.name} was away for ${text(judged)}, allowed are ${text(limit)}`];
  const degradedLimit = Math.max(limit ?? 0, (evidence.tierSeconds ?? 0) * evidence.tolerance);
  if (degradedLimit > 0 && probe.degradedSeconds > degradedLimit) {
    return [
      `a part of ${probe.name} kept failing for ${text(probe.degradedSeconds)}, allowed are ${text(degradedLimit)}`,
    ];
  }
  if (predictedLimit !== null && judged > predictedLimit) {
    return [`${probe.name} was away for ${text(judged)}, predicted were at most ${text(predicted?.high ?? 0)}`];
  }
  return [];
}

function notHealed(evidence: Evidence): string {
  const left = evidence.problems.slice(0, 3).join(', ');
  return `not healthy ${text(evidence.drill.healWithinSeconds)} after the heal${left === '' ? '' : `: ${left}`}`;
}

function summary(probes: readonly ProbeResult[]): string {
  const worst = probes.toSorted((a, b) => judgedSeconds(b) - judgedSeconds(a))[0];
  if (worst === undefined) return 'nothing was probed';
  const rows = probes.some((probe) => probe.acknowledgedWrites !== undefined) ? ', no acknowledged write lost' : '';
  return judgedSeconds(worst) === 0
    ? `nobody noticed${rows}`
    : `at worst ${worst.name} was away for ${text(judgedSeconds(worst))}${rows}`;
}

function text(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds * 100) / 100} s`;
}
