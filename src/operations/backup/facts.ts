// Whether what was restored is what was backed up. Checksums are read before and after the stream, while users write:
// what is the same in both was so in the stream and must be so in the copy; of the rest only the names must agree. Pure.
import type { BackupManifestPart } from '../../store/backup-directory.ts';

export type Facts = ReadonlyMap<string, string>;

/** Larger than is read: its name is all that is known. */
const UNREAD = 'large';

/** Lines `name<TAB>value`. */
export function parseFacts(output: string): Facts {
  return new Map(
    output
      .split('\n')
      .filter((line) => line.includes('\t'))
      .map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]),
  );
}

/** Lines `name value`. */
export function parseInfo(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    output
      .split('\n')
      .filter((line) => line.includes(' '))
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()]),
  );
}

export function settle(before: Facts, after: Facts): Pick<BackupManifestPart, 'stable' | 'moving'> {
  const same = [...before].filter(([name, value]) => after.get(name) === value && value !== UNREAD);
  const moving = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !same.some(([own]) => own === name),
  );
  return { stable: Object.fromEntries(same), moving: moving.toSorted() };
}

export interface Agreement {
  /** What is not as it was, for people; empty: it agrees. */
  readonly differences: readonly string[];
  readonly compared: number;
  /** Known by name only. */
  readonly moving: number;
}

export function compareFacts(part: Pick<BackupManifestPart, 'stable' | 'moving'>, found: Facts): Agreement {
  const expected = Object.entries(part.stable);
  const known = new Set([...Object.keys(part.stable), ...part.moving]);
  return {
    differences: [
      ...expected.filter(([name]) => !found.has(name)).map(([name]) => `${name} is missing`),
      ...expected
        .filter(([name, value]) => found.has(name) && found.get(name) !== value)
        .map(([name]) => `${name} has other content`),
      ...[...found.keys()].filter((name) => !known.has(name)).map((name) => `${name} was not in the backup`),
    ],
    compared: expected.length,
    // One of these may have been made or dropped during the backup: it may be in it or not.
    moving: part.moving.length,
  };
}
