// Which verification of a cluster runs from this state directory, so that two do not remove each other's things, and
// so that the next one knows at once that one which was killed is not coming back. A file with run id and process id.
// On failure: HastackError `lock-held` when that process lives.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';
import { writePrivate } from './state-directory.ts';

interface Owner {
  readonly runId: string;
  readonly pid: number;
}

export interface VerifyClaim {
  /** A run from here that was killed. */
  readonly died: string | undefined;
  release(): void;
}

export function claimVerify(root: string, runId: string): VerifyClaim {
  const file = join(root, 'verify.json');
  const before = readOwner(file);
  if (before !== undefined && before.pid !== process.pid && lives(before.pid)) {
    throw new HastackError({
      code: 'lock-held',
      message: `a verification of this cluster is running (process ${before.pid}, run ${before.runId})`,
      hint: `wait for it; if that process is something else, remove ${file}`,
    });
  }
  writePrivate(file, JSON.stringify({ runId, pid: process.pid } satisfies Owner));
  return { died: before?.runId, release: () => rmSync(file, { force: true }) };
}

function readOwner(file: string): Owner | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
