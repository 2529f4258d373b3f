// Runs the steps in order and removes everything afterwards, whatever happened: also when a step failed, when its time
// was up, and when the run was interrupted (the clean-up then has a signal of its own). A step that failed ends those
// that build on it; the others are still tried.
import { withDeadline } from '../../net/deadline.ts';
import type { RunEvent } from '../../model/event.ts';
import { errorText } from './error-text.ts';
import type { Bench } from './bench.ts';
import type { StepResult, VerifyReport } from './report.ts';
import type { VerifyStep } from './step.ts';

export interface VerifyRun {
  readonly bench: Bench;
  readonly steps: readonly VerifyStep[];
  /** Removes what this run made; resolves with what is still there. */
  readonly sweep: () => Promise<readonly string[]>;
  readonly emit: (event: RunEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

export async function verify(run: VerifyRun): Promise<VerifyReport> {
  const { bench, emit } = run;
  const steps: StepResult[] = [];
  const skipped: { readonly name: string; readonly reason: string }[] = [];
  const passed = new Set<string>();
  for (const step of run.steps) {
    if (run.signal?.aborted === true) break;
    const reason = whyNot(bench, step, { passed, steps });
    // oxlint-disable-next-line no-await-in-loop
    const result = reason === undefined ? await attempt(run, step) : { notHere: reason };
    if ('notHere' in result) {
      skipped.push({ name: step.name, reason: result.notHere });
      emit({ event: 'note', message: `skipped ${step.name}: ${result.notHere}` });
      continue;
    }
    steps.push(result);
    if (result.ok) passed.add(step.name);
    emit({ event: 'step-finished', ...result });
  }
  const { result, leftBehind } = await cleanUp(run);
  steps.push(result);
  emit({ event: 'step-finished', ...result });
  const ok = steps.every((step) => step.ok) && leftBehind.length === 0 && run.signal?.aborted !== true;
  return { runId: bench.settings.runId, ok, steps, skipped, leftBehind: [...leftBehind] };
}

interface Before {
  readonly passed: ReadonlySet<string>;
  readonly steps: readonly StepResult[];
}

function whyNot(bench: Bench, step: VerifyStep, before: Before): string | undefined {
  const missing = step.services.filter((service) => !bench.settings.services.has(service));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not deployed`;
  const first = step.after.find((name) => !before.passed.has(name));
  if (first === undefined) return undefined;
  return before.steps.some(({ name }) => name === first) ? `${first} failed` : `${first} was skipped`;
}

async function attempt({ bench, signal }: VerifyRun, step: VerifyStep) {
  const { clock } = bench.tools;
  const started = clock.monotonic();
  const seconds = (): number => Math.round(clock.monotonic() - started) / 1000;
  try {
    const milliseconds = step.deadlineSeconds * 1000;
    const detail = await withDeadline({ clock, milliseconds, signal }, async (inTime) => step.act(bench, inTime));
    return typeof detail === 'string' ? { name: step.name, ok: true, seconds: seconds(), detail } : detail;
  } catch (error) {
    const detail = signal?.aborted === true ? 'interrupted' : errorText(error);
    return { name: step.name, ok: false, seconds: seconds(), detail };
  }
}

async function cleanUp({ bench, sweep }: VerifyRun) {
  const { clock } = bench.tools;
  const started = clock.monotonic();
  const finish = (ok: boolean, detail: string): StepResult => ({
    name: 'clean-up',
    ok,
    seconds: Math.round(clock.monotonic() - started) / 1000,
    detail,
  });
  try {
    const leftBehind = await sweep();
    const detail = leftBehind.length === 0 ? 'nothing is left' : `still there: ${leftBehind.join(', ')}`;
    return { result: finish(leftBehind.length === 0, detail), leftBehind };
  } catch (error) {
    const leftBehind = [`everything named hastack-verify-${bench.settings.runId}`];
    return { result: finish(false, errorText(error)), leftBehind };
  }
}
