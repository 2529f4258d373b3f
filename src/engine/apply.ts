// Makes the cluster as desired: components in dependency order, their steps with a barrier over all hosts.
//
// Components that do not wait for each other run side by side. After the first failure no further component begins,
// what runs is finished, every host's error is kept. A run may be killed anywhere: the next one reads and goes on;
// nothing here depends on a journal.
import type { HastackError } from '../model/error.ts';
import { HastackError as Failure } from '../model/error.ts';
import type { UnreadHost } from '../model/resource.ts';
import { applyGroup, refusalPasses } from './apply-group.ts';
import { ApplyRun } from './apply-run.ts';
import { applyResources } from './apply-step.ts';
import { interrupted } from './connect.ts';
import type { Connections, EngineContext } from './context.ts';
import type { DesiredComponent, DesiredStep } from './desired.ts';
import type { Waiting } from './members.ts';
import { isAbort, onHosts } from './parallel.ts';
import type { PlannedCluster } from './plan.ts';
import { chooseHost, oneStepKey, readMembers } from './read.ts';
import type { MemberReading } from './readings.ts';

/** A service that was just being started when the last run was killed gets this long to show itself. */
const REFUSAL_PATIENCE_MS = 20_000;

export interface ApplyOutcome {
  /** All hosts are as desired and all members run with it. */
  readonly ok: boolean;
  readonly changed: number;
  readonly failures: readonly HastackError[];
  /** What waits for a host that is away. */
  readonly waiting: readonly Waiting[];
  readonly unread: readonly UnreadHost[];
}

/** Expected failures are in the outcome; only bugs are thrown. */
export async function applyCluster(
  context: EngineContext,
  planned: PlannedCluster,
  connections: Connections,
): Promise<ApplyOutcome> {
  const run = new ApplyRun(context, planned, connections);
  await judgeRefusals(run);
  const finished = new Map<string, Promise<void>>();
  for (const component of planned.desired.components) {
    const before = component.after.map((id) => finished.get(id) ?? Promise.resolve());
    finished.set(
      component.id,
      Promise.all(before).then(() => applyComponent(run, component)),
    );
  }
  const results = await Promise.allSettled(finished.values());
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  if (context.signal?.aborted === true) run.failures.push(whyAborted(context.signal));
  const { unread } = planned.plan;
  return {
    ok: run.failures.length === 0 && run.waiting.length === 0 && unread.length === 0,
    changed: run.changed,
    failures: run.failures,
    waiting: run.waiting,
    unread,
  };
}

/** A lost lock says so itself; anything else is the user's interrupt. */
function whyAborted(signal: AbortSignal): HastackError {
  return signal.reason instanceof Failure ? signal.reason : interrupted();
}

/** Before anything is changed. */
async function judgeRefusals(run: ApplyRun): Promise<void> {
  const patience = run.planned.desired.limit === undefined ? REFUSAL_PATIENCE_MS : 0;
  for (const refusal of run.planned.plan.refusals) {
    const group = run.planned.desired.components
      .flatMap(({ steps }) => steps)
      .flatMap((step) => (step.on === 'members' && step.group.id === refusal.group ? [step.group] : []))[0];
    const allRead = group?.hosts.every((host) => run.planned.readings.resources.has(host)) === true;
    try {
      if (group !== undefined && allRead && (await refusalPasses(run, group, patience))) continue;
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
    run.fail(new Failure({ code: 'recover-needed', message: refusal.reason, hint: refusal.hint }));
  }
}

async function applyComponent(run: ApplyRun, component: DesiredComponent): Promise<void> {
  if (run.stopped) return;
  const { emit, clock } = run.context;
  const started = clock.monotonic();
  const changes = run.planned.plan.changes.filter((change) => change.component === component.id).length;
  emit({ event: 'component-started', component: component.id, changes });
  let ok = true;
  for (const [index, step] of component.steps.entries()) {
    if (run.stopped || !ok) break;
    const failures = await applyStep(run, component, { step, index });
    for (const failure of failures) run.fail(failure);
    ok = failures.length === 0;
  }
  ok = ok && !run.stopped;
  emit({ event: 'component-finished', component: component.id, ok, seconds: (clock.monotonic() - started) / 1000 });
}

async function applyStep(
  run: ApplyRun,
  component: DesiredComponent,
  place: { readonly step: DesiredStep; readonly index: number },
): Promise<readonly HastackError[]> {
  const { step, index } = place;
  if (step.on === 'each') {
    const { failed } = await onHosts(run.context, run.usable(step.resources.keys()), (host) =>
      applyResources(run, { host, component: component.id }, step.resources.get(host) ?? []),
    );
    return [...failed.values()];
  }
  try {
    if (step.on === 'members') await applyGroup(run, { component: component.id, group: step.group });
    else await applyOnOne(run, { component: component.id, key: oneStepKey(component.id, index) }, step);
    return [];
  } catch (error) {
    if (!isExpected(error)) throw error;
    return [error instanceof Failure ? error : interrupted()];
  }
}

async function applyOnOne(
  run: ApplyRun,
  place: { readonly component: string; readonly key: string },
  step: Extract<DesiredStep, { readonly on: 'one' }>,
): Promise<void> {
  let host = run.planned.readings.chosen.get(place.key);
  if (run.touched.size > 0 && step.group !== undefined) {
    host = chooseHost(step, run.connections, new Map([[step.group, await readCandidates(run, step)]]));
  }
  if (host === undefined) return;
  // Read elsewhere before: those readings are of another host.
  if (host !== run.planned.readings.chosen.get(place.key)) run.touched.add(host);
  await applyResources(run, { host, component: place.component }, step.resources);
}

async function readCandidates(
  run: ApplyRun,
  step: Extract<DesiredStep, { readonly on: 'one' }>,
): Promise<ReadonlyMap<string, MemberReading>> {
  const groups = run.planned.desired.components.flatMap(({ steps }) =>
    steps.flatMap((other) => (other.on === 'members' && other.group.id === step.group ? [other.group] : [])),
  );
  const { done } = await onHosts(run.context, run.usable(step.candidates), async (host) => {
    const members = await readMembers(run.context, run.session(host), groups);
    return [...members.values()][0];
  });
  return new Map([...done].flatMap(([host, member]) => (member === undefined ? [] : [[host, member] as const])));
}

function isExpected(error: unknown): boolean {
  return error instanceof Failure || isAbort(error);
}
