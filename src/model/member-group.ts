// A group of instances of one service over several hosts that must be started, joined and restarted with care.
//
// One mechanism for all of them: Galera, RabbitMQ and RAFT databases (quorum), and API services behind a
// load balancer (stateless). The engine reads every member, decides with pure rules (engine/members.ts) and
// acts on one member at a time, waiting until it is healthy. First-time formation happens only when every
// member was read and none holds a trace of an earlier cluster (decision 1).
import type { ResourceId, Script } from './resource.ts';

export interface MemberState {
  /** Holds data of an earlier life. Always false for stateless services. */
  readonly trace: boolean;
  /** Serves now, as a member of the primary component where there is such a thing. */
  readonly running: boolean;
  /** For messages and `status`: `Synced, size 3`, `inactive`, `uuid … seqno -1`. */
  readonly detail: string;
}

/** A script on a host. Steps of one list run one after another. */
export interface MemberStep {
  readonly host: string;
  readonly does: string;
  readonly script: Script;
}

export interface MemberGroup {
  readonly id: string;
  readonly hosts: readonly string[];
  /** quorum: never act on a member unless a majority stays; stateless: unless one other serves. */
  readonly kind: 'quorum' | 'stateless';
  /** The unit resources of the group: their starts and restarts go through it. */
  readonly units: readonly ResourceId[];
  /** Reads one member. Fast: part of every plan. */
  read(host: string): Script;
  parse(host: string, output: string): MemberState;
  /** First-time formation over all hosts; absent: members are simply started. */
  form?(): readonly MemberStep[];
  /** Bring a member that does not run into the running group; absent: start its units. */
  join?(host: string): readonly MemberStep[];
  /** Restart one member; absent: restart its units. */
  restart?(host: string): readonly MemberStep[];
  /** Before a restart, on other hosts (take the member out of the load balancers), and after it. */
  drain?(host: string): readonly MemberStep[];
  undrain?(host: string): readonly MemberStep[];
  /** How long a member may take to be healthy after a start, seconds. */
  readonly startTimeout: number;
  /** What users may notice while one member restarts, seconds. */
  readonly restartOutage?: { readonly low: number; readonly expected: number; readonly high: number };
}
