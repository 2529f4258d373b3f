// The journal of a run: one JSON line per event in runs/<runId>.jsonl, for people and reports. Resuming does not
// depend on it. Each line is written at once (a killed process loses nothing) and synced in batches (a power cut
// loses the last moment at most). Reading leaves out a last line that was torn.
import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';
import type { RunEvent } from '../model/event.ts';
import type { Clock } from '../model/clock.ts';

export type JournalLine = RunEvent & { readonly at: string };

export interface Journal {
  readonly path: string;
  append(event: RunEvent): void;
  close(): void;
}

/** Sortable by time, unique by randomness: `20261121-013503-9f2c`. */
export function newRunId(now: number, random: Uint8Array): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const suffix = Buffer.from(random.subarray(0, 3)).toString('hex');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${suffix}`;
}

export function openJournal(runs: string, runId: string, clock: Pick<Clock, 'now'>): Journal {
  const path = join(runs, `${runId}.jsonl`);
  const file = open(path);
  let syncing = false;
  let dirty = false;
  let closed = false;
  const sync = (): void => {
    syncing = true;
    dirty = false;
    fdatasync(file, () => {
      syncing = false;
      if (closed) closeSync(file);
      else if (dirty) sync();
    });
  };
  return {
    path,
    append(event) {
      if (closed) return;
      writeSync(file, `${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...event })}\n`);
      dirty = true;
      if (!syncing) sync();
    },
    close() {
      if (closed) return;
      closed = true;
      fdatasyncSync(file);
      if (!syncing) closeSync(file);
    },
  };
}

/** Events of a run in order. A torn last line is left out; a broken line before it is damage and is said. */
export function readJournal(path: string): readonly JournalLine[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const last = lines.pop() ?? '';
  const events = lines.map((line, index) => parseLine(line, { file: path, line: index + 1 }));
  const torn = last === '' ? undefined : tryParse(last);
  return torn === undefined ? events : [...events, torn];
}

/** Ids of all runs, oldest first. */
export function listRuns(runs: string): readonly string[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .toSorted();
}

function open(path: string): number {
  try {
    return openSync(path, 'ax', 0o600);
  } catch (error) {
    throw new HastackError({
      code: 'environment',
      message: `the journal ${path} cannot be written: ${(error as Error).message}`,
      hint: 'Make space or correct the permissions, or name another place with --state DIR.',
      cause: error,
    });
  }
}

function parseLine(line: string, at: { readonly file: string; readonly line: number }): JournalLine {
  const event = tryParse(line);
  if (event !== undefined) return event;
  throw new HastackError({
    code: 'environment',
    at,
    message: 'this line of the journal is damaged',
    hint: 'The journal only informs; move the file away if it is in the way.',
  });
}

function tryParse(line: string): JournalLine | undefined {
  try {
    return JSON.parse(line) as JournalLine;
  } catch {
    return undefined;
  }
}
