// Everything `hastack check` says about the text of a spec, and the cluster that all other commands work on.
// Pure: text in, findings out. Every problem becomes a Finding with a position; nothing is thrown for bad input.
import type { Cluster } from '../model/cluster.ts';
import type { FindingReport } from '../model/finding.ts';
import type { DefaultValue } from './explain.ts';

export interface SpecCheck extends FindingReport {
  /** Present when the text is a valid spec; it may still have critical findings. */
  readonly cluster?: Cluster;
  /** Every default that was filled in; empty without a cluster. */
  readonly defaults: readonly DefaultValue[];
}

export function checkSpec(_text: string, _file: string): SpecCheck {
  throw new Error('not written yet');
}

/** The cluster of a spec without critical findings; otherwise HastackError `spec-invalid` that lists them all. */
export function requireCluster(_check: SpecCheck): Cluster {
  throw new Error('not written yet');
}
