// From the desired state and what was read: the plan. `planCluster` reads, the rest is pure.
//
// A plan also shows what follows from its changes: a unit whose file will change will restart, although nothing is
// wrong with the unit yet. Hosts that were not read, refused formations and settings a host cannot take are listed.
import { stableHash } from '../lib/hash.ts';
import type { MemberGroup } from '../model/member-group.ts';
import type { Change, Plan, PlanSummary, ResourceId } from '../model/resource.ts';
import { asUnit, resourceHash, withConfigHashes } from './config-hash.ts';
import type { Connections, EngineContext, Kinds } from './context.ts';
import type { DesiredComponent, DesiredState, DesiredStep } from './desired.ts';
import { groupViews } from './group-views.ts';
import { nextMove } from './members.ts';
import type { MemberView } from './members.ts';
import { oneStepKey, readCluster } from './read.ts';
import { assess } from './readings.ts';
import type { Assessment, ClusterReadings } from './readings.ts';

export interface PlannedCluster {
  /** With configuration hashes and the order that follows from notifications. */
  readonly desired: DesiredState;
  readonly readings: ClusterReadings;
  readonly plan: Plan;
  /** Of what the plan was made from; a stored plan is applied only when this is still the same. */
  readonly factsHash: string;
}

export async function planCluster(
  context: Pick<EngineContext, 'kinds' | 'random' | 'emit' | 'signal' | 'concurrency'>,
  desired: DesiredState,
  connections: Connections,
): Promise<PlannedCluster> {
  const prepared = withConfigHashes(desired, context.kinds);
  const readings = await readCluster(context, prepared, connections);
  const planned = buildPlan(prepared, context.kinds, readings);
  const hosts = new Set(planned.plan.changes.map(({ host }) => host));
  context.emit({ event: 'plan-ready', changes: planned.plan.changes.length, hosts: hosts.size });
  return planned;
}

/** `desired` went through withConfigHashes. */
export function buildPlan(desired: DesiredState, kinds: Kinds, readings: ClusterReadings): PlannedCluster {
  const assessed = desired.components.flatMap((component) =>
    component.steps.flatMap((step, index) => assessStep({ component, step, index }, kinds, readings)),
  );
  const touched = touchedUnits(assessed);
  const groups = groupsById(desired);
  const may = ({ host }: { readonly host: string }): boolean => desired.limit?.includes(host) !== false;
  const changes: Change[] = [];
  const refusals: Plan['refusals'][number][] = [];
  for (const { component, step, index } of stepsOf(desired)) {
    for (const one of assessed.filter((item) => item.component === component.id && item.step === index)) {
      changes.push(...changesOf(one, { touched, groups, readings }));
    }
    if (step.on !== 'members') continue;
    const views = groupViews(step.group, { desired, kinds, members: readings.members, resources: readings.resources });
    const { id, kind } = step.group;
    const move = nextMove({ id, kind, limit: desired.limit }, views);
    if (move.kind === 'refuse') refusals.push({ group: step.group.id, reason: move.reason, hint: move.hint });
    changes.push(...memberChanges(component.id, step.group, views.filter(may)));
  }
  const plan: Plan = {
    changes,
    summary: summarise(changes),
    unread: [...readings.unread].map(([host, reason]) => ({ host, reason })).filter(may),
    refusals,
    notApplicable: assessed.flatMap(({ host, resource, notApplicable: reason }) =>
      reason === undefined ? [] : [{ host, resource: resource.id, reason }],
    ),
  };
  return { desired, readings, plan, factsHash: hashFacts(assessed, kinds, readings) };
}

function summarise(changes: readonly Change[]): PlanSummary {
  const summary = { create: 0, update: 0, delete: 0, restart: 0, run: 0 };
  for (const { action } of changes) summary[action] += 1;
  return summary;
}

interface PlacedStep {
  readonly component: DesiredComponent;
  readonly step: DesiredStep;
  readonly index: number;
}

interface PlacedAssessment extends Assessment {
  readonly component: string;
  readonly step: number;
}

function stepsOf(desired: DesiredState): readonly PlacedStep[] {
  return desired.components.flatMap((component) => component.steps.map((step, index) => ({ component, step, index })));
}

