// The drill report: what was failed, what users of the cloud lost meanwhile, and what it was judged against.
// Written as JSON by `drill` and `rehearse`, and drawn as HTML from the very same values.
// Keys are a published contract; keys may be added, none may change its meaning.
//
// Definitions. Probes are open loop: sent on schedule whatever is outstanding; a late success is a failure.
// A drill has two phases. The figures of a probe are those of requests sent before the heal began: what the failure
// cost. `afterHeal` has those of the return of the failed part.
// `measuredSeconds` = longest interval between the send times of two successive successful requests, less one
// period. `unavailableSeconds` = the sum of all such intervals that lost at least one request.
import type { Seconds } from './seconds.ts';
import type { TwinDifference } from './cluster.ts';

export type DrillVerdict = 'pass' | 'fail' | 'inconclusive' | 'refused';

/** redundancy: by the cluster's own means (also a unit that systemd restarts); hastack: by the heal step. */
export type RestoredBy = 'redundancy' | 'hastack' | 'nobody';

export const DRILL_FAULTS = [
  'host-power-off',
  'process-killed',
  'unit-stopped',
  'unit-drained-stopped',
  'unit-frozen',
  'nic-cut',
  'host-isolated',
  'partition',
  'partition-one-way',
  'packet-loss',
  'vip-deleted',
  'certificate-expired',
  'disk-full',
  'host-reboot',
] as const;
export type DrillFaultKind = (typeof DRILL_FAULTS)[number];

export const PROBE_NAMES = [
  'http-get',
  'token-validate',
  'token-issue',
  'mariadb-set',
  'rabbitmq-publish',
  'control',
] as const;
export type ProbeName = (typeof PROBE_NAMES)[number];

/** Seconds since the probes of the attempt were started. */
export type DrillTime = number;

/** An interval without service. The ends are send times of successful requests. */
export interface Outage {
  readonly from: DrillTime;
  readonly to: DrillTime;
  /** Failed requests inside. */
  readonly failed: number;
  /** The probe never (again) succeeded: the length is a lower bound. */
  readonly openEnded: boolean;
}

/** Requests sent in one bin of the timeline. Latencies in milliseconds, of successful requests; null: none. */
export interface TimelineBin {
  readonly at: DrillTime;
  readonly requests: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly max: number | null;
}

export interface Timeline {
  readonly binSeconds: number;
  readonly bins: readonly TimelineBin[];
}

/** What users saw while the failed part came back. */
export interface ReturnFigures {
  readonly requests: number;
  readonly failed: number;
  readonly measuredSeconds: number;
  readonly longestStallSeconds: number;
}

export interface ProbeResult {
  readonly name: ProbeName;
  /** Where the probe ran: outside, inside, or a network's name. */
  readonly vantage: string;
  /** What it did, for people: `GET https://cloud.example.org:5000/v3`. */
  readonly does: string;
  readonly periodSeconds: number;
  readonly deadlineSeconds: number;
  /** From the failure model; null when no component on the probe's path states anything. */
  readonly predicted: Seconds | null;
  /** The measurement is outside of the predicted range; absent: inside, or nothing was predicted. */
  readonly outsidePrediction?: 'below' | 'above';
  /** The most this drill allows; null: reported, not judged. */
  readonly limitSeconds: number | null;
  readonly measuredSeconds: number;
  readonly unavailableSeconds: number;
  /** Longest span in which requests kept failing, outages less than a second apart counted as one: what part of the
   *  requests see while a dead backend is still asked. */
  readonly degradedSeconds: number;
  /** Longest interval between two successive acknowledgements, less one period: what a stalled commit looks like. */
  readonly longestStallSeconds: number;
  /** Latency of successful requests, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly requests: number;
  readonly failed: number;
  /** Send slots that the prober itself missed: its fault, not the service's. */
  readonly skipped: number;
  /** Failed requests by kind: timeout, late, refused, reset, http-503, 2013 ... */
  readonly errors: Readonly<Record<string, number>>;
  readonly acknowledgedWrites?: number;
  /** Acknowledged, and absent on at least one member afterwards. */
  readonly lostWrites?: number;
  /** No answer (error 2013, deadline): may or may not be there; never counted as lost. */
  readonly unknownWrites?: number;
  readonly staleReads?: number;
  /** Messages that the consumer got more than once: allowed, and worth knowing. */
  readonly duplicates?: number;
  readonly outages: readonly Outage[];
  readonly afterHeal: ReturnFigures;
  readonly timeline: Timeline;
}

