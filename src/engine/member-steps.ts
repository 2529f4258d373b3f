// The scripts of a member group, run and waited for: what apply-group.ts decides, done on hosts.
//
// A member's own steps start the service; the stamps that say "runs with the present configuration" are written here,
// after the member is healthy. A unit whose group has no steps of its own is started by its kind.
// Every wait ends with the group's startTimeout.
import { notYet, ready, waitUntil } from '../lib/poll.ts';
import { HastackError } from '../model/error.ts';
import type { MemberGroup, MemberStep } from '../model/member-group.ts';
import type { Script } from '../model/resource.ts';
import { changeOf, lastWords, RESUME_HINT } from './apply-batch.ts';
import type { ApplyRun } from './apply-run.ts';
import { asUnit } from './config-hash.ts';
import { interrupted } from './connect.ts';
import { kindOf } from './context.ts';
import { writeStamps } from './marks.ts';
import { readMembers, readResources } from './read.ts';
import { assess, fullDesired } from './readings.ts';
import type { Assessment } from './readings.ts';

const HEALTH_PERIOD_MS = 500;
const TELL_EVERY_MS = 5_000;

export interface GroupPlace {
  readonly component: string;
  readonly group: MemberGroup;
}

export async function runScript(
  run: ApplyRun,
  host: string,
  what: { readonly does: string; readonly script: Script },
): Promise<void> {
  run.touched.add(host);
  const result = await run.session(host).run(what.script, run.context.signal);
  if (run.context.signal?.aborted === true) throw interrupted();
  if (result.code === 0) return;
  const how = result.code === 124 ? 'did not finish in time' : `failed (exit status ${result.code})`;
  throw new HastackError({
    code: 'apply-failed',
    host,
    message: `${host}: ${what.does} ${how}: ${lastWords(result)}`,
    hint: RESUME_HINT,
  });
}

export async function runSteps(run: ApplyRun, place: GroupPlace, steps: readonly MemberStep[]): Promise<void> {
  for (const step of steps) {
    run.context.emit({ event: 'member-step', host: step.host, group: place.group.id, does: step.does });
    await runScript(run, step.host, step);
  }
}

/** Unmasks and enables what is not: a unit that keeps its group is not started by its kind. */
export async function prepareUnits(run: ApplyRun, host: string, units: readonly Assessment[]): Promise<void> {
  await applyUnits(run, host, { units, does: 'enabling', desiredOf: (unit) => unit.resource.desired });
}

/** Starts, reloads or restarts by the unit kind itself. */
export async function startUnits(run: ApplyRun, host: string, units: readonly Assessment[]): Promise<void> {
  await applyUnits(run, host, { units, does: 'starting', desiredOf: (unit) => fullDesired(unit.resource) });
}

export async function waitHealthy(
  run: ApplyRun,
  place: GroupPlace,
  ...[host, atMost]: [host: string, atMost?: number]
): Promise<void> {
  const { context } = run;
  const { group } = place;
  const started = context.clock.monotonic();
  let told = started;
  await waitUntil<void>({
    clock: context.clock,
    deadlineMs: Math.min(group.startTimeout, atMost ?? group.startTimeout) * 1000,
    periodMs: HEALTH_PERIOD_MS,
    what: `${group.id} on ${host} to serve`,
    host,
    hint: `Look at its log on ${host}. ${RESUME_HINT}`,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    probe: async (signal) => {
      const reading = (await readMembers({ random: context.random, signal }, run.session(host), [group])).get(group.id);
      if (reading?.read === true && reading.state.running) return ready(undefined);
      const detail = reading === undefined ? 'no answer' : reading.read ? reading.state.detail : reading.reason;
      if (context.clock.monotonic() - told >= TELL_EVERY_MS) {
        told = context.clock.monotonic();
        context.emit({ event: 'waiting', what: `${group.id} on ${host}: ${detail}`, seconds: (told - started) / 1000 });
      }
      return notYet(detail);
    },
  });
  const seconds = (context.clock.monotonic() - started) / 1000;
  context.emit({ event: 'member-healthy', host, group: group.id, seconds });
}

/** The member runs with what is there now; says what was done to its units. */
export async function settleUnits(
  run: ApplyRun,
  place: GroupPlace,
  given: { readonly host: string; readonly before: readonly Assessment[] },
): Promise<void> {
  const { host, before } = given;
  const stamps = before.flatMap(({ resource }) => {
    const unit = asUnit(resource);
    return unit?.configHash === undefined ? [] : [{ name: unit.name, hash: unit.configHash }];
  });
  if (stamps.length > 0) {
    await runScript(run, host, {
      does: 'recording the configuration',
      script: { text: writeStamps(stamps), timeout: 20 },
    });
  }
  const after = await readUnits(run, host, before);
  for (const [index, unit] of before.entries()) {
    if (unit.difference === undefined) continue;
    const left = after[index]?.difference;
    const ok = left?.action !== 'restart';
    run.context.emit({
      event: 'change-finished',
      host,
      change: changeOf({ host, component: place.component }, unit),
      ok,
    });
    if (ok) run.changed += 1;
  }
  const stuck = after.find(({ difference }) => difference?.action === 'restart');
  if (stuck === undefined) return;
  throw new HastackError({
    code: 'apply-failed',
    host,
    message: `${host}: ${stuck.resource.id} still differs after its restart: ${stuck.difference?.reason}`,
    hint: RESUME_HINT,
  });
}

export async function readUnits(
  run: ApplyRun,
  host: string,
  units: readonly Assessment[],
): Promise<readonly Assessment[]> {
  const resources = units.map(({ resource }) => resource);
  const readings = await readResources(run.context, run.session(host), resources);
  return resources.map((resource) => assess(run.context.kinds, { host, resource }, readings));
}

async function applyUnits(
  run: ApplyRun,
  host: string,
  how: {
    readonly units: readonly Assessment[];
    readonly does: string;
    readonly desiredOf: (unit: Assessment) => unknown;
  },
): Promise<void> {
  for (const unit of how.units) {
    const { resource, reading, difference } = unit;
    if (difference === undefined) continue;
    const script = kindOf(run.context.kinds, resource.kind).apply(how.desiredOf(unit), reading, difference);
    await runScript(run, host, {
      does: `${how.does} ${resource.id}`,
      script: { ...script, text: `set -e\n${script.text}` },
    });
  }
}
