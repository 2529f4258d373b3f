// What happens while the probes run: steady → guard and fault → hold → heal → wait until healthy.
//
// Whatever happens after the fault was begun, the heal is tried, also when the drill is aborted: the abort does not
// reach the healing. A heal that fails is an error of its own, which says that a part is still down.
import type { DrillMark, DrillMarkKind } from '../model/drill.ts';
import { HastackError } from '../model/error.ts';
import type { Drill } from './drill.ts';
import type { Fault } from './faults/fault.ts';
import type { ProbeConfig } from './probes/config.ts';
import type { ProbeRun } from './probes/run.ts';
import { emptyLog } from './probes/sample.ts';
import { isQuiet, until } from './quiet.ts';
import type { DrillRun, HealthState } from './run-types.ts';

export interface Probing {
  readonly configs: readonly ProbeConfig[];
  readonly probes: ProbeRun;
  /** Time zero of the report, on the monotonic clock. */
  readonly originMs: number;
  readonly stopEcho: () => Promise<void>;
}

export interface Story {
  readonly marks: readonly DrillMark[];
  /** Samples before this moment do not count. */
  readonly fromMs: number;
  /** The heal begins: what is sent later belongs to the return of the failed part. */
  readonly healMs: number;
  readonly backBeforeHeal: boolean;
  /** What should have been true while the part was failed, and was not. */
  readonly objection: string | undefined;
  readonly backAtEnd: boolean;
  readonly partBack: boolean;
  readonly health: HealthState;
  readonly healSeconds: number | null;
}

const STEADY_MS = 2500;
const STEADY_DEADLINE_MS = 30_000;
const HEAL_DEADLINE_MS = 240_000;
const BACK_QUIET_MS = 3000;
/** Longer than the longest hold and heal: the guard is for when hastack is dead. */
const GUARD_EXTRA_SECONDS = 30;

export interface LiveParts {
  readonly drill: Drill;
  readonly fault: Fault;
  readonly probing: Probing;
  /** Looks at what must be true while the part is failed. */
  readonly look?: (() => Promise<string | undefined>) | undefined;
}

interface Acting extends LiveParts {
  readonly run: DrillRun;
  readonly mark: (kind: DrillMarkKind, detail: string) => void;
  readonly quiet: (quietMs: number) => boolean;
}

export async function live(run: DrillRun, parts: LiveParts): Promise<Story> {
  const { drill, fault, probing } = parts;
  const { clock, signal } = run;
  const marks: DrillMark[] = [];
  const mark = (kind: DrillMarkKind, detail: string): void => {
    marks.push({ at: Math.round(clock.monotonic() - probing.originMs) / 1000, kind, detail });
    run.emit({ event: 'note', message: `${drill.name}: ${detail}` });
  };
  const quiet = (quietMs: number): boolean => allQuiet(clock.monotonic(), probing, quietMs);
  const acting = { ...parts, run, mark, quiet };
  if (!(await until({ clock, deadlineMs: STEADY_DEADLINE_MS, periodMs: 200, signal }, () => quiet(STEADY_MS)))) {
    throw notSteady(probing);
  }
  const fromMs = clock.monotonic() - STEADY_MS;
  mark('steady', 'every probe succeeds');
  const failed = await failAndHold(acting);
  const healMs = clock.monotonic();
  mark('heal', `healing ${fault.target}`);
  const healed = await healAndWait(acting);
  const backAtEnd = await until({ clock, periodMs: 200, deadlineMs: 10_000, signal }, () => quiet(2000));
  mark('stopped', 'probes stopped');
  return { marks, fromMs, healMs, ...failed, ...healed, backAtEnd };
}

async function failAndHold({ run, drill, fault, probing, mark, quiet, look }: Acting) {
  const { clock, signal } = run;
  try {
    await fault.guard(drill.holdAtMostSeconds + GUARD_EXTRA_SECONDS, signal);
    mark('fault', `${fault.kind} ${fault.target}`);
    const failedAt = clock.monotonic();
    await fault.inject(signal);
    mark('faulted', `${fault.kind} took effect`);
    const holdMs = drill.holdSeconds * 1000;
    const backBeforeHeal = await until(
      { clock, periodMs: 200, signal, deadlineMs: drill.holdAtMostSeconds * 1000 },
      () => {
        // A dead probe process measures nothing more: heal at once.
        if (probing.probes.failure() !== undefined) return true;
        return clock.monotonic() - failedAt >= holdMs && quiet(BACK_QUIET_MS);
      },
    );
    return { backBeforeHeal, objection: await look?.(), partBack: await fault.restored(signal) };
  } catch (error) {
    run.emit({ event: 'warning', message: `${drill.name}: stopped in the middle, healing ${fault.target}` });
    await heal(fault);
    throw error;
  }
}

async function healAndWait({ run, drill, fault, mark }: Acting) {
  const { clock, signal } = run;
  const began = clock.monotonic();
  await heal(fault);
  mark('healed', `${fault.target} is being brought back`);
  let health: HealthState = { healthy: false, problems: [] };
  const deadlineMs = drill.healWithinSeconds * 1000;
  const healthy = await until({ clock, periodMs: 1000, deadlineMs, signal }, async () => {
    health = await run.health(signal);
    return health.healthy;
  });
  mark('healthy', healthy ? 'every health check is green' : 'health checks are still red');
  return { health, healSeconds: healthy ? Math.round(clock.monotonic() - began) / 1000 : null };
}

async function heal(fault: Fault): Promise<void> {
  try {
    await fault.heal(AbortSignal.timeout(HEAL_DEADLINE_MS));
  } catch (cause) {
    throw new HastackError({
      code: 'apply-failed',
      message: `${fault.target} could not be healed: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'It is still failed. On twins: `hastack lab heal`. On real servers: power it on, or start the unit.',
      cause,
    });
  }
}

function allQuiet(nowMs: number, { configs, probes }: Probing, quietMs: number): boolean {
  return configs.every((config) =>
    isQuiet({ config, log: probes.logs.get(config.probe) ?? emptyLog(), nowMs, quietMs }),
  );
}

function notSteady({ configs, probes }: Probing): HastackError {
  const failing = configs.flatMap((config) => {
    const last = probes.logs.get(config.probe)?.samples.findLast((sample) => !sample.ok);
    return last ? [`${config.probe}: ${last.error ?? 'failed'}`] : [];
  });
  const detail = probes.failure() ?? (failing.join(', ') || 'the probes are not answered');
  return new HastackError({
    code: 'refused',
    message: `no steady state under the load of the probes: ${detail}`,
    hint: 'The cluster must serve without a failure before a part of it is failed: look at `hastack status`.',
  });
}
