// Where a twin's processes are accounted and found again: one cgroup per twin below one per lab.
// Two layouts: cgroup v2 alone at /sys/fs/cgroup, or the v1 hybrid with v2 at /sys/fs/cgroup/unified and the
// memory limit in the v1 memory hierarchy. Removing a missing group is not an error.
// A tree is never used again after a kill: early units of the next boot would be killed (measured), so it is
// removed and made anew. Manual: cgroups(7). The layout of v2 alone is implemented but was not run yet.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';

export interface CgroupLayout {
  readonly kind: 'v2' | 'hybrid';
  /** Root of the v2 tree. */
  readonly unified: string;
  /** Root of the v1 memory hierarchy. */
  readonly memory: string | undefined;
}

const MIB = 2 ** 20;
const ROOT = '/sys/fs/cgroup';

function cgroupLayout(root = ROOT): CgroupLayout {
  if (existsSync(join(root, 'cgroup.controllers'))) return { kind: 'v2', unified: root, memory: undefined };
  const unified = join(root, 'unified');
  if (existsSync(join(unified, 'cgroup.procs'))) {
    const memory = join(root, 'memory');
    return { kind: 'hybrid', unified, memory: existsSync(join(memory, 'cgroup.procs')) ? memory : undefined };
  }
  throw new HastackError({
    code: 'environment',
    message: 'this machine has no cgroup v2 hierarchy',
    hint: 'mount it (mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified) or boot without systemd.unified_cgroup_hierarchy=0',
  });
}

export interface TwinCgroup {
  /** Entered by the process that starts the container; containers are started in groups beside it. */
  readonly launcher: string;
  /** The container's own group, made anew for every boot. */
  readonly container: string;
  /** Where the memory limit is, when it is another hierarchy. */
  readonly memory: string | undefined;
}

/** In v2 a group that has limits or children with limits must not hold processes itself: hence one level more. */
export async function createTwinCgroup(lab: string, host: string, memoryMiB: number): Promise<TwinCgroup> {
  const layout = cgroupLayout();
  const group = join(layout.unified, lab, host);
  const made = { launcher: join(group, 'launcher'), container: join(group, 'container') };
  await mkdir(made.launcher, { recursive: true });
  if (layout.kind === 'v2') {
    await writeFile(join(layout.unified, 'cgroup.subtree_control'), '+memory');
    await writeFile(join(layout.unified, lab, 'cgroup.subtree_control'), '+memory');
    await writeFile(join(group, 'memory.max'), String(memoryMiB * MIB));
  }
  if (layout.memory === undefined) return { ...made, memory: undefined };
  const memory = join(layout.memory, lab, host);
  await mkdir(memory, { recursive: true });
  await writeFile(join(memory, 'memory.limit_in_bytes'), String(memoryMiB * MIB));
  return { ...made, memory };
}

/** The files to write a process id to in order to share the limits of a twin; from its init's /proc/PID/cgroup. */
export function twinGroupFiles(ofInit: string, layout: CgroupLayout = cgroupLayout()): readonly string[] {
  const lines = ofInit
    .trim()
    .split('\n')
    .map((line) => line.split(':'));
  const path = (controller: string): string | undefined =>
    lines
      .find(([, name]) => name === controller)
      ?.slice(2)
      .join(':');
  const [, lab, host] = path('')?.split('/') ?? [];
  const limited = path('memory');
  return [
    ...(lab === undefined || host === undefined ? [] : [join(layout.unified, lab, host, 'launcher/cgroup.procs')]),
    ...(layout.memory === undefined || limited === undefined ? [] : [join(layout.memory, limited, 'cgroup.procs')]),
  ];
}

/** All processes in the group of a twin (or of a whole lab) and below. */
export async function cgroupProcesses(lab: string, host = ''): Promise<readonly number[]> {
  const layout = cgroupLayout();
  const trees = [layout.unified, layout.memory].flatMap((root) => (root === undefined ? [] : [join(root, lab, host)]));
  const groups = (await Promise.all(trees.map(subtree))).flat();
  const lists = await Promise.all(
    groups.map(async (group) => readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')),
  );
  const ids = lists.flatMap((list) => list.split('\n')).map(Number);
  return [...new Set(ids.filter((id) => id > 0))];
}

/** Removes an empty tree; returns what could not be removed (a process is still in it). */
export async function removeCgroup(lab: string, host = ''): Promise<readonly string[]> {
  const layout = cgroupLayout();
  const left: string[] = [];
  for (const root of [layout.unified, layout.memory]) {
    if (root === undefined) continue;
    for (const group of (await subtree(join(root, lab, host))).toReversed()) {
      await rmdir(group).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') left.push(group);
      });
    }
  }
  return left;
}

/** MiB in use by a twin, without the page cache that the kernel could drop at once; 0 when it is off. */
export async function memoryOf(lab: string, host: string): Promise<number> {
  const layout = cgroupLayout();
  const group = join(layout.memory ?? layout.unified, lab, host);
  const usage = await readFile(
    join(group, layout.kind === 'v2' ? 'memory.current' : 'memory.usage_in_bytes'),
    'utf8',
  ).catch(() => '0');
  const stat = await readFile(join(group, 'memory.stat'), 'utf8').catch(() => '');
  const key = layout.kind === 'v2' ? 'inactive_file' : 'total_inactive_file';
  const droppable = Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
  return Math.max(0, Math.round((Number(usage) - droppable) / MIB));
}

/** A group and everything below it, parents first. */
async function subtree(group: string): Promise<readonly string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const children = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(async (entry) => subtree(join(group, entry.name))),
  );
  return [group, ...children.flat()];
}

/** The roots of a lab's trees that exist. */
export function cgroupExists(lab: string): readonly string[] {
  const layout = cgroupLayout();
  return [layout.unified, layout.memory].flatMap((root) =>
    root !== undefined && existsSync(join(root, lab)) ? [join(root, lab)] : [],
  );
}
