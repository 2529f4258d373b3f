// Brings together what the rules of members.ts look at: the state of every member and what its units need. Pure.
import type { MemberGroup } from '../model/member-group.ts';
import type { Resource } from '../model/resource.ts';
import { asUnit } from './config-hash.ts';
import type { Kinds } from './context.ts';
import type { DesiredState } from './desired.ts';
import type { MemberView } from './members.ts';
import { assess, unitNeed } from './readings.ts';
import type { Assessment, ClusterReadings } from './readings.ts';

export interface GroupFacts {
  readonly desired: DesiredState;
  readonly kinds: Kinds;
  readonly members: ClusterReadings['members'];
  readonly resources: ClusterReadings['resources'];
}

export function groupViews(group: MemberGroup, facts: GroupFacts): readonly MemberView[] {
  return group.hosts.map((host): MemberView => {
    const reading = facts.members.get(group.id)?.get(host);
    if (reading === undefined) return { host, read: false, reason: `${host} could not be read` };
    if (!reading.read) return { host, read: false, reason: reading.reason };
    const { state, forming, drained } = reading;
    return { host, read: true, state, forming, drained, needs: unitNeed(groupUnits(group, host, facts)) };
  });
}

/** The units of a group on a host, compared with what was read. */
export function groupUnits(
  group: MemberGroup,
  host: string,
  facts: Pick<GroupFacts, 'desired' | 'kinds' | 'resources'>,
): readonly Assessment[] {
  const readings = facts.resources.get(host);
  return unitsOfGroup(facts.desired, group, host).map((resource) => assess(facts.kinds, { host, resource }, readings));
}

export function unitsOfGroup(desired: DesiredState, group: MemberGroup, host: string): readonly Resource[] {
  return desired.components.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.on === 'each'
        ? (step.resources.get(host) ?? []).filter((resource) => asUnit(resource)?.group === group.id)
        : [],
    ),
  );
}
