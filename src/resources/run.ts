// A guarded command, for what has no state of its own that could be read cheaply.
// It runs when its stamp (a file in /var/lib/hastack/stamps) is not the desired one, or when `unless` fails; the
// stamp is written after the script succeeded, so a killed run is done again: the script must be safe to run twice.
import type { Difference, Reading, Resource, ResourceId, ResourceKind } from '../model/resource.ts';
import { STAMP_DIRECTORY } from '../model/unit.ts';
import { known, lineAfter, recordsByIndex, unknown, whole } from './reading.ts';
import { END_MARK, firstLineScript, writeLineScript } from './script.ts';

export interface RunDesired {
  readonly name: string;
  /** One line: what the command was run for, usually a hash of its inputs. */
  readonly stamp?: string;
  /** Runs in a shell of its own under `set -e`. Output goes to stderr. */
  readonly script: string;
  /** Cheap read-only script: exit status 0 when there is nothing to do. With a stamp both must hold. */
  readonly unless?: string;
  /** Seconds; 300 unless given. */
  readonly timeout?: number;
}

export interface RunState {
  readonly stamp?: string;
  /** Exit status of `unless`. */
  readonly unless?: number;
}

/** At least one of `stamp` and `unless` is given. */
export function runOnce(options: RunDesired & { readonly notifies?: readonly ResourceId[] }): Resource<RunDesired> {
  const { notifies, ...desired } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(desired.name)) throw new Error(`not a plain name: ${desired.name}`);
  if (desired.stamp === undefined && desired.unless === undefined) throw new Error(`run:${desired.name} has no guard`);
  if (desired.stamp?.includes('\n') === true) throw new Error(`run:${desired.name}: a stamp is one line`);
  return { id: `run:${desired.name}`, kind: 'run', desired, ...(notifies === undefined ? {} : { notifies }) };
}

export const runKind: ResourceKind<RunDesired, RunState> = {
  kind: 'run',
  read: (items) => ({ text: [...items.map(readItem), `echo ${END_MARK}`, ''].join('\n'), timeout: 60 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('the guards of commands could not be read'));
    const records = recordsByIndex(output);
    return items.map((_item, index) => known(parseState(records.get(index) ?? [])));
  },
  diff: diffRun,
  apply: (desired) => ({ text: applyScript(desired), timeout: desired.timeout ?? 300 }),
};

/** Beside the stamps of units, which have no colon in their names. */
function runStampPath(name: string): string {
  return `${STAMP_DIRECTORY}/run:${name}`;
}

function readItem(item: RunDesired, index: number): string {
  const stamp = firstLineScript(index, 'stamp', runStampPath(item.name));
  if (item.unless === undefined) return stamp;
  return `${stamp}
rc=0; (
${item.unless}
) </dev/null >/dev/null 2>&1 || rc=$?
echo "${index} unless $rc"`;
}

function parseState(lines: readonly string[]): RunState {
  const stamp = lineAfter(lines, 'stamp ');
  const unless = lineAfter(lines, 'unless ');
  return { ...(stamp === undefined ? {} : { stamp }), ...(unless === undefined ? {} : { unless: Number(unless) }) };
}

function diffRun(desired: RunDesired, reading: Reading<RunState>): Difference | undefined {
  if (!reading.known) return { action: 'run', reason: reading.reason };
  const { stamp, unless } = reading.state;
  if (desired.unless !== undefined && unless !== 0) return { action: 'run', reason: 'its check says it is needed' };
  if (desired.stamp === undefined || desired.stamp === stamp) return undefined;
  return { action: 'run', reason: stamp === undefined ? 'not run yet' : 'what it depends on changed' };
}

function applyScript(desired: RunDesired): string {
  const stamp = desired.stamp === undefined ? ':' : writeLineScript(runStampPath(desired.name), desired.stamp);
  return `(set -e
${desired.script}
) </dev/null >&2
${stamp}
`;
}
