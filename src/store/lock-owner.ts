// Who we are for the lock of a cluster, and whether another owner on this machine is gone.
// A process is told from a later one with the same id by its start time. Source: proc(5), machine-id(5).
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

export interface ProcessOwner {
  readonly machine: string;
  readonly hostname: string;
  readonly user: string;
  readonly pid: number;
  readonly started: string;
  readonly command: string;
}

export function currentOwner(command: string): ProcessOwner {
  return {
    machine: machineId(),
    hostname: hostname(),
    user: process.env['SUDO_USER'] ?? userInfo().username,
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    command,
  };
}

/** Only meaningful for an owner with our machine id. */
export function isOwnerGone(owner: Pick<ProcessOwner, 'pid' | 'started'>): boolean {
  return startOf(owner.pid) !== owner.started;
}

function machineId(): string {
  const id = read('/etc/machine-id')?.trim() ?? '';
  // Containers of one image may share a machine id; their names differ.
  return `${id}/${hostname()}`;
}

/** Boot and start time of a process; undefined when there is none. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name of the command stands in parentheses and may hold anything; field 22 counts from after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19] ?? ''}`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
