// What was read from the hosts, and the pure questions asked of it.
import type { MemberState } from '../model/member-group.ts';
import type { Difference, Reading, Resource, ResourceId } from '../model/resource.ts';
import type { UnitDesired } from '../model/unit.ts';
import { asUnit } from './config-hash.ts';
import { kindOf } from './context.ts';
import type { Kinds } from './context.ts';

export type MemberReading =
  | { readonly read: true; readonly state: MemberState; readonly forming: boolean; readonly drained: boolean }
  | { readonly read: false; readonly reason: string };

export type ResourceReadings = ReadonlyMap<ResourceId, Reading<unknown>>;
export type MemberReadings = ReadonlyMap<string, MemberReading>;

export interface ClusterReadings {
  /** By host. */
  readonly resources: ReadonlyMap<string, ResourceReadings>;
  /** By group, then host. */
  readonly members: ReadonlyMap<string, MemberReadings>;
  /** Where each step that is done on one host for all was read, by `component/step index`. */
  readonly chosen: ReadonlyMap<string, string>;
  /** Hosts that could not be read, and why. */
  readonly unread: ReadonlyMap<string, string>;
}

export interface Assessment {
  readonly host: string;
  readonly resource: Resource;
  readonly reading: Reading<unknown>;
  readonly difference: Difference | undefined;
  /** Why the host cannot take it; then there is no difference. */
  readonly notApplicable: string | undefined;
}

const NEVER_READ: Reading<never> = { known: false, reason: 'was not read' };

/** Units are compared in full here, also those that a group starts: it is the engine that acts for the group. */
export function assess(
  kinds: Kinds,
  place: { readonly host: string; readonly resource: Resource },
  readings: ResourceReadings | undefined,
): Assessment {
  const { host, resource } = place;
  const reading = readings?.get(resource.id) ?? NEVER_READ;
  const kind = kindOf(kinds, resource.kind);
  const desired = fullDesired(resource);
  const notApplicable = kind.notApplicable?.(desired, reading);
  const difference = notApplicable === undefined ? kind.diff(desired, reading) : undefined;
  return { host, resource, reading, difference, notApplicable };
}

/** A unit as if it had no group: started and restarted by its own kind. */
export function fullDesired(resource: Resource): unknown {
  const unit = asUnit(resource);
  if (unit?.group === undefined) return resource.desired;
  const { group: _group, ...alone } = unit;
  return alone satisfies UnitDesired;
}

/** Same question for one side of a group: does the unit on that host need a restart, something else, or nothing? */
export type UnitNeed = 'nothing' | 'restart' | 'adjust';

export function unitNeed(assessments: readonly Assessment[]): UnitNeed {
  const actions = assessments.map(({ difference }) => difference?.action);
  if (actions.includes('restart')) return 'restart';
  return actions.some((action) => action !== undefined) ? 'adjust' : 'nothing';
}
