// What a signature is: one error that operators meet, how it looks in a log, and what to do about it. Data only.
import type { Severity } from '../model/finding.ts';

/** Where a fault sits, the deepest first: what is deeper causes what is above it. */
export const LAYERS = {
  host: 'Host',
  clock: 'Clock',
  network: 'Network',
  cluster: 'Cluster membership',
  storage: 'Storage',
  database: 'Database',
  messaging: 'Messaging',
  proxy: 'Load balancer',
  identity: 'Identity',
  service: 'Services',
} as const;
export type Layer = keyof typeof LAYERS;

export interface Signature {
  /** Stable: `area.what`. */
  readonly id: string;
  readonly severity: Severity;
  readonly layer: Layer;
  readonly title: string;
  /** Against the message of a line, without time, host and level. Named groups go into `says`. */
  readonly pattern: RegExp;
  /** A line that matches holds one of these, as written: what a file is searched for before lines are read. */
  readonly hints: readonly string[];
  /** Which programs write it; any when absent. A line whose program is not known passes. */
  readonly programs?: RegExp;
  /** The event in the words of a story: `Galera suspects {peer}`. Groups that did not match are left out. */
  readonly says: string;
  /** What users of the cloud see. */
  readonly symptom: string;
  readonly meaning: string;
  /** What to do now, one step each, with exact commands. */
  readonly now: readonly string[];
  /** What to change so that it does not happen again. */
  readonly prevent: string;
  /** Upstream source or document in which it was looked up, or what was measured. */
  readonly source: string;
  /** A command of hastack that does it or shows it. */
  readonly hastack?: string;
  /** Rules of `hastack audit` about the configuration behind it. */
  readonly audit?: readonly string[];
  /** Fewer in a row are everyday life: counted, not reported. */
  readonly atLeast?: number;
  /** Looks like an error and is none: counted, not reported. */
  readonly noise?: true;
  /** Found by following a host's boots or a file's times, not by one line. */
  readonly derived?: 'power-loss' | 'clock-back';
}
