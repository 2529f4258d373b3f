// What is left of a lab on this machine: processes, network namespace, cgroups, mounts, loop devices, files.
// Asked of the system only, so that it also finds what a killed `lab up` or `lab down` left. Changes nothing.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cgroupExists, cgroupProcesses } from './cgroup.ts';
import { tryCommand } from './command.ts';
import type { Lab } from './context.ts';
import { packageCacheProcesses, usesPackageCache } from './package-cache.ts';
import { ancestry, processesInNamespace } from './processes.ts';
import { supervisorProcesses } from './supervisor.ts';

export interface Leftover {
  readonly kind: 'process' | 'namespace' | 'cgroup' | 'mount' | 'loop-device' | 'package-cache' | 'files';
  readonly what: string;
}

export async function leftovers(lab: Lab): Promise<readonly Leftover[]> {
  const own = await ancestry();
  const processes = new Set([
    ...(await cgroupProcesses(lab.names.cgroup)),
    ...(await supervisorProcesses(lab)),
    ...(await processesInNamespace(lab.names.netnsPath)),
  ]);
  const used = usesPackageCache(lab);
  return [
    ...[...processes].filter((id) => !own.has(id)).map((id) => leftover('process', String(id))),
    ...(existsSync(lab.names.netnsPath) ? [leftover('namespace', lab.names.netns)] : []),
    ...cgroupExists(lab.names.cgroup).map((path) => leftover('cgroup', path)),
    ...(await mountsBelow(lab.paths.root)).map((path) => leftover('mount', path)),
    ...(await loopDevicesBelow(lab.paths.root)).map((device) => leftover('loop-device', device)),
    ...(used ? (await packageCacheProcesses(lab.cacheDir)).map((id) => leftover('package-cache', String(id))) : []),
    ...(existsSync(lab.paths.root) ? [leftover('files', lab.paths.root)] : []),
  ];
}

/** Mount points under a directory, deepest first. */
export async function mountsBelow(directory: string): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  // Blanks and the like are written as octal escapes, proc_pid_mountinfo(5).
  const points = lines.map((line) =>
    (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
  );
  return points.filter((point) => point.startsWith(`${directory}/`)).toSorted((a, b) => b.length - a.length);
}

export async function loopDevicesBelow(directory: string): Promise<readonly string[]> {
  const { stdout } = await tryCommand(['losetup', '--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE']);
  return stdout.split('\n').flatMap((line) => {
    const [device = '', ...file] = line.split(' ');
    return file.join(' ').startsWith(`${directory}/`) ? [device] : [];
  });
}

function leftover(kind: Leftover['kind'], what: string): Leftover {
  return { kind, what };
}
