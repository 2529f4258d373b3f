// What the tests of the lab share: scratch labs, and questions to the system that do not go through the lab's own
// view of itself.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { consoleRun } from '../../../src/lab/console.ts';
import type { Lab, LabOptions } from '../../../src/lab/context.ts';
import { systemClock } from '../../../src/lib/system-clock.ts';
import { systemRandom } from '../../../src/lib/system-random.ts';
import { labCluster } from './lab-cluster.ts';

export const run = promisify(execFile);
export const MINUTES = 60_000;
// Not below /tmp: it may be a tmpfs, and twins' disks are made there.
const SCRATCH = '/var/tmp';

export async function scratch(): Promise<string> {
  return mkdtemp(join(SCRATCH, 'lab-test-'));
}

export function optionsFor(name: string, third: number, stateDir: string): LabOptions {
  return { cluster: labCluster(name, third), stateDir, clock: systemClock, random: systemRandom };
}

export async function pings(lab: Lab, from: string, to: string): Promise<boolean> {
  return (await consoleRun(lab, from, `ping -c 2 -i 0.2 -W 1 ${to} >/dev/null`)).code === 0;
}

export async function until(what: string, seconds: number, look: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await systemClock.sleep(100);
  }
}

/** What is on the machine that belongs to a state directory or a lab id, without asking the lab. */
export async function traces(lab: Lab, namespaceInode: number): Promise<readonly string[]> {
  const [loops, namespaces, mounts, held] = await Promise.all([
    run('losetup', ['--list', '--raw', '--noheadings']).then(({ stdout }) => stdout),
    run('ip', ['netns', 'list']).then(({ stdout }) => stdout),
    readFile('/proc/self/mountinfo', 'utf8'),
    run('lsns', ['--type', 'net', '--noheadings', '--output', 'NS']).then(({ stdout }) => stdout),
  ]);
  const groups = await Promise.all(
    ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/memory'].map(async (root) =>
      readdir(root).catch(() => []),
    ),
  );
  const processes: string[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (words.includes(lab.names.id) || words.includes(lab.stateDir)) processes.push(words.replaceAll('\0', ' '));
  }
  return [
    ...loops.split('\n').filter((line) => line.includes(lab.stateDir)),
    ...namespaces.split('\n').filter((line) => line.includes(lab.names.netns)),
    ...mounts.split('\n').filter((line) => line.includes(lab.stateDir) || line.includes(lab.names.netns)),
    ...held.split('\n').filter((line) => line.trim() === String(namespaceInode)),
    ...groups.flat().filter((name) => name.includes(lab.names.id)),
    ...processes,
  ];
}