/** What one member held when the acknowledged writes were looked for. */
export interface MemberLedger {
  readonly host: string;
  readonly missing: number;
  /** Up to ten of the missing numbers. */
  readonly examples: readonly number[];
}

/** The probe that no fault touches: it says whether the machine that measures can be trusted. */
export interface ControlResult {
  readonly requests: number;
  readonly failed: number;
  readonly longestGapSeconds: number;
  /** After the heal began: a twin that boots holds up the machine it runs on, which no server does to another. */
  readonly afterHealGapSeconds: number;
  readonly limitSeconds: number;
  /** Longest delay of an event loop of the probers, seconds: it makes what they measured longer, never shorter. */
  readonly loopLagSeconds: number;
  readonly timeline: Timeline;
}

export type DrillMarkKind = 'steady' | 'fault' | 'faulted' | 'heal' | 'healed' | 'healthy' | 'stopped';

/** A moment of the drill. */
export interface DrillMark {
  readonly at: DrillTime;
  readonly kind: DrillMarkKind;
  readonly detail: string;
}

/** One attempt, short; the drill itself carries the last one in full. */
export interface DrillAttempt {
  readonly attempt: number;
  readonly startedAt: string;
  readonly verdict: DrillVerdict;
  readonly reason: string;
  readonly controlGapSeconds: number | null;
  readonly measured: Readonly<Partial<Record<ProbeName, number>>>;
}

/** What the services' units said around the fault. */
export interface HostLog {
  readonly host: string;
  readonly lines: readonly string[];
  /** There were more. */
  readonly cut: boolean;
}

/** The last time that this drill was measured on the same spec. */
export interface PreviousDrill {
  readonly runId: string;
  readonly startedAt: string;
  readonly verdict: DrillVerdict;
  readonly measured: Readonly<Partial<Record<ProbeName, number>>>;
  readonly healSeconds: number | null;
  /** What got worse since, one line each. */
  readonly worse: readonly string[];
}

export interface DrillResult {
  readonly name: string;
  readonly title: string;
  readonly fault: { readonly kind: DrillFaultKind; readonly target: string };
  /** The Galera member that took the writes when the fault was injected. */
  readonly writer?: string;
  readonly vipHolder?: string;
  readonly verdict: DrillVerdict;
  readonly reason: string;
  readonly serviceRestoredBy: RestoredBy;
  readonly partRestoredBy: RestoredBy;
  /** From the start of healing until every health check was green; null: never. */
  readonly healSeconds: number | null;
  readonly startedAt: string;
  readonly seconds: number;
  readonly probes: readonly ProbeResult[];
  readonly control: ControlResult | null;
  readonly members: readonly MemberLedger[];
  readonly marks: readonly DrillMark[];
  readonly logs?: readonly HostLog[];
  readonly previous?: PreviousDrill;
  readonly attempts: readonly DrillAttempt[];
}

export interface DrillReport {
  readonly runId: string;
  readonly cluster: string;
  readonly startedAt: string;
  /** Package or program → version. */
  readonly versions: Readonly<Record<string, string>>;
  /** True when the hosts were twins. */
  readonly lab: boolean;
  readonly twinProfile: readonly TwinDifference[];
  /** Limits were multiplied by this (1 in campaigns, more where only order and loss are judged). */
  readonly tolerance: number;
  /** What to type to do this again. */
  readonly command: string;
  readonly drills: readonly DrillResult[];
}
