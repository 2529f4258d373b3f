// The idempotent unit of configuration: read → diff → apply → verify (= read again, expect no difference).
//
// A Resource is data. How its kind is read, compared and changed is a ResourceKind: pure functions that
// produce shell scripts and parse their output. The engine runs the scripts, all reads of a host in one
// round trip, and knows nothing about any kind.

/** `host/kind:name` over the cluster; `kind:name` on its host. */
export type ResourceId = string;

export interface Resource<D = unknown> {
  /** `file:/etc/memcached.conf`: unique on its host, stable between runs. */
  readonly id: ResourceId;
  readonly kind: string;
  readonly desired: D;
  /**
   * Units that must be reloaded or restarted when this changes (`unit:haproxy`). Before the change the
   * engine removes their stamps, so that a run killed in between still restarts them next time.
   */
  readonly notifies?: readonly ResourceId[];
  /** Hash of what the desired state depends on for units; defaults to a hash of `desired`. */
  readonly hash?: string;
}

export type ChangeAction = 'create' | 'update' | 'delete' | 'restart' | 'run';

/** What `diff` found; `undefined` means the host is as desired. */
export interface Difference {
  readonly action: ChangeAction;
  /** Why, for the plan: `content differs`, `not installed`. Never contains a secret. */
  readonly reason: string;
  /** Unified diff or before → after, secrets masked. */
  readonly diff?: string;
}

/** A script to run as root on a host. Secrets may stand in it (it travels on stdin), never in any argv. */
export interface Script {
  readonly text: string;
  /** Deadline in seconds. */
  readonly timeout?: number;
}

/** State of a resource on a host as far as it could be read. */
export type Reading<S> =
  | { readonly known: true; readonly state: S }
  | { readonly known: false; readonly reason: string };

export interface ResourceKind<D, S> {
  readonly kind: string;
  /** One script that prints the state of all items; run in a shell of its own. */
  read(items: readonly D[]): Script;
  /** One Reading per item, in order. */
  parse(output: string, items: readonly D[]): readonly Reading<S>[];
  /** Pure. An unknown state (the service that would tell is not there yet) counts as a create. */
  diff(desired: D, reading: Reading<S>): Difference | undefined;
  /** The script that makes it so. `set -e` is on. Must be safe to run twice. */
  apply(desired: D, reading: Reading<S>, difference: Difference): Script;
  /** Why this host cannot take the setting at all (a sysctl in a container): shown, never a change. */
  notApplicable?(desired: D, reading: Reading<S>): string | undefined;
  /** Run over a connection opened after `apply` (a firewall that rolls back unless it is confirmed). */
  confirm?(desired: D): Script;
  /** The hash that units depend on; default: of the desired value as JSON. */
  hash?(desired: D): string;
}

/** One line of a plan. */
export interface Change {
  readonly host: string;
  readonly component: string;
  readonly resource: ResourceId;
  readonly action: ChangeAction;
  readonly reason: string;
  readonly diff?: string;
  /** Seconds users may notice, when the change restarts something. */
  readonly expectedOutage?: { readonly low: number; readonly expected: number; readonly high: number };
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly restart: number;
  readonly run: number;
}

/** A host that could not be read, so that nothing about it is known. */
export interface UnreadHost {
  readonly host: string;
  readonly reason: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly summary: PlanSummary;
  readonly unread: readonly UnreadHost[];
  /** Groups whose first-time formation or join is refused, with the way on. */
  readonly refusals: readonly { readonly group: string; readonly reason: string; readonly hint: string }[];
  /** Settings that a host cannot take (a sysctl in a container); not changes. */
  readonly notApplicable: readonly { readonly host: string; readonly resource: ResourceId; readonly reason: string }[];
}
