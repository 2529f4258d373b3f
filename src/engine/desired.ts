// What the engine is given: the desired state of the whole cluster, ordered by component and step.
// Built by phases/desired.ts from the components; the engine knows no component.
import type { MemberGroup } from '../model/member-group.ts';
import type { Resource } from '../model/resource.ts';

export type DesiredStep =
  | { readonly on: 'each'; readonly resources: ReadonlyMap<string, readonly Resource[]> }
  /** Done on one host: the first candidate whose group member serves, else the first reachable one. */
  | {
      readonly on: 'one';
      readonly candidates: readonly string[];
      readonly group?: string;
      readonly resources: readonly Resource[];
    }
  | { readonly on: 'members'; readonly group: MemberGroup };

export interface DesiredComponent {
  readonly id: string;
  readonly title: string;
  /** Ids of components in this list that must be finished before. The list is in a valid order already. */
  readonly after: readonly string[];
  readonly steps: readonly DesiredStep[];
}

export interface DesiredState {
  readonly hosts: readonly string[];
  /** Hosts the lock is held on (a majority of them). */
  readonly lockHosts: readonly string[];
  readonly components: readonly DesiredComponent[];
  /** Only these hosts are changed (limit.ts); absent: all. */
  readonly limit?: readonly string[];
}
