// The history of drills: one short line per drill that was measured, and what got worse since the last one.
// Only drills of the same name, on the same spec, on the same kind of hosts, judged by the same tolerance are compared.
// Pure; the flow reads and writes the file.
import type { DrillReport, DrillResult, PreviousDrill } from '../model/drill.ts';
import { judgedSeconds } from './verdict.ts';

export interface HistoryEntry extends Omit<PreviousDrill, 'worse'> {
  readonly drill: string;
  readonly specHash: string;
  readonly lab: boolean;
  readonly tolerance: number;
}

/** A machine that is busier is no regression: half as much again, and more than a quarter of a second. */
const FACTOR = 1.5;
const NOISE_SECONDS = 0.25;

export function historyEntries(report: DrillReport, specHash: string): readonly HistoryEntry[] {
  return report.drills.filter(wasMeasured).map((drill) => ({
    drill: drill.name,
    specHash,
    lab: report.lab,
    tolerance: report.tolerance,
    runId: report.runId,
    startedAt: drill.startedAt,
    verdict: drill.verdict,
    measured: Object.fromEntries(drill.probes.map((probe) => [probe.name, judgedSeconds(probe)])),
    healSeconds: drill.healSeconds,
  }));
}

/** The report with what was measured the last time beside each drill. */
export function withHistory(report: DrillReport, history: readonly HistoryEntry[], specHash: string): DrillReport {
  const drills = report.drills.map((drill) => {
    const last = history.findLast(
      (entry) =>
        entry.drill === drill.name &&
        entry.specHash === specHash &&
        entry.lab === report.lab &&
        entry.tolerance === report.tolerance,
    );
    if (last === undefined || !wasMeasured(drill)) return drill;
    const { runId, startedAt, verdict, measured, healSeconds } = last;
    return { ...drill, previous: { runId, startedAt, verdict, measured, healSeconds, worse: worseThan(drill, last) } };
  });
  return { ...report, drills };
}

function worseThan(drill: DrillResult, last: HistoryEntry): readonly string[] {
  const slower = drill.probes.flatMap((probe) => {
    const before = last.measured[probe.name];
    const now = judgedSeconds(probe);
    const worse = before !== undefined && now > before * FACTOR && now > before + NOISE_SECONDS;
    return worse ? [`${probe.name} was away for ${seconds(now)}, last time ${seconds(before)}`] : [];
  });
  const failed = last.verdict === 'pass' && drill.verdict === 'fail' ? ['it passed the last time'] : [];
  return [...failed, ...slower];
}

function wasMeasured({ verdict }: DrillResult): boolean {
  return verdict === 'pass' || verdict === 'fail';
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
