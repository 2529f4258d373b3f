// What `simulate` answers: for every failure and every capability what it costs and why. The JSON of the command
// is this document; the terminal, the page and the drawing are renderings of it.
import type { Capability } from './capability.ts';
import type { Seconds } from './seconds.ts';

export type CapabilityState = 'unaffected' | 'interrupted' | 'down';

export interface Because {
  readonly name: string;
  readonly seconds: Seconds;
  readonly source: string;
  /** What it explains: the expected duration, the worst case where another thing takes longest then, or the loss. */
  readonly explains: 'expected' | 'worst' | 'down';
}

export interface CapabilityEffect {
  readonly state: CapabilityState;
  /** Interrupted: how long. Down: until it is repaired, by the assumptions. */
  readonly seconds: Seconds;
  readonly because: readonly Because[];
  /** Only a part of the users is hit: which, and how many of all (0 to 1). */
  readonly part?: { readonly what: string; readonly share: number };
  /** The change of the spec that helps most. */
  readonly improve?: string;
}

export type CapabilityEffects = Readonly<Partial<Record<Capability, CapabilityEffect>>>;

export interface Scenario {
  /** One of its members, the first in the order of the spec. */
  readonly failed: readonly string[];
  /** How many failures have this effect. */
  readonly count: number;
  /** The first of them. */
  readonly members: readonly (readonly string[])[];
  readonly capabilities: CapabilityEffects;
}

export interface SinglePointOfFailure {
  readonly element: string;
  readonly capabilities: readonly Capability[];
}

/** Sets of failures that take a capability down while no part of the set does. */
export interface CutSets {
  readonly capability: Capability;
  readonly count: number;
  readonly examples: readonly (readonly string[])[];
}

export interface AvailabilityEstimate {
  /** Expected share of the year in which it works. */
  readonly ratio: number;
  readonly minutesPerYear: Seconds;
  /** What costs most, in minutes per year, the largest first. */
  readonly contributors: readonly { readonly what: string; readonly minutes: number }[];
}

export interface Assumption {
  readonly name: string;
  readonly value: Seconds;
  readonly unit: string;
  readonly origin: 'default' | 'spec';
  readonly meaning: string;
}

export interface BrokenPromise {
  readonly capability: Capability;
  readonly tier: string;
  /** What the tier says it survives: `host`. */
  readonly survives: string;
  readonly failed: readonly string[];
  readonly count: number;
  readonly severity: 'critical' | 'warning';
  readonly message: string;
  readonly remediation: string;
}

export interface CapacityAfter {
  /** The largest failure of its kind: `rack/r1`. */
  readonly failed: string;
  readonly computeHosts: number;
  readonly left: number;
  /** Fill the compute hosts no further than this and the rest can hold every instance. */
  readonly fillAtMost: number;
}

export interface TopologyHost {
  readonly name: string;
  readonly roles: readonly string[];
  readonly domains: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly services: readonly string[];
}

export interface Topology {
  readonly hosts: readonly TopologyHost[];
  readonly networks: readonly {
    readonly name: string;
    readonly cidr: string;
    readonly zone: string;
    readonly speed: number;
    readonly uses: readonly string[];
  }[];
  readonly vips: readonly {
    readonly name: string;
    readonly address: string;
    readonly network: string;
    /** Who holds it, in order of preference. */
    readonly holders: readonly string[];
  }[];
  readonly externals: readonly string[];
}

export interface SimulationReport {
  readonly cluster: string;
  /** 1: single failures, 2: pairs too. */
  readonly failures: 1 | 2;
  readonly elements: number;
  /** How many failures were looked at. */
  readonly examined: number;
  readonly capabilities: readonly Capability[];
  readonly scenarios: readonly Scenario[];
  readonly singlePointsOfFailure: readonly SinglePointOfFailure[];
  readonly cutSets: readonly CutSets[];
  readonly availability: Readonly<Partial<Record<Capability, AvailabilityEstimate>>>;
  readonly assumptions: readonly Assumption[];
  readonly brokenPromises: readonly BrokenPromise[];
  readonly capacity: readonly CapacityAfter[];
  /** Promised or expected, but this cluster cannot give it even when nothing fails. */
  readonly notOffered: readonly { readonly capability: Capability; readonly why: string }[];
  readonly topology: Topology;
}
