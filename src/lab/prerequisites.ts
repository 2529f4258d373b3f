// What this machine must have before a lab can run: Linux, root, Debian packages, overlayfs, loop devices, space.
// Everything that is missing is said at once, with the apt-get line that mends it. Changes nothing.
import { constants, existsSync } from 'node:fs';
import { access, mkdir, readFile, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { HastackError } from '../model/error.ts';

/** Debian packages by the program or file that shows that they are there. */
export const LAB_PACKAGES: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  nft: 'nftables',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'mkfs.ext4': 'e2fsprogs',
  losetup: 'mount',
  nsenter: 'util-linux',
  'apt-cacher-ng': 'apt-cacher-ng',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
};
const GIB = 2 ** 30;
const CACHE_GIB = 4;
/** A twin's disk is sparse; this is what it holds after a deployment (measured: 0.3 GiB and growing). */
const TWIN_GIB = 0.5;

export interface Room {
  readonly cacheDir: string;
  readonly stateDir: string;
  readonly twins: number;
}

export async function checkPrerequisites(room: Room): Promise<void> {
  checkPlatform();
  await checkPackages();
  await checkKernel();
  await checkSpace(room.cacheDir, CACHE_GIB, 'HASTACK_CACHE');
  await checkSpace(room.stateDir, TWIN_GIB * room.twins, '--state');
}

export function checkPlatform(): void {
  if (process.platform !== 'linux') {
    throw environment(
      `the lab runs on Linux only, this is ${process.platform}`,
      'use a Debian 12 or 13 machine (a virtual machine will do); check, simulate, init and audit run here',
    );
  }
  if (process.geteuid?.() !== 0) {
    throw environment(
      'the lab needs root: it makes network namespaces, mounts and containers',
      'run it with sudo; check, simulate, init and audit need no root',
    );
  }
}

/** Packages that are not installed, by name. */
async function missingPackages(): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.keys(LAB_PACKAGES).map(async (program) => ({ program, there: await onPath(program) })),
  );
  return [
    ...new Set(found.filter(({ there }) => !there).map(({ program }) => LAB_PACKAGES[program] ?? program)),
  ].toSorted();
}

async function checkPackages(): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  throw environment(
    `the lab needs ${missing.length === 1 ? 'a package' : 'packages'} that this machine has not: ${missing.join(', ')}`,
    `run: apt-get install -y --no-install-recommends ${missing.join(' ')}`,
  );
}

async function checkKernel(): Promise<void> {
  const filesystems = await readFile('/proc/filesystems', 'utf8');
  if (!/\boverlay$/m.test(filesystems) && !existsSync('/sys/module/overlay')) {
    throw environment('the kernel has no overlay file system', 'run: modprobe overlay');
  }
  if (!existsSync('/dev/loop-control')) throw environment('the kernel has no loop devices', 'run: modprobe loop');
}

async function checkSpace(directory: string, gib: number, option: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  const free = (bavail * bsize) / GIB;
  if (free >= gib) return;
  throw environment(
    `${directory} has ${free.toFixed(1)} GiB free, the lab needs ${gib.toFixed(1)} GiB there`,
    `free some space or choose another file system with ${option}`,
  );
}

async function onPath(program: string): Promise<boolean> {
  if (program.startsWith('/')) return existsSync(program);
  // sbin is not on the path of every shell, the lab's own commands find it all the same.
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const found = await Promise.all(
    directories.map((directory) =>
      access(join(directory, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

function environment(message: string, hint: string): HastackError {
  return new HastackError({ code: 'environment', message, hint });
}
