// Brings a member group to where it should be: read all members, ask members.ts for one move, make it, again.
//
// Every move is decided on fresh readings, so a member that fails in between stops the next restart. A move that does
// not end healthy is a failure and nothing follows. Marks on the hosts (marks.ts) carry what a killed run had begun.
import { HastackError } from '../model/error.ts';
import type { MemberGroup, MemberStep } from '../model/member-group.ts';
import { RESUME_HINT } from './apply-batch.ts';
import type { ApplyRun } from './apply-run.ts';
import { groupUnits, groupViews, unitsOfGroup } from './group-views.ts';
import { clearMark, setMark } from './marks.ts';
import { prepareUnits, readUnits, runScript, runSteps, settleUnits, startUnits, waitHealthy } from './member-steps.ts';
import type { GroupPlace } from './member-steps.ts';
import { nextMove } from './members.ts';
import type { Move } from './members.ts';
import { onHosts } from './parallel.ts';
import { readMembers, readResources } from './read.ts';
import type { Assessment, ClusterReadings, MemberReading, ResourceReadings } from './readings.ts';

/** How long a member whose units run may take to serve before they are restarted. */
const COMING_UP_SECONDS = 10;

type Facts = Pick<ClusterReadings, 'members' | 'resources'>;

export async function applyGroup(run: ApplyRun, place: GroupPlace): Promise<void> {
  const { group } = place;
  let facts: Facts = run.planned.readings;
  let move = decide(run, group, facts);
  const stale = group.hosts.some((host) => run.touched.has(host)) || (run.touched.size > 0 && move.kind !== 'done');
  if (stale) ({ facts, move } = await look(run, group));
  const limit = 6 * group.hosts.length + 6;
  for (let moves = 0; move.kind !== 'done' && move.kind !== 'refuse'; moves += 1) {
    if (run.stopped) return;
    if (moves >= limit) throw unsettled(group);
    await make(run, place, { move, facts });
    ({ facts, move } = await look(run, group));
  }
  if (move.kind === 'refuse') {
    throw new HastackError({ code: 'recover-needed', message: move.reason, hint: move.hint });
  }
  run.waiting.push(...move.waiting);
}

/** True when a refusal went away by itself within the time: a service that was still starting. */
export async function refusalPasses(run: ApplyRun, group: MemberGroup, patienceMs: number): Promise<boolean> {
  const { clock, signal } = run.context;
  const end = clock.monotonic() + patienceMs;
  while (clock.monotonic() < end) {
    await clock.sleep(1000, signal);
    const { move } = await look(run, group);
    if (move.kind === 'refuse') continue;
    for (const host of group.hosts) run.touched.add(host);
    return true;
  }
  return false;
}

function decide(run: ApplyRun, group: MemberGroup, facts: Facts): Move {
  const { desired } = run.planned;
  const shape = { id: group.id, kind: group.kind, limit: desired.limit };
  return nextMove(shape, groupViews(group, { desired, kinds: run.context.kinds, ...facts }));
}

async function look(run: ApplyRun, group: MemberGroup): Promise<{ readonly facts: Facts; readonly move: Move }> {
  const { context, planned } = run;
  const outcome = await onHosts(context, run.usable(group.hosts), async (host) => {
    const [units, members] = await Promise.all([
      readResources(context, run.session(host), unitsOfGroup(planned.desired, group, host)),
      readMembers(context, run.session(host), [group]),
    ]);
    return { units, member: members.get(group.id) };
  });
  const resources = new Map<string, ResourceReadings>();
  const members = new Map<string, MemberReading>();
  for (const [host, { units, member }] of outcome.done) {
    resources.set(host, units);
    if (member !== undefined) members.set(host, member);
  }
  for (const [host, error] of outcome.failed) members.set(host, { read: false, reason: error.message });
  const facts: Facts = { resources, members: new Map([[group.id, members]]) };
  return { facts, move: decide(run, group, facts) };
}

async function make(
  run: ApplyRun,
  place: GroupPlace,
  now: { readonly move: Move; readonly facts: Facts },
): Promise<void> {
  const { move, facts } = now;
  const { group } = place;
  const unitsOn = (host: string): readonly Assessment[] =>
    groupUnits(group, host, { desired: run.planned.desired, kinds: run.context.kinds, resources: facts.resources });
  switch (move.kind) {
    case 'form':
      return form(run, place, { hosts: move.hosts, unitsOn });
    case 'join':
      return onAll(run, move.hosts, (host) => join(run, place, { host, units: unitsOn(host) }));
    case 'restart':
      return restart(run, place, { host: move.host, units: unitsOn(move.host) });
    case 'undrain':
      return undrain(run, place, move.host);
    case 'adjust':
      return onAll(run, move.hosts, (host) => adjust(run, place, { host, units: unitsOn(host) }));
    case 'formed':
      return onAll(run, move.hosts, (host) =>
        runScript(run, host, { does: 'completing the formation', script: { text: clearMark('forming', group.id) } }),
      );
    case 'refuse':
    case 'done':
      return;
  }
}

interface OnHost {
  readonly host: string;
  readonly units: readonly Assessment[];
}

