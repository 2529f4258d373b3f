// `lab down`: takes everything away that `lab up` made on this machine, whatever state it is in. Can be run again
// after a kill at any moment, and when there is nothing. Only the image and package caches stay.
// Ends with a look at the system: what could not be removed is an error that names it.
import { mkdir, rm } from 'node:fs/promises';
import { HastackError } from '../model/error.ts';
import { cgroupProcesses, removeCgroup } from './cgroup.ts';
import { tryCommand } from './command.ts';
import type { Lab } from './context.ts';
import { type Leftover, leftovers, loopDevicesBelow, mountsBelow } from './leftovers.ts';
import { withLock } from './lock.ts';
import { twinPaths } from './names.ts';
import { deleteNamespace } from './namespace.ts';
import { releasePackageCache } from './package-cache.ts';
import { checkPlatform } from './prerequisites.ts';
import { ancestry, processesInNamespace, signalProcess } from './processes.ts';
import { stopSupervisor } from './supervisor.ts';
import { forgetTwin, killTwin } from './twin.ts';
import { waitFor } from './wait.ts';

const LOCK_SECONDS = 30;
const GONE_SECONDS = 30;

export async function labDown(lab: Lab): Promise<void> {
  checkPlatform();
  if ((await leftovers(lab)).length === 0) return;
  await mkdir(lab.stateDir, { recursive: true });
  await withLock({ file: `${lab.paths.root}.lock`, clock: lab.clock, what: 'the lab', wait: LOCK_SECONDS }, async () =>
    down(lab),
  );
}

async function down(lab: Lab): Promise<void> {
  // First of all the one that would start things again.
  await stopSupervisor(lab);
  lab.progress({ stage: 'down', message: 'powering off the twins' });
  const twins = lab.cluster.hosts.map((host) => ({ host, paths: twinPaths(lab.paths, host.name) }));
  await Promise.all(twins.map(async (twin) => killTwin(lab, twin)));
  // Twins of an older spec, and programs that still run inside the namespace.
  const own = await ancestry();
  await killAll(lab, 'a process of the lab', async () => [
    ...(await cgroupProcesses(lab.names.cgroup)),
    ...(await processesInNamespace(lab.names.netnsPath)).filter((id) => !own.has(id)),
  ]);
  await Promise.all(twins.map(async (twin) => forgetTwin(lab, twin)));
  lab.progress({ stage: 'down', message: 'removing networks, disks and files' });
  await deleteNamespace(lab.names);
  await removeCgroup(lab.names.cgroup);
  await releasePackageCache(lab);
  for (const mount of await mountsBelow(lab.paths.root)) await tryCommand(['umount', '--lazy', mount]);
  for (const device of await loopDevicesBelow(lab.paths.root)) await tryCommand(['losetup', '--detach', device]);
  await rm(lab.paths.root, { recursive: true, force: true });
  const left = await waitFor({
    clock: lab.clock,
    seconds: GONE_SECONDS,
    look: async () => nothingIn(await leftovers(lab)),
    late: () => new Error('late'),
  }).catch(async () => leftovers(lab));
  if (left.length > 0) throw stays(left);
}

function nothingIn(left: readonly Leftover[]): readonly Leftover[] | undefined {
  return left.length === 0 ? left : undefined;
}

async function killAll(lab: Lab, what: string, find: () => Promise<readonly number[]>): Promise<void> {
  await waitFor({
    clock: lab.clock,
    seconds: GONE_SECONDS,
    every: 50,
    look: async () => {
      const left = await find();
      left.forEach((id) => signalProcess(id, 'SIGKILL'));
      return left.length === 0 ? true : undefined;
    },
    late: () =>
      new HastackError({
        code: 'environment',
        message: `${what} does not die`,
        hint: 'look for a process in state D; run `hastack lab down` again',
      }),
  });
}

function stays(left: readonly Leftover[]): HastackError {
  return new HastackError({
    code: 'environment',
    message: `the lab could not be removed completely: ${left.map(({ kind, what }) => `${kind} ${what}`).join(', ')}`,
    hint: 'run `hastack lab down` again; a shell whose working directory is in the lab holds it',
  });
}
