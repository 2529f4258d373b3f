// A drill as data: what it fails, on which host, how long it waits, and what it allows users to notice.
// One file per drill in catalogue/; the engine knows none of them.
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { DrillFaultKind, ProbeName } from '../model/drill.ts';
import type { FaultActions, Fault } from './faults/fault.ts';
import type { DrillHosts } from './hosts.ts';
import type { HealthState } from './run-types.ts';

/** Who does what at the moment of the fault, read from the hosts. */
export interface Placement {
  /** Hosts of the control plane, in spec order. */
  readonly hosts: readonly string[];
  /** Holder of the VIP that the probes go through. */
  readonly vipHolder: string;
  /** Galera member that takes the writes; absent where there is no Galera. */
  readonly writer: string | undefined;
  /** RabbitMQ member that leads the queue of the probe: it is declared there. Absent where there is no RabbitMQ. */
  readonly queueLeader?: string | undefined;
}

/** Seconds, for one run and for the median of a campaign. */
export interface Limit {
  readonly median: number;
  readonly worst: number;
}

export interface LimitContext {
  /** evs.suspect_timeout as rendered, seconds. */
  readonly suspectTimeout: number;
}

export interface FaultContext {
  readonly actions: FaultActions;
  readonly hosts: DrillHosts;
  readonly cluster: Cluster;
  readonly placement: Placement;
  /** The VIP that the probes go through. */
  readonly vipAddress: string;
  readonly health: (signal?: AbortSignal) => Promise<HealthState>;
  readonly clock: Clock;
}

export interface Drill {
  readonly name: string;
  readonly title: string;
  /** For `--list` and the confirmation on real clusters. */
  readonly description: string;
  readonly fault: DrillFaultKind;
  /** Component whose process is failed; absent: a whole host. */
  readonly component?: string;
  readonly probes: readonly ProbeName[];
  /** The host to fail; undefined: none fits, `wants` says what was looked for. */
  readonly target: (placement: Placement) => string | undefined;
  readonly wants: string;
  /** Move the VIP away from the writer first, so that one fault is not two. */
  readonly apart?: boolean;
  readonly makeFault: (context: FaultContext, host: string) => Fault;
  /** What users may notice. Probes without a limit are judged by the tier alone. */
  readonly limits: (context: LimitContext) => Readonly<Partial<Record<ProbeName, Limit>>>;
  /** Looked at just before the heal: what must be true then and no probe sees. Resolves with what is wrong. */
  readonly duringFault?: (context: FaultContext, host: string) => Promise<string | undefined>;
  /** No request of these may fail, not even for a moment. */
  readonly noFailures?: readonly ProbeName[];
  /** At least this long between fault and heal; longer (up to `holdAtMost`) until the probes succeed again. */
  readonly holdSeconds: number;
  readonly holdAtMostSeconds: number;
  /** Until every health check is green again. */
  readonly healWithinSeconds: number;
}
