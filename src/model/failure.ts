// How things fail: each component states it per kind of fault, with terms whose timers come from the
// rendered configuration. `simulate` evaluates these and drills are judged against them.
import type { Capability } from './capability.ts';
import type { Seconds } from './seconds.ts';

/** What happens to an instance of a component (or to its host). */
export type FaultKind =
  | 'process-killed'
  | 'process-frozen'
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
}

export function atLeast(count: number): Need {
  return { kind: 'at-least', count };
}

export const majority: Need = { kind: 'majority' };
