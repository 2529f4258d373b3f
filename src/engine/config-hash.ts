// Fills in what only the whole desired state tells: the configuration hash of every unit (model/unit.ts), and the
// order that follows from who notifies whom. Pure.
//
// A component whose resource notifies a unit of another one comes before it, whether it says so or not: a unit must
// not be restarted before all its files are written. A notifier that is listed after its unit is a bug and throws.
import { stableHash } from '../lib/hash.ts';
import type { Resource, ResourceId } from '../model/resource.ts';
import { UNIT_KIND } from '../model/unit.ts';
import type { UnitDesired } from '../model/unit.ts';
import { kindOf } from './context.ts';
import type { Kinds } from './context.ts';
import type { DesiredState, DesiredStep } from './desired.ts';

export function asUnit(resource: Resource): UnitDesired | undefined {
  return resource.kind === UNIT_KIND ? (resource.desired as UnitDesired) : undefined;
}

export function resourceHash(resource: Resource, kinds: Kinds): string {
  return resource.hash ?? kindOf(kinds, resource.kind).hash?.(resource.desired) ?? stableHash(resource.desired);
}

export function withConfigHashes(desired: DesiredState, kinds: Kinds): DesiredState {
  const notifiers = collectNotifiers(desired, kinds);
  const implied = impliedOrder(desired, notifiers);
  const fill = (host: string, resource: Resource): Resource => {
    const unit = asUnit(resource);
    const found = notifiers.get(key(host, resource.id));
    if (unit === undefined || found === undefined) return resource;
    const hashes = found.map(({ id, hash }) => [id, hash]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
    return { ...resource, desired: { ...unit, configHash: stableHash(hashes) } };
  };
  const components = desired.components.map((component) => ({
    ...component,
    after: [...new Set([...component.after, ...(implied.get(component.id) ?? [])])],
    steps: component.steps.map((step) => mapResources(step, fill)),
  }));
  return { ...desired, components };
}

interface Notifier {
  readonly id: ResourceId;
  readonly hash: string;
  readonly component: number;
  readonly step: number;
}

const key = (host: string, id: ResourceId): string => `${host}/${id}`;

/** Who notifies a unit, by host and unit. Resources that are done on one host for all have no units. */
function collectNotifiers(desired: DesiredState, kinds: Kinds): ReadonlyMap<string, readonly Notifier[]> {
  const notifiers = new Map<string, Notifier[]>();
  eachResource(desired, ({ host, resource, component, step }) => {
    for (const unit of resource.notifies ?? []) {
      const list = notifiers.get(key(host, unit)) ?? [];
      list.push({ id: resource.id, hash: resourceHash(resource, kinds), component, step });
      notifiers.set(key(host, unit), list);
    }
  });
  return notifiers;
}

function impliedOrder(
  desired: DesiredState,
  notifiers: ReadonlyMap<string, readonly Notifier[]>,
): ReadonlyMap<string, readonly string[]> {
  const groupSteps = new Map<string, { readonly component: number; readonly step: number }>();
  desired.components.forEach((component, index) => {
    component.steps.forEach((step, stepIndex) => {
      if (step.on === 'members') groupSteps.set(step.group.id, { component: index, step: stepIndex });
    });
  });
  const implied = new Map<string, string[]>();
  eachResource(desired, ({ host, resource, component, step }) => {
    const unit = asUnit(resource);
    if (unit === undefined) return;
    const acts = unit.group === undefined ? { component, step } : groupSteps.get(unit.group);
    if (acts === undefined)
      throw new Error(`${resource.id} on ${host} names the group ${unit.group}, which has no step`);
    for (const notifier of notifiers.get(key(host, resource.id)) ?? []) {
      const late =
        notifier.component > acts.component || (notifier.component === acts.component && notifier.step > acts.step);
      if (late) throw new Error(`${notifier.id} notifies ${resource.id} on ${host} but comes after it`);
      if (notifier.component === acts.component) continue;
      const from = desired.components[notifier.component]?.id ?? '';
      const to = desired.components[acts.component]?.id ?? '';
      implied.set(to, [...(implied.get(to) ?? []), from]);
    }
  });
  return implied;
}

interface Placed {
  readonly host: string;
  readonly resource: Resource;
  readonly component: number;
  readonly step: number;
}

function eachResource(desired: DesiredState, visit: (placed: Placed) => void): void {
  desired.components.forEach(({ steps }, component) => {
    steps.forEach((step, index) => {
      if (step.on !== 'each') return;
      for (const [host, resources] of step.resources) {
        for (const resource of resources) visit({ host, resource, component, step: index });
      }
    });
  });
}

function mapResources(step: DesiredStep, change: (host: string, resource: Resource) => Resource): DesiredStep {
  if (step.on !== 'each') return step;
  const resources = [...step.resources].map(
    ([host, list]) => [host, list.map((resource) => change(host, resource))] as const,
  );
  return { on: 'each', resources: new Map(resources) };
}
