// A lock between processes of this machine, for the lab and for each twin.
// A file that names its owner by process id and start time; the lock of a dead owner is taken over at once.
// Waiting has a deadline.
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import { waitFor } from './wait.ts';

export interface LockOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly what: string;
  /** Seconds to wait for another owner; default 2. */
  readonly wait?: number;
}

export async function withLock<T>(options: LockOptions, act: () => Promise<T>): Promise<T> {
  const { file } = options;
  await waitFor({
    clock: options.clock,
    seconds: options.wait ?? 2,
    every: 50,
    look: async () => ((await take(file, options.clock)) ? true : undefined),
    late: () =>
      new HastackError({
        code: 'lock-held',
        message: `another hastack works on ${options.what}`,
        hint: `wait until it is done; the lock is ${file}`,
      }),
  });
  try {
    return await act();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, clock: Clock): Promise<boolean> {
  const own = `${file}.${process.pid}.${Math.trunc(clock.monotonic() * 1000)}`;
  await writeFile(own, identityOf(process.pid) ?? '');
  try {
    await link(own, file); // atomic: fails when the lock exists
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await removeDead(file, own);
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Moves the lock of a dead owner away first, so that two takers cannot remove each other's. */
async function removeDead(file: string, own: string): Promise<void> {
  const owner = await readFile(file, 'utf8').catch(() => undefined);
  if (owner === undefined || isAlive(owner)) return;
  const aside = `${own}.dead`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => owner);
  if (moved !== owner && isAlive(moved)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function isAlive(identity: string): boolean {
  const pid = Number(identity.split(' ')[0]);
  return pid > 0 && identityOf(pid) === identity;
}

/** Process id and start time (field 22 of /proc/PID/stat): ids are used again, the pair is not. */
export function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead, though its parent has not looked yet.
    return 'ZX'.includes(state) ? undefined : `${pid} ${fields[18] ?? ''}`;
  } catch {
    return undefined;
  }
}
