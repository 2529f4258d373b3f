// A finding: something a check, an audit rule or the doctor says about a place in a file or a host.
import type { Position } from './error.ts';

export type Severity = 'critical' | 'warning' | 'info';

export interface Finding {
  /** Stable id, `area.what`: `spec.address-outside-network`. */
  readonly rule: string;
  readonly severity: Severity;
  /** What happens to the users of the cloud. */
  readonly impact: string;
  readonly message: string;
  readonly at: Position;
  readonly host?: string;
  /** What to write instead. */
  readonly remediation: string;
  /** Manual page, upstream document or drill that proves it. */
  readonly source: string;
}

/** A rule that could not be decided, and which input it lacked. */
export interface Undecided {
  readonly rule: string;
  readonly missing: string;
}

export interface FindingReport {
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
}
