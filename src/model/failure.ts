// How things fail: each component states it per kind of fault, with terms whose timers come from the
// rendered configuration. `simulate` evaluates these and drills are judged against them.
import type { Capability } from './capability.ts';
import type { NetworkUse } from './cluster.ts';
import type { Seconds } from './seconds.ts';

/** What happens to an instance of a component (or to its host). */
export type FaultKind =
  | 'process-killed'
  | 'process-frozen'
  /** In good order: it says so to its peers and closes its connections. No element fails like this, drills do. */
  | 'process-stopped'
  | 'host-power'
  | 'host-isolated'
  | 'nic-cut'
  | 'disk-failed'
  | 'network-down';

export interface Term {
  readonly name: string;
  readonly seconds: Seconds;
  /** The option the number comes from (`keepalived.conf advert_int`) or where it was measured. */
  readonly source: string;
}

/** Terms add up. No terms: nobody notices. */
export interface Interruption {
  readonly terms: readonly Term[];
}

/** How many members must live: at least n of them, or a majority of all that were configured. */
export type Need =
  | { readonly kind: 'at-least'; readonly count: number }
  | { readonly kind: 'majority' }
  | { readonly kind: 'all' };

export interface FailureRule {
  readonly needs: Need;
  /** Other components this one cannot work without, by id. */
  readonly requires?: readonly string[];
  readonly interruption: Readonly<Partial<Record<FaultKind, Interruption>>>;
  /** Capabilities that this component gives to users directly. */
  readonly capabilities?: readonly Capability[];
  /** Members take their share of the work (`all`, the default), one works and the others wait (`one`), or each
   * holds a part that nobody else has (`own`): a lost member takes its part with it. */
  readonly serves?: 'all' | 'one' | 'own';
  /** The member that takes the writes; who only reads is not touched when another member fails. */
  readonly writer?: string;
  /** Those of `requires` that are only read from. */
  readonly readsOnly?: readonly string[];
  /** Networks, by use, without which a member is of no use to its clients. */
  readonly uses?: readonly NetworkUse[];
  /** Networks, by use, of which any one is enough: rings of a cluster manager. */
  readonly usesAny?: readonly NetworkUse[];
  /** Losing only these is noticed by nobody: the member keeps its share and cannot serve it. */
  readonly strands?: readonly NetworkUse[];
  /** Name of the VIP its clients come through. */
  readonly vip?: string;
  /** Faults after which the member serves again by its own means, in the time that `interruption` says. */
  readonly survives?: readonly FaultKind[];
  /** What it costs when the process it watches over on the same host is hit: the proxy of a VIP. */
  readonly watches?: Readonly<Partial<Record<FaultKind, Interruption>>>;
  /** It lies on the data disk of its host, not on the system disk. */
  readonly dataDisk?: boolean;
  /** Another member takes over only when the lost host is known to be off. */
  readonly fenced?: boolean;
  /** Things outside of the cluster that it cannot work without: `nfs`, `uplink`. */
  readonly externals?: readonly string[];
  /** Its capabilities are touched only by a fault that hits one of its own members. */
  readonly onlyWhenHit?: boolean;
  /** No process of its own that could be killed. */
  readonly passive?: boolean;
  /** What is lost with a member of kind `own`: `the instances on it`. */
  readonly part?: string;
  /** The change of the spec that helps most against its failures. */
  readonly improve?: string;
}

/** The rule of one part of a component: of one of its daemons, or of what users see of several (`nova-boot`). */
export interface ComponentRule extends FailureRule {
  /** Name of the process in elements, and what others name under `requires`: `nova-conductor`. */
  readonly id: string;
  readonly title: string;
  /** Hosts it is on; those of its component unless given. */
  readonly hosts?: readonly string[];
}

/** What a component states, as a list. */
export function rulesOf(
  component: { readonly id: string; readonly title: string },
  stated: FailureRule | readonly ComponentRule[],
): readonly ComponentRule[] {
  return isList(stated) ? stated : [{ ...stated, id: component.id, title: component.title }];
}

function isList(stated: FailureRule | readonly ComponentRule[]): stated is readonly ComponentRule[] {
  return Array.isArray(stated);
}

/** A rule and the hosts it holds for. Services of several daemons state several. */
export interface PlacedRule extends FailureRule {
  /** Name of the process in elements: `process/ctl1/keystone`. */
  readonly id: string;
  readonly title: string;
  readonly hosts: readonly string[];
  /** Whether this version deploys it. */
  readonly deployable: boolean;
}

/** What stands in for a fault that a rule says nothing about: the nearest one that looks the same from outside. */
const LOOKS_LIKE: Readonly<Record<FaultKind, readonly FaultKind[]>> = {
  'process-killed': [],
  'process-frozen': [],
  'process-stopped': ['process-killed'],
  'host-power': [],
  'host-isolated': ['host-power'],
  'nic-cut': ['host-isolated', 'host-power'],
  'network-down': ['nic-cut', 'host-isolated', 'host-power'],
  'disk-failed': ['process-frozen', 'host-power'],
};

/** What a fault costs by this rule; undefined: nobody notices. */
export function interruptionOf(rule: Pick<FailureRule, 'interruption'>, kind: FaultKind): Interruption | undefined {
  return [kind, ...LOOKS_LIKE[kind]].map((each) => rule.interruption[each]).find((found) => found !== undefined);
}

export function atLeast(count: number): Need {
  return { kind: 'at-least', count };
}

export const majority: Need = { kind: 'majority' };
