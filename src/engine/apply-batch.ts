// Makes a list of changes on one host: one script, stops at the first that fails, then reads again what was changed.
//
// The stamps of all units that these changes notify go first, in the same script: a run killed after the first file
// still restarts the units next time. A change counts only when reading again shows no difference.
import { HastackError } from '../model/error.ts';
import type { Change, Script } from '../model/resource.ts';
import type { ApplyRun } from './apply-run.ts';
import { asUnit } from './config-hash.ts';
import { kindOf } from './context.ts';
import { interrupted } from './connect.ts';
import { removeStamps } from './marks.ts';
import { readResources } from './read.ts';
import { assess, fullDesired } from './readings.ts';
import type { Assessment } from './readings.ts';
import { batchSections } from './sections.ts';
import type { SectionResult } from './sections.ts';

export const RESUME_HINT = 'Correct what is named here and run the same command again: it continues where it stopped.';

export interface BatchPlace {
  readonly host: string;
  readonly component: string;
}

export async function applyBatch(run: ApplyRun, place: BatchPlace, changes: readonly Assessment[]): Promise<void> {
  const { host, component } = place;
  const { context } = run;
  context.emit({ event: 'batch-started', host, component, resources: changes.map(({ resource }) => resource.id) });
  run.touched.add(host);
  const scripts = [
    { text: removeStampsOf(run, host, changes), timeout: 10 },
    ...changes.map((one) => applyScript(run, one)),
  ];
  const batch = batchSections(scripts, context.random);
  const [, ...results] = batch.parse(await run.session(host).run(batch.script, context.signal));
  if (context.signal?.aborted === true) throw interrupted();
  const finished = results.findIndex((result) => result.code !== 0);
  const made = finished < 0 ? changes : changes.slice(0, finished);
  const failed = finished < 0 ? undefined : changes[finished];
  const failure = failed === undefined ? undefined : failedChange(run, place, { failed, result: results[finished] });
  try {
    await confirm(run, host, made);
    await verify(run, place, made);
  } catch (error) {
    // The change that failed comes first: what follows from it may well be its doing.
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

export function changeOf(place: BatchPlace, assessment: Assessment): Change {
  const { resource, difference } = assessment;
  return {
    host: place.host,
    component: place.component,
    resource: resource.id,
    action: difference?.action ?? 'update',
    reason: difference?.reason ?? '',
    ...(difference?.diff === undefined ? {} : { diff: difference.diff }),
  };
}

/** The last lines of what a script said, for people. */
export function lastWords(result: { readonly stdout: string; readonly stderr: string }): string {
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr;
  return text.trim().split('\n').slice(-5).join('\n').slice(-1000);
}

function applyScript(run: ApplyRun, change: Assessment): Script {
  const { resource, reading, difference } = change;
  if (difference === undefined) throw new Error(`${resource.id} has nothing to change`);
  return kindOf(run.context.kinds, resource.kind).apply(fullDesired(resource), reading, difference);
}

function removeStampsOf(run: ApplyRun, host: string, changes: readonly Assessment[]): string {
  const notified = new Set(changes.flatMap(({ resource }) => resource.notifies ?? []));
  if (notified.size === 0) return ':';
  const names = run.planned.desired.components.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.on === 'each' ? (step.resources.get(host) ?? []).filter(({ id }) => notified.has(id)).map(asUnit) : [],
    ),
  );
  const units = names.flatMap((unit) => (unit === undefined ? [] : [unit.name]));
  return units.length === 0 ? ':' : removeStamps(units);
}

/** Over a connection opened now: proves that the host can still be reached. */
async function confirm(run: ApplyRun, host: string, made: readonly Assessment[]): Promise<void> {
  const { context } = run;
  const scripts = made.flatMap(({ resource }) => {
    const script = kindOf(context.kinds, resource.kind).confirm?.(resource.desired);
    return script === undefined ? [] : [script];
  });
  if (scripts.length === 0) return;
  const fresh = await context.transport.connect(host, context.signal);
  try {
    for (const script of scripts) {
      const result = await fresh.run(script, context.signal);
      if (result.code === 0) continue;
      throw new HastackError({
        code: 'apply-failed',
        host,
        message: `${host}: a change was not confirmed and is rolled back: ${lastWords(result)}`,
        hint: RESUME_HINT,
      });
    }
  } finally {
    await fresh.close();
  }
}

async function verify(run: ApplyRun, place: BatchPlace, made: readonly Assessment[]): Promise<void> {
  if (made.length === 0) return;
  const { context } = run;
  const { host } = place;
  const readings = await readResources(
    context,
    run.session(host),
    made.map(({ resource }) => resource),
  );
  if (context.signal?.aborted === true) throw interrupted();
  const wrong: string[] = [];
  for (const one of made) {
    const again = assess(context.kinds, one, readings);
    const ok = again.difference === undefined;
    const detail = ok ? undefined : `still differs after the change: ${again.difference?.reason}`;
    const change = changeOf(place, one);
    context.emit({ event: 'change-finished', host, change, ok, ...(detail === undefined ? {} : { detail }) });
    if (ok) run.changed += 1;
    else
      wrong.push(
        `${one.resource.id} ${detail}${again.difference?.diff === undefined ? '' : `\n${again.difference.diff}`}`,
      );
  }
  if (wrong.length === 0) return;
  throw new HastackError({ code: 'apply-failed', host, message: `${host}: ${wrong.join('; ')}`, hint: RESUME_HINT });
}

function failedChange(
  run: ApplyRun,
  place: BatchPlace,
  what: { readonly failed: Assessment; readonly result: SectionResult | undefined },
): HastackError {
  const { failed, result } = what;
  const { host } = place;
  const said = result === undefined ? '' : lastWords(result);
  const how = result?.code === undefined ? 'did not finish in time' : `failed (exit status ${result.code})`;
  const detail = `${how}${said === '' ? '' : `: ${said}`}`;
  run.context.emit({ event: 'change-finished', host, change: changeOf(place, failed), ok: false, detail });
  return new HastackError({
    code: 'apply-failed',
    host,
    message: `${host}: ${failed.resource.id} ${detail}`,
    hint: RESUME_HINT,
  });
}