async function form(
  run: ApplyRun,
  place: GroupPlace,
  over: { readonly hosts: readonly string[]; readonly unitsOn: (host: string) => readonly Assessment[] },
): Promise<void> {
  const { group } = place;
  const steps = group.form?.();
  const mark = { does: 'marking the formation', script: { text: setMark('forming', group.id) } };
  await onAll(run, over.hosts, (host) => runScript(run, host, mark));
  await onAll(run, over.hosts, async (host) => {
    await prepareUnits(run, host, over.unitsOn(host));
    if (steps === undefined) await startUnits(run, host, over.unitsOn(host));
  });
  await runSteps(run, place, steps ?? []);
  await onAll(run, over.hosts, async (host) => {
    await waitHealthy(run, place, host);
    await settleUnits(run, place, { host, before: over.unitsOn(host) });
  });
}

async function join(run: ApplyRun, place: GroupPlace, on: OnHost): Promise<void> {
  const { host, units } = on;
  const steps = place.group.join?.(host);
  await prepareUnits(run, host, units);
  if (steps !== undefined) await runSteps(run, place, steps);
  else if (units.some(({ difference }) => difference !== undefined)) await startUnits(run, host, units);
  else if (!(await comesByItself(run, place, host))) await startUnits(run, host, units.map(asRestart));
  await waitHealthy(run, place, host);
  await settleUnits(run, place, { host, before: units });
}

/** Its units run, but it does not serve: perhaps it was started a moment ago, else it hangs. */
async function comesByItself(run: ApplyRun, place: GroupPlace, host: string): Promise<boolean> {
  try {
    await waitHealthy(run, place, host, COMING_UP_SECONDS);
    return true;
  } catch (error) {
    if (error instanceof HastackError && error.code === 'apply-failed') return false;
    throw error;
  }
}

function asRestart(unit: Assessment): Assessment {
  return { ...unit, difference: { action: 'restart', reason: 'runs but does not serve' } };
}

async function restart(run: ApplyRun, place: GroupPlace, on: OnHost): Promise<void> {
  const { group } = place;
  const { host, units } = on;
  const drain = onPresent(run, group.drain?.(host) ?? []);
  if (drain.length > 0) {
    await runScript(run, host, { does: 'marking the drain', script: { text: setMark('drained', group.id) } });
    await runSteps(run, place, drain);
  }
  const steps = group.restart?.(host);
  await prepareUnits(run, host, units);
  if (steps === undefined) {
    run.context.emit({ event: 'member-step', host, group: group.id, does: `restart ${group.id}` });
    await startUnits(run, host, units);
  } else await runSteps(run, place, steps);
  await waitHealthy(run, place, host);
  if (drain.length > 0) await undrain(run, place, host);
  await settleUnits(run, place, { host, before: units });
}

async function undrain(run: ApplyRun, place: GroupPlace, host: string): Promise<void> {
  await runSteps(run, place, onPresent(run, place.group.undrain?.(host) ?? []));
  await runScript(run, host, { does: 'ending the drain', script: { text: clearMark('drained', place.group.id) } });
}

/** A balancer that is away sends nothing; when it is back it starts without anybody drained. */
function onPresent(run: ApplyRun, steps: readonly MemberStep[]): readonly MemberStep[] {
  const present = new Set(run.usable(steps.map(({ host }) => host)));
  return steps.filter(({ host }) => present.has(host));
}

/** Enabling first; what is still different then (a reload, one unit of several that stands still) by the unit kind. */
async function adjust(run: ApplyRun, place: GroupPlace, on: OnHost): Promise<void> {
  const { host, units } = on;
  await prepareUnits(run, host, units);
  const rest = await readUnits(run, host, units);
  await startUnits(
    run,
    host,
    rest.filter(({ difference }) => difference !== undefined && difference.action !== 'restart'),
  );
  await reportAdjusted(run, place, on);
}

async function reportAdjusted(run: ApplyRun, place: GroupPlace, on: OnHost): Promise<void> {
  const after = await readUnits(run, on.host, on.units);
  const stuck = after.find(({ difference }) => difference !== undefined && difference.action !== 'restart');
  if (stuck !== undefined) {
    throw new HastackError({
      code: 'apply-failed',
      host: on.host,
      message: `${on.host}: ${stuck.resource.id} still differs after the change: ${stuck.difference?.reason}`,
      hint: RESUME_HINT,
    });
  }
  for (const { resource, difference } of on.units) {
    if (difference === undefined) continue;
    const { action, reason } = difference;
    const change = { host: on.host, component: place.component, resource: resource.id, action, reason };
    run.context.emit({ event: 'change-finished', host: on.host, change, ok: true });
    run.changed += 1;
  }
}

/** Side by side; every host's error is kept, the first is thrown and the others are failures of the run as well. */
async function onAll(run: ApplyRun, hosts: readonly string[], work: (host: string) => Promise<void>): Promise<void> {
  const { failed } = await onHosts(run.context, hosts, work);
  const [first, ...others] = failed.values();
  for (const error of others) run.fail(error);
  if (first !== undefined) throw first;
}

function unsettled(group: MemberGroup): HastackError {
  return new HastackError({
    code: 'apply-failed',
    message: `${group.id} does not settle: its members keep changing`,
    hint: `Look at \`hastack status\` and the logs of ${group.id}. ${RESUME_HINT}`,
  });
}
