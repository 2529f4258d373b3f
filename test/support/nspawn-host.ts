// A throw-away booted Debian for tests of scripts that need systemd: systemd-nspawn over an overlay, without network.
// The layers come from HASTACK_TEST_LAYERS (directories for overlayfs, uppermost first, joined by colons).
// The overlay lives in the container's own mount namespace, so that nothing stays mounted when its processes end.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runShell } from './run-shell.ts';

export interface NspawnHost {
  /** Runs a shell in the host; for `runShell` and `host`. */
  readonly command: readonly string[];
  stop(): Promise<void>;
}

const LAYERS = process.env['HASTACK_TEST_LAYERS'];
const BOOT_SECONDS = 60;

/** Why real tests on a booted host cannot run here; undefined when they can. */
export function whyNoHost(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (LAYERS === undefined) return 'needs HASTACK_TEST_LAYERS';
  return undefined;
}

export async function bootHost(): Promise<NspawnHost> {
  const directory = mkdtempSync('/var/tmp/hastack-test-');
  const name = directory.slice('/var/tmp/'.length);
  for (const each of ['up', 'work', 'root']) mkdirSync(join(directory, each));
  const groups = cgroups(name);
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'slave', 'sh', '-c', BOOT, 'sh', directory, LAYERS ?? '', name, ...groups],
    {
      stdio: 'ignore',
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    for (const pid of [initOf(child.pid ?? 0), child.pid]) if (pid !== undefined) tryKill(pid);
    await ended;
    // systemd-nspawn makes one of its own in the hierarchy of the machine's service manager.
    for (const group of [...groups, join('/sys/fs/cgroup/systemd', name)]) await removeTree(group);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const init = await booted(child.pid ?? 0);
    return { command: ['nsenter', '--target', String(init), '--all', '--root', '--wd', 'sh'], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const BOOT = `set -e
directory=$1 layers=$2 name=$3
shift 3
mount -t overlay "$name" -o "lowerdir=$layers,upperdir=$directory/up,workdir=$directory/work" "$directory/root"
for group in "$@"; do mkdir -p "$group"; echo $$ >"$group/cgroup.procs"; done
# Empty, not missing: systemd would take it for the first boot and enable everything.
: >"$directory/root/etc/machine-id"
# Services that were installed start when a test says so.
rm -f "$directory"/root/etc/systemd/system/multi-user.target.wants/*
exec systemd-nspawn --quiet --directory="$directory/root" --boot --register=no --keep-unit --private-network \\
  --machine="$name" --link-journal=no --resolv-conf=off --timezone=off </dev/null >"$directory/console.log" 2>&1`;

function cgroups(name: string): readonly string[] {
  const pure = existsSync('/sys/fs/cgroup/cgroup.controllers');
  return (pure ? [''] : ['unified', 'memory']).map((part) => join('/sys/fs/cgroup', part, name));
}

async function booted(nspawn: number): Promise<number> {
  const deadline = Date.now() + BOOT_SECONDS * 1000;
  while (Date.now() < deadline) {
    const init = initOf(nspawn);
    if (init !== undefined) {
      const state = runShell('systemctl is-system-running 2>/dev/null', [
        'nsenter',
        '--target',
        String(init),
        '--all',
        '--root',
        '--wd',
        'sh',
      ]);
      if (/^(running|degraded)/.test(state.stdout)) return init;
    }
    await sleep(200);
  }
  throw new Error(`the container did not boot within ${BOOT_SECONDS} s`);
}

/** systemd-nspawn's only child; it forks first in the namespaces of the payload. */
function initOf(parent: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
    const pid = Number(children[0]);
    return pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd' ? pid : undefined;
  } catch {
    return undefined;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

async function removeTree(group: string): Promise<void> {
  for (let tries = 0; tries < 50 && existsSync(group); tries++) {
    try {
      for (const each of readdirSync(group, { withFileTypes: true })) {
        if (each.isDirectory())
          execFileSync('find', [join(group, each.name), '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+'], {
            stdio: 'ignore',
          });
      }
      rmdirSync(group);
    } catch {
      await sleep(100);
    }
  }
}
