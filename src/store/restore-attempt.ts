// What is remembered of a restore until it is finished, so that the same command after a kill goes on with the same key
// and on the same hosts: restore.json in the state directory. One that is older than some hours is not continued: the
// cluster has had a life since.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './atomic-write.ts';

const Attempt = z.object({
  backup: z.string(),
  only: z.array(z.string()),
  key: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** Where each part is put. */
  hosts: z.record(z.string(), z.string()),
});
export type RestoreAttempt = z.infer<typeof Attempt>;

const LONGEST_MS = 6 * 3600 * 1000;

/** The one that was begun for the same backup and the same parts; undefined: there is none to continue. */
export function continuedAttempt(
  stateRoot: string,
  wanted: Pick<RestoreAttempt, 'backup' | 'only'>,
  now: number,
): RestoreAttempt | undefined {
  const path = attemptPath(stateRoot);
  if (!existsSync(path)) return undefined;
  const parsed = Attempt.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) return undefined;
  const { backup, only, startedAt } = parsed.data;
  const same = backup === wanted.backup && only.join() === wanted.only.join();
  return same && now - startedAt < LONGEST_MS ? parsed.data : undefined;
}

export function rememberAttempt(stateRoot: string, attempt: RestoreAttempt): void {
  writeAtomically(attemptPath(stateRoot), `${JSON.stringify(attempt, undefined, 2)}\n`);
}

export function forgetAttempt(stateRoot: string): void {
  rmSync(attemptPath(stateRoot), { force: true });
}

function attemptPath(stateRoot: string): string {
  return join(stateRoot, 'restore.json');
}
