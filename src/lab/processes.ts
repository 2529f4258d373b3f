// Finds processes of this machine by what /proc says about them: their arguments, their network namespace.
// This is how the lab finds its own processes again after any crash: no pid files that could be stale.
import { readFile, readdir, readlink, stat } from 'node:fs/promises';

async function allProcesses(): Promise<readonly number[]> {
  return (await readdir('/proc')).map(Number).filter((id) => Number.isInteger(id) && id > 0);
}

/** Processes one of whose arguments is `marker` and one of whose arguments ends with `program`. */
export async function processesRunning(program: string, marker: string): Promise<readonly number[]> {
  const found = await Promise.all(
    (await allProcesses()).map(async (id) => {
      const words = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).split('\0');
      return words.some((word) => word.endsWith(program)) && words.includes(marker) ? id : undefined;
    }),
  );
  return found.filter((id) => id !== undefined);
}

/** Processes in the network namespace that a file names. */
export async function processesInNamespace(file: string): Promise<readonly number[]> {
  const inode = await stat(file).then(
    (found) => found.ino,
    () => undefined,
  );
  if (inode === undefined) return [];
  const found = await Promise.all(
    (await allProcesses()).map(async (id) => {
      const target = await readlink(`/proc/${id}/ns/net`).catch(() => '');
      return target === `net:[${inode}]` ? id : undefined;
    }),
  );
  return found.filter((id) => id !== undefined);
}

/** This process and those it descends from. */
export async function ancestry(): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  for (let id = process.pid; id > 1 && !ids.has(id);) {
    ids.add(id);
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    id = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
  }
  return ids;
}

/** Sends a signal; a process that is gone already is what was wanted. */
export function signalProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
