// A guarded command, for what has no state of its own that could be read cheaply.
// It runs when its stamp (a file in /var/lib/hastack/stamps) is not the desired one, or when `unless` fails; the
// stamp is written after the script succeeded, so a killed run is done again: the script must be safe to run twice.
import type { Resource, ResourceId } from '../model/resource.ts';

export interface RunDesired {
  readonly name: string;
  /** One line: what the command was run for, usually a hash of its inputs. */
  readonly stamp?: string;
  readonly script: string;
  /** Cheap read-only script: exit status 0 when there is nothing to do. With a stamp both must hold. */
  readonly unless?: string;
  /** Seconds; 300 unless given. */
  readonly timeout?: number;
}

/** At least one of `stamp` and `unless` is given. */
export function runOnce(options: RunDesired & { readonly notifies?: readonly ResourceId[] }): Resource<RunDesired> {
  const { notifies, ...desired } = options;
  if (desired.stamp === undefined && desired.unless === undefined) throw new Error(`run:${desired.name} has no guard`);
  if (desired.stamp?.includes('\n') === true) throw new Error(`run:${desired.name}: a stamp is one line`);
  return { id: `run:${desired.name}`, kind: 'run', desired, ...(notifies === undefined ? {} : { notifies }) };
}
