// Applies the resources of one step on one host, in order, in as few scripts as order allows.
//
// A unit comes after everything in the step that notifies it. What was read before the run counts only while nothing
// it depends on was changed by this run; otherwise it is read again right before acting.
import type { Resource } from '../model/resource.ts';
import { applyBatch } from './apply-batch.ts';
import type { BatchPlace } from './apply-batch.ts';
import type { ApplyRun } from './apply-run.ts';
import { asUnit } from './config-hash.ts';
import { readResources } from './read.ts';
import { assess } from './readings.ts';

export async function applyResources(run: ApplyRun, place: BatchPlace, resources: readonly Resource[]): Promise<void> {
  for (const segment of segments(resources)) {
    if (run.stopped) return;
    await applySegment(run, place, segment);
  }
}

async function applySegment(run: ApplyRun, place: BatchPlace, segment: readonly Resource[]): Promise<void> {
  const { host } = place;
  const { context } = run;
  const compare = (readings: Parameters<typeof assess>[2]) =>
    segment
      .map((resource) => assess(context.kinds, { host, resource }, readings))
      .filter((one) => one.difference !== undefined);
  let changes = compare(run.planned.readings.resources.get(host));
  const stale = run.touched.has(host) || (run.touched.size > 0 && changes.length > 0);
  if (stale) changes = compare(await readResources(context, run.session(host), segment));
  if (changes.length > 0 && !run.stopped) await applyBatch(run, place, changes);
}

/** Runs of units and of other resources. Units that a group starts are left to it. */
export function segments(resources: readonly Resource[]): readonly (readonly Resource[])[] {
  const result: Resource[][] = [];
  for (const resource of inOrder(resources)) {
    const last = result.at(-1);
    if (last?.[0] !== undefined && isUnit(last[0]) === isUnit(resource)) last.push(resource);
    else result.push([resource]);
  }
  return result;
}

function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const own = resources.filter((resource) => asUnit(resource)?.group === undefined);
  const place = (resource: Resource, index: number): number =>
    isUnit(resource)
      ? Math.max(index, own.findLastIndex((other) => other.notifies?.includes(resource.id) === true) + 0.5)
      : index;
  return own
    .map((resource, index) => ({ resource, at: place(resource, index) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ resource }) => resource);
}

function isUnit(resource: Resource): boolean {
  return asUnit(resource) !== undefined;
}
