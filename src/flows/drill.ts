// `hastack drill`: steady state → probes → fault → hold → heal → verdict, for each drill; then the report.
// Reports go to `<state>/reports/<run>.{json,html}`; an interrupted drill heals first.
import { allPassed, runDrills } from '../drills/engine.ts';
import { historyEntries, withHistory, type HistoryEntry } from '../drills/history.ts';
import { htmlReport } from '../drills/report/html.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { DrillReport } from '../model/drill.ts';
import { drillRun } from '../phases/drill-run.ts';
import type { DrillOptions } from '../phases/drill-run.ts';
import { withRun } from '../phases/run.ts';
import type { RunInput } from '../phases/run.ts';
import { appendDrillHistory, readDrillHistory } from '../store/drill-history.ts';
import { reportPath, writePrivate } from '../store/state-directory.ts';

export interface DrillResult {
  readonly report: DrillReport;
  readonly ok: boolean;
  /** The HTML file; the JSON is beside it. */
  readonly file: string;
}

export async function drillFlow(input: RunInput, options: DrillOptions): Promise<DrillResult> {
  return withRun(input, async (run) => {
    const { drill, close } = await drillRun(run, options);
    try {
      const specHash = sha256Hex(input.specText ?? JSON.stringify(input.cluster));
      const measured = await runDrills(drill);
      // Written below, and by nobody else.
      const history = readDrillHistory(run.state) as readonly HistoryEntry[];
      const report = withHistory(measured, history, specHash);
      appendDrillHistory(run.state, historyEntries(report, specHash));
      const file = reportPath(run.state, run.id, 'html');
      writePrivate(reportPath(run.state, run.id, 'json'), `${JSON.stringify(report, null, 2)}\n`);
      writePrivate(file, htmlReport(report));
      const ok = allPassed(report);
      const seconds = (run.engine.clock.monotonic() - run.started) / 1000;
      run.engine.emit({ event: 'run-finished', runId: run.id, ok, changed: 0, seconds, report: file });
      return { report, ok, file };
    } finally {
      await close();
    }
  });
}
