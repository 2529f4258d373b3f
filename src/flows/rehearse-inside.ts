// The part of a rehearsal that talks to the twins, run inside the lab's network namespace:
//   apply → status (must be healthy) → plan (must be empty) → drills
// Each is the flow that the command of that name runs; the first that fails ends the rehearsal.
import { HastackError } from '../model/error.ts';
import type { Emit, RunEvent } from '../model/event.ts';
import type { DrillOptions } from '../phases/drill-run.ts';
import type { RunInput } from '../phases/run.ts';
import { applyFlow } from './apply.ts';
import { drillFlow } from './drill.ts';
import { planFlow } from './plan.ts';
import { statusFlow } from './status.ts';

/** Rejects with the HastackError of the step that failed. */
export async function rehearseInsideFlow(input: RunInput, options: DrillOptions): Promise<void> {
  const inner: RunInput = { ...input, emit: withoutRunFrames(input.emit) };
  const started = input.clock.monotonic();
  let runId = '';
  const step = async (name: string, act: () => Promise<string>): Promise<void> => {
    const begun = input.clock.monotonic();
    const finish = (ok: boolean, detail: string): void =>
      input.emit({ event: 'step-finished', name, ok, seconds: (input.clock.monotonic() - begun) / 1000, detail });
    try {
      finish(true, await act());
    } catch (error) {
      finish(false, error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  let changed = 0;
  await step('apply', async () => {
    const result = await applyFlow(inner);
    if (result.error !== undefined) throw result.error;
    ({ runId, changed } = result);
    return `${changed} changes`;
  });
  await step('status', async () => {
    const status = await statusFlow(inner);
    if (status.healthy) return `${status.checks.length} checks are green`;
    const red = status.checks.filter(({ ok }) => !ok).map(({ host, name, detail }) => `${host}: ${name}: ${detail}`);
    throw failed(`not healthy: ${red.join('; ')}`);
  });
  await step('plan', async () => {
    const { plan } = await planFlow(inner);
    if (plan.changes.length === 0 && plan.unread.length === 0) return 'empty: a second apply would change nothing';
    throw failed(
      `a second apply would change ${plan.changes.map(({ host, resource }) => `${host} ${resource}`).join(', ')}`,
    );
  });
  let report: string | undefined;
  await step('drill', async () => {
    const result = await drillFlow(inner, options);
    report = result.file;
    if (result.ok) return `${result.report.drills.length} drills passed`;
    const bad = result.report.drills.filter(({ verdict }) => verdict !== 'pass');
    throw failed(bad.map(({ name, verdict, reason }) => `${name}: ${verdict}: ${reason}`).join('; '));
  }).finally(() => {
    const seconds = (input.clock.monotonic() - started) / 1000;
    input.emit({
      event: 'run-finished',
      runId,
      ok: report !== undefined,
      changed,
      seconds,
      ...(report === undefined ? {} : { report }),
    });
  });
}

/** Only one run is seen from outside. */
function withoutRunFrames(emit: Emit): Emit {
  let first = true;
  return (event: RunEvent) => {
    if (event.event === 'run-finished') return;
    if (event.event === 'run-started') {
      if (!first) return;
      first = false;
    }
    emit(event);
  };
}

function failed(message: string): HastackError {
  return new HastackError({
    code: 'refused',
    message,
    hint: 'rehearse again with --keep and look at the twins: `hastack status --lab`, `hastack lab shell HOST`',
  });
}