function assessStep(place: PlacedStep, kinds: Kinds, readings: ClusterReadings): readonly PlacedAssessment[] {
  const { component, step, index } = place;
  const put = (assessment: Assessment): PlacedAssessment => ({ ...assessment, component: component.id, step: index });
  if (step.on === 'members') return [];
  if (step.on === 'one') {
    const host = readings.chosen.get(oneStepKey(component.id, index));
    if (host === undefined || !readings.resources.has(host)) return [];
    return step.resources.map((resource) => put(assess(kinds, { host, resource }, readings.resources.get(host))));
  }
  return [...step.resources].flatMap(([host, resources]) => {
    const read = readings.resources.get(host);
    if (read === undefined) return [];
    return resources.map((resource) => put(assess(kinds, { host, resource }, read)));
  });
}

/** `host/unit` → the first resource that will change and notifies it. */
function touchedUnits(assessed: readonly Assessment[]): ReadonlyMap<string, ResourceId> {
  const touched = new Map<string, ResourceId>();
  for (const { host, resource, difference } of assessed) {
    if (difference === undefined) continue;
    for (const unit of resource.notifies ?? []) {
      if (!touched.has(`${host}/${unit}`)) touched.set(`${host}/${unit}`, resource.id);
    }
  }
  return touched;
}

interface PlanFacts {
  readonly touched: ReadonlyMap<string, ResourceId>;
  readonly groups: ReadonlyMap<string, MemberGroup>;
  readonly readings: ClusterReadings;
}

function changesOf(item: PlacedAssessment, facts: PlanFacts): readonly Change[] {
  const { host, resource, component } = item;
  const unit = asUnit(resource);
  const difference = item.difference ?? followingRestart(item, facts);
  if (difference === undefined) return [];
  const group = unit?.group === undefined ? undefined : facts.groups.get(unit.group);
  const member = group === undefined ? undefined : facts.readings.members.get(group.id)?.get(host);
  const outage =
    difference.action === 'restart' && member?.read === true && member.state.running ? group?.restartOutage : undefined;
  return [
    {
      host,
      component,
      resource: resource.id,
      action: difference.action,
      reason: difference.reason,
      ...(difference.diff === undefined ? {} : { diff: difference.diff }),
      ...(outage === undefined ? {} : { expectedOutage: outage }),
    },
  ];
}

function followingRestart(item: PlacedAssessment, facts: PlanFacts): Assessment['difference'] {
  const unit = asUnit(item.resource);
  const cause = facts.touched.get(`${item.host}/${item.resource.id}`);
  if (unit === undefined || cause === undefined || !unit.active || unit.onChange === 'nothing') return undefined;
  return unit.onChange === 'reload'
    ? { action: 'update', reason: `reload: ${cause} changes` }
    : { action: 'restart', reason: `${cause} changes` };
}

/** What a member needs that its units do not show. */
function memberChanges(component: string, group: MemberGroup, views: readonly MemberView[]): readonly Change[] {
  return views.flatMap((view): readonly Change[] => {
    if (!view.read) return [];
    const change = (reason: string): readonly Change[] => [
      { host: view.host, component, resource: `member:${group.id}`, action: 'run', reason },
    ];
    if (!view.state.running) return view.needs === 'nothing' ? change(`does not serve: ${view.state.detail}`) : [];
    if (view.drained) return change('left out of the load balancers by an interrupted run');
    return view.forming ? change('its first formation was not finished') : [];
  });
}

function groupsById(desired: DesiredState): ReadonlyMap<string, MemberGroup> {
  return new Map(stepsOf(desired).flatMap(({ step }) => (step.on === 'members' ? [[step.group.id, step.group]] : [])));
}

/** What is as desired counts as just that: readings may hold more (times, process ids) than the plan depends on. */
function hashFacts(assessed: readonly PlacedAssessment[], kinds: Kinds, readings: ClusterReadings): string {
  return stableHash({
    resources: assessed.map(({ host, resource, reading, difference }) => [
      host,
      resource.id,
      resourceHash(resource, kinds),
      difference === undefined ? 'as desired' : [difference, reading],
    ]),
    members: [...readings.members].map(([group, members]) => [
      group,
      [...members].map(([host, member]) => [host, member.read ? [member.state.running, member.state.trace] : 'unread']),
    ]),
    unread: [...readings.unread.keys()].toSorted(),
  });
}
