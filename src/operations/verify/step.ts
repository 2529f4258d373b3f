// One thing a user of the cloud does, and when it can be done: which services it is about and which steps must have
// succeeded before. `act` returns a line about what was seen, or why it could not be tried here; it throws when it failed.
import type { Bench } from './bench.ts';

export interface VerifyStep {
  readonly name: string;
  /** Services of the spec that must be deployed. */
  readonly services: readonly string[];
  /** Steps that must have succeeded. */
  readonly after: readonly string[];
  readonly deadlineSeconds: number;
  readonly act: (bench: Bench, signal: AbortSignal) => Promise<string | NotHere>;
}

export interface NotHere {
  readonly notHere: string;
}

export function notHere(reason: string): NotHere {
  return { notHere: reason };
}
