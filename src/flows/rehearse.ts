// `hastack rehearse`: the whole life of a cluster on twins.
//   lab up → apply → status → plan (must be empty) → drills → report → lab down
// The steps that talk to hosts run in a copy of this program inside the lab's network namespace (decision 3); its
// events come back as JSON lines. The lab goes away also when a step failed, unless it is to be kept.
import { labDown } from '../lab/down.ts';
import { leftovers } from '../lab/leftovers.ts';
import { runInLab } from '../lab/run-in-lab.ts';
import { labUp } from '../lab/up.ts';
import type { LabUpOptions } from '../lab/up.ts';
import type { Lab } from '../lab/context.ts';
import { exitCodeOf, HastackError } from '../model/error.ts';
import type { Emit, RunEvent } from '../model/event.ts';

export interface RehearseInput {
  readonly lab: LabUpOptions;
  readonly emit: Emit;
  /** Run inside the lab; prints events as JSON lines: `[main.js, 'internal-rehearse', ...]`. */
  readonly inside: readonly string[];
  /** Leave the twins running. */
  readonly keep: boolean;
  readonly signal?: AbortSignal;
}

interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

export interface RehearseResult {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly steps: readonly Step[];
  readonly report?: string;
}

export async function rehearseFlow(input: RehearseInput): Promise<RehearseResult> {
  const { clock } = input.lab;
  const started = clock.monotonic();
  const rehearsal = new Rehearsal(input);
  let exitCode = 0;
  let lab: Lab | undefined;
  try {
    lab = await rehearsal.step('lab up', () => labUp(input.lab));
    exitCode = await rehearsal.inside(lab);
  } catch (error) {
    exitCode = rehearsal.failed(error);
  } finally {
    const up = lab;
    if (up !== undefined && !input.keep) exitCode = (await rehearsal.takeDown(up)) || exitCode;
  }
  const seconds = (clock.monotonic() - started) / 1000;
  const { runId, changed, report, steps } = rehearsal;
  const ok = exitCode === 0;
  const extra = report === undefined ? {} : { report };
  input.emit({ event: 'run-finished', runId, ok, changed, seconds, steps, ...extra });
  return { ok, exitCode, steps, ...extra };
}

class Rehearsal {
  private readonly input: RehearseInput;
  readonly steps: Step[] = [];
  runId = '';
  changed = 0;
  report: string | undefined;

  constructor(input: RehearseInput) {
    this.input = input;
  }

  async step<T>(name: string, act: () => Promise<T>): Promise<T> {
    const { clock } = this.input.lab;
    const started = clock.monotonic();
    const done = (ok: boolean): void =>
      this.forward({ event: 'step-finished', name, ok, seconds: (clock.monotonic() - started) / 1000 });
    try {
      const value = await act();
      done(true);
      return value;
    } catch (error) {
      done(false);
      throw error;
    }
  }

  /** Exit status of the steps inside the lab. */
  async inside(lab: Lab): Promise<number> {
    const { inside, signal } = this.input;
    return runInLab(lab, inside, {
      onLine: (line) => this.forward(JSON.parse(line) as RunEvent),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async takeDown(lab: Lab): Promise<number> {
    try {
      await this.step('lab down', async () => {
        await labDown(lab);
        const left = await leftovers(lab);
        if (left.length > 0) throw leftBehind(left.map(({ kind, what }) => `${kind} ${what}`));
      });
      return 0;
    } catch (error) {
      return this.failed(error);
    }
  }

  failed(error: unknown): number {
    if (!(error instanceof HastackError)) throw error;
    const { code, message, hint, host } = error;
    this.input.emit({ event: 'failed', code, message, hint, ...(host === undefined ? {} : { host }) });
    return exitCodeOf(error);
  }

  /** The inner run's last event becomes part of ours. */
  private forward(event: RunEvent): void {
    if (event.event === 'run-finished') {
      this.changed = event.changed;
      this.report = event.report ?? this.report;
      return;
    }
    if (event.event === 'run-started') this.runId = event.runId;
    if (event.event === 'step-finished') this.steps.push({ name: event.name, ok: event.ok, seconds: event.seconds });
    this.input.emit(event);
  }
}

function leftBehind(what: readonly string[]): HastackError {
  return new HastackError({
    code: 'environment',
    message: `the lab left behind: ${what.join(', ')}`,
    hint: 'run `hastack lab down` again; if it stays, this is a bug',
  });
}
