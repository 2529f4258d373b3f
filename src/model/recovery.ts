// How a component is brought back after an outage: it reads every host, decides from the evidence, and acts in steps.
//
// The decision is pure, and it is made anew after every step from what the hosts say then. So nothing is remembered
// between steps, and a recovery that was killed half-way goes on when it is run again.
import type { Script } from './resource.ts';

export type HostView<V> =
  | { readonly host: string; readonly read: true; readonly view: V }
  | {
      readonly host: string;
      readonly read: false;
      readonly reason: string;
      /** What its baseboard controller says; `unknown` without one that answers. */
      readonly power: 'off' | 'on' | 'unknown';
    };

export interface RecoveryOptions {
  /** Hosts the operator gives up: decided without what they hold. */
  readonly without: readonly string[];
  /** Seconds for which the decision has been to wait. */
  readonly waited: number;
}

export interface RecoveryStep {
  readonly host: string;
  readonly does: string;
  readonly script: Script;
  /** What is no longer there, or no longer in its place, afterwards. Such a step is agreed to first. */
  readonly destroys?: string;
}

export type RecoveryVerdict =
  /** `left`: what is not as it should be, and cannot be mended from here. */
  | { readonly kind: 'nothing-to-do'; readonly left: readonly string[] }
  /** Something is on its way by itself. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** The first is made, then everything is read and decided again; the others are what is expected to follow. */
  | {
      readonly kind: 'steps';
      readonly steps: readonly [RecoveryStep, ...RecoveryStep[]];
      /** What may be lost, and on which assumption. */
      readonly warnings: readonly string[];
      readonly left: readonly string[];
    }
  | { readonly kind: 'refuse'; readonly reason: string; readonly hint: string };

export type RecoveryDecision = RecoveryVerdict & {
  /** What was found, for people; a line per host. */
  readonly evidence: readonly string[];
};

export interface Recovery<V = unknown> {
  readonly id: string;
  readonly hosts: readonly string[];
  /** Read-only for the data of the service. */
  read(host: string): Script;
  parse(host: string, output: string): V;
  /** Pure. `views` has every host of `hosts`, in that order. */
  decide(views: readonly HostView<V>[], options: RecoveryOptions): RecoveryDecision;
}
