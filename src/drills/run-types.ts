// What the caller of the drill engine provides. The same for twins and real servers: the caller decides what
// reaches hosts and what cuts their power.
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Emit } from '../model/event.ts';
import type { Transport } from '../remote/transport.ts';
import type { Drill } from './drill.ts';
import type { FaultActions } from './faults/fault.ts';
import type { FailureRules } from './predict.ts';
import type { ProbeTargets } from './probes/config.ts';
import type { ProbeCommand } from './probes/run.ts';

export interface HealthState {
  readonly healthy: boolean;
  /** What is not green, one line each. */
  readonly problems: readonly string[];
}

export interface DrillRun {
  readonly cluster: Cluster;
  readonly runId: string;
  readonly drills: readonly Drill[];
  /** Connects to hosts; the engine keeps sessions and opens them again after a power cut. */
  readonly transport: Transport;
  readonly probes: {
    /** Runs runProbeProcess: `[process.execPath, main.js, 'internal-probe']`. */
    readonly command: ProbeCommand;
    readonly targets: ProbeTargets;
    /** Where the control probe's echo server listens; default 127.0.0.1. */
    readonly echoAddress?: string;
  };
  readonly faultActions: FaultActions;
  readonly health: (signal?: AbortSignal) => Promise<HealthState>;
  /** From the components, as `simulate` has them. */
  readonly rules: FailureRules;
  /** The VIP that the probes go through. */
  readonly vipAddress: string;
  readonly controlHosts: readonly string[];
  readonly galeraHosts: readonly string[];
  /** Units of the services, whose journals go into the report. */
  readonly units?: readonly string[];
  /** What would stop when a member of the component, or a host, fails, one line each. Asked on real clusters. */
  readonly notTolerated?: (component: string | undefined) => readonly string[];
  /** evs.suspect_timeout as rendered, seconds. */
  readonly suspectTimeout: number;
  /** Factor on limits and predictions: 1 in campaigns, 3 where order, loss and healing are judged. */
  readonly tolerance: number;
  readonly maxAttempts?: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly lab: boolean;
  /** What the user types to do this again. */
  readonly command: string;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}
