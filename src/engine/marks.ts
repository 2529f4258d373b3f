// Marks: empty files on a host that tell the next run what an interrupted one had begun, so that nothing depends on
// the operator's journal.
//   forming-<group>  a first formation is under way and was never finished: no user can have written anything
//   drained-<group>  the load balancers were told to leave this member out; it must be put back
import { quote, sh } from '../remote/shell.ts';
import { STAMP_DIRECTORY } from '../model/unit.ts';

export const MARK_DIRECTORY = '/var/lib/hastack/marks';

export type MarkKind = 'forming' | 'drained';

export function readMarks(): string {
  return sh`ls -1 ${MARK_DIRECTORY} 2>/dev/null || true`;
}

export function parseMarks(output: string): ReadonlySet<string> {
  return new Set(output.split('\n').filter((line) => line !== ''));
}

export function markName(kind: MarkKind, group: string): string {
  return `${kind}-${group}`;
}

export function setMark(kind: MarkKind, group: string): string {
  const file = `${MARK_DIRECTORY}/${markName(kind, group)}`;
  return sh`mkdir -p ${MARK_DIRECTORY} && : > ${file} && sync ${file} ${MARK_DIRECTORY}`;
}

export function clearMark(kind: MarkKind, group: string): string {
  return sh`rm -f ${`${MARK_DIRECTORY}/${markName(kind, group)}`} && sync ${MARK_DIRECTORY}`;
}

/** Before the first file is written: a run that dies now still restarts the units next time. */
export function removeStamps(units: readonly string[]): string {
  return sh`rm -f ${units.map((unit) => `${STAMP_DIRECTORY}/${unit}`)}`;
}

/** After a unit was started by its group with the present configuration. Whole or not at all. */
export function writeStamps(units: readonly { readonly name: string; readonly hash: string }[]): string {
  const lines = units.map(({ name, hash }) => {
    const file = `${STAMP_DIRECTORY}/${name}`;
    return sh`printf '%s\\n' ${hash} > ${`${file}.new`} && mv ${`${file}.new`} ${file}`;
  });
  return `mkdir -p ${quote(STAMP_DIRECTORY)}\n${lines.join('\n')}`;
}
