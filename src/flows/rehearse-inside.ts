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
  const { clock, emit } = input;
  const inner: RunInput = { ...input, emit: withoutRunFrames(emit) };
  const started = clock.monotonic();
  const outcome: Outcome = { runId: '', changed: 0, report: undefined, ok: false };
  try {
    for (const [name, act] of steps(inner, options, outcome)) {
      // oxlint-disable-next-line no-await-in-loop
      await timed(input, name, act);
    }
    outcome.ok = true;
  } finally {
    const { runId, changed, report, ok } = outcome;
    const seconds = (clock.monotonic() - started) / 1000;
    emit({ event: 'run-finished', runId, ok, changed, seconds, ...(report === undefined ? {} : { report }) });
  }
}

interface Outcome {
  runId: string;
  changed: number;
  report: string | undefined;
  ok: boolean;
}

/** Each returns a line for people. */
type Act = () => Promise<string>;

function steps(input: RunInput, options: DrillOptions, outcome: Outcome): readonly (readonly [string, Act])[] {
  return [
    ['apply', () => apply(input, outcome)],
    ['status', () => status(input)],
    ['plan', () => plan(input)],
    ['drill', () => drill(input, options, outcome)],
  ];
}

async function timed({ clock, emit }: RunInput, name: string, act: Act): Promise<void> {
  const begun = clock.monotonic();
  const finish = (ok: boolean, detail: string): void =>
    emit({ event: 'step-finished', name, ok, seconds: (clock.monotonic() - begun) / 1000, detail });
  try {
    finish(true, await act());
  } catch (error) {
    finish(false, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function apply(input: RunInput, outcome: Outcome): Promise<string> {
  const result = await applyFlow(input);
  if (result.error !== undefined) throw result.error;
  outcome.runId = result.runId;
  outcome.changed = result.changed;
  return `${result.changed} changes`;
}

async function status(input: RunInput): Promise<string> {
  const now = await statusFlow(input);
  if (now.healthy) return `${now.checks.length} checks are green`;
  const red = now.checks.filter(({ ok }) => !ok).map(({ host, name, detail }) => `${host}: ${name}: ${detail}`);
  throw failed(`not healthy: ${red.join('; ')}`);
}

async function plan(input: RunInput): Promise<string> {
  const { plan: second } = await planFlow(input);
  if (second.changes.length === 0 && second.unread.length === 0) return 'empty: a second apply would change nothing';
  throw failed(
    `a second apply would change ${second.changes.map(({ host, resource }) => `${host} ${resource}`).join(', ')}`,
  );
}

async function drill(input: RunInput, options: DrillOptions, outcome: Outcome): Promise<string> {
  const result = await drillFlow(input, options);
  outcome.report = result.file;
  if (result.ok) return `${result.report.drills.length} drills passed`;
  const bad = result.report.drills.filter(({ verdict }) => verdict !== 'pass');
  throw failed(bad.map(({ name, verdict, reason }) => `${name}: ${verdict}: ${reason}`).join('; '));
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
