// One twin host: a systemd-nspawn container that is started, found and killed here.
// The twin's disk and root are mounted in a mount namespace of its own, which goes with its last process: no
// kill at any moment leaves a mount or a loop device. Found again from the system alone: its processes are in
// its cgroup, its init is the one that is number 1 in its own process namespace.
// Contained (decision 4): no setting of the clock, no kernel modules, limited memory and disk.
// Manuals: systemd-nspawn(1), unshare(1), pid_namespaces(7).
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { HastackError } from '../model/error.ts';
import { cgroupProcesses, createTwinCgroup, removeCgroup } from './cgroup.ts';
import { command, lastLines, launch } from './command.ts';
import { type Lab, type Twin, readJson, requireUp } from './context.ts';
import { cutLinks, readFaults } from './fault-state.ts';
import { batch, inLab, links } from './namespace.ts';
import type { TwinSettings } from './prepare.ts';
import type { Nic } from './topology.ts';
import { waitFor } from './wait.ts';

const START_SECONDS = 30;
const STOP_SECONDS = 30;

// Parameters: disk, writable, merged, lower layers, cgroups of launcher, container and memory ('' for none), nspawn's.
// The copies of other labs' namespace files in this mount namespace would keep those namespaces alive.
// A reboot from inside ends nspawn with status 133 (--keep-unit); its group is then made anew, see cgroup.ts.
const START_SCRIPT = `
disk=$1 writable=$2 merged=$3 lower=$4 launcher=$5 container=$6 memory=$7
shift 7
echo $$ > "$launcher/cgroup.procs"
[ -z "$memory" ] || echo $$ > "$memory/cgroup.procs"
for other in /run/netns/*; do umount -l "$other" 2>/dev/null || true; done
mount -o loop "$disk" "$writable"
rm -rf "$writable/work"
mkdir -p "$writable/work"
mount -t overlay hastack-twin -o "lowerdir=$lower,upperdir=$writable/upper,workdir=$writable/work" "$merged"
# The disk is guarded by the caller; lock files of nspawn would stay behind after a power cut.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_LOCK=0
while :; do
  mkdir -p "$container"
  code=0
  sh -c 'echo $$ > "$1/cgroup.procs"; shift; exec systemd-nspawn "$@"' nspawn "$container" "$@" || code=$?
  [ "$code" = 133 ] || exit "$code"
  find "$container" -depth -type d -exec rmdir '{}' +
done
`;

/** Starts the container with its cables plugged in; does not wait for it to boot. */
export async function startTwin(lab: Lab, twin: Twin): Promise<void> {
  const { memoryMiB } = requireUp(lab);
  const settings = await readJson<TwinSettings>(twin.paths.settings);
  if (settings === undefined) throw notPrepared(twin);
  await diskIsFree(lab, twin);
  const nics = nicsOfTwin(lab, twin);
  await unplug(lab, twin);
  await removeCgroup(lab.names.cgroup, twin.host.name);
  const group = await createTwinCgroup(lab.names.cgroup, twin.host.name, memoryMiB);
  await rm(twin.paths.console, { force: true });
  const { disk, merged, writable } = twin.paths;
  const argv = inLab(lab.names, [
    'unshare',
    '--mount',
    '--propagation',
    'slave',
    'sh',
    '-eu',
    '-c',
    START_SCRIPT,
    'twin',
  ]);
  const parameters = [
    disk,
    writable,
    merged,
    settings.layers.join(':'),
    group.launcher,
    group.container,
    group.memory ?? '',
  ];
  launch([...argv, ...parameters, ...nspawnParameters(lab, twin, nics)], twin.paths.console);
  await waitForCables(lab, twin);
  await plugIn(lab);
}

function nspawnParameters(lab: Lab, twin: Twin, nics: readonly Nic[]): readonly string[] {
  const virtualization = twin.host.roles.includes('compute') || twin.host.roles.includes('network');
  return [
    '--quiet',
    '--boot',
    '--register=no',
    '--keep-unit',
    `--directory=${twin.paths.merged}`,
    `--machine=${lab.names.id}-${twin.host.name}`.slice(0, 74),
    `--hostname=${twin.host.name}`,
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
    '--private-network',
    '--capability=CAP_NET_ADMIN,CAP_IPC_LOCK',
    // Open vSwitch in user space and qemu's taps.
    ...(virtualization ? ['--bind=/dev/net/tun'] : []),
    '--drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE',
    ...nics.map((nic) => `--network-veth-extra=${nic.link}:${nic.interface}`),
  ];
}

/** The id of the twin's init as this machine sees it; undefined: the power is off. */
export async function initOf(lab: Lab, host: string): Promise<number | undefined> {
  for (const id of await cgroupProcesses(lab.names.cgroup, host)) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    if (/^State:\s+Z/m.test(status)) continue;
    if (/^NSpid:\s+\d+\s+1$/m.test(status)) return id;
  }
  return undefined;
}

/** Pulls all cables first, so that no FIN or RST of the dying host gets out; then everything dies at once. */
export async function killTwin(lab: Lab, twin: Twin): Promise<void> {
  await unplug(lab, twin);
  const init = await initOf(lab, twin.host.name);
  if (init !== undefined) kill(init);
  await waitFor({
    clock: lab.clock,
    seconds: STOP_SECONDS,
    every: 20,
    look: async () => {
      const left = await cgroupProcesses(lab.names.cgroup, twin.host.name);
      left.forEach(kill);
      return left.length === 0 ? true : undefined;
    },
    late: () => stuck(twin, 'its processes do not die'),
  });
  await forgetTwin(lab, twin);
  await diskIsFree(lab, twin);
}

/** What a container leaves behind outside of its namespaces. */
export async function forgetTwin(lab: Lab, twin: Twin): Promise<void> {
  await unplug(lab, twin);
  await removeCgroup(lab.names.cgroup, twin.host.name);
  const machine = `${lab.names.id}-${twin.host.name}`;
  for (const directory of ['propagate', 'unix-export']) {
    await rm(`/run/systemd/nspawn/${directory}/${machine}`, { recursive: true, force: true });
  }
}

function nicsOfTwin(lab: Lab, twin: Twin): readonly Nic[] {
  return lab.topology.nics.filter((nic) => nic.host === twin.host.name);
}

/**
 * Puts every cable that is not plugged into its bridge, and pulls those that a fault cuts. Also needed after a
 * reboot from inside: the container then makes new ones.
 */
export async function plugIn(lab: Lab): Promise<void> {
  const present = new Map((await links(lab.names)).map((link) => [link.name, link]));
  const cut = cutLinks(await readFaults(lab), lab.topology);
  const lines = lab.topology.nics.flatMap((nic) => {
    const link = present.get(nic.link);
    if (link === undefined) return [];
    const up = !cut.has(nic.link);
    return [
      ...(link.bridge === nic.bridge ? [] : [`link set dev ${nic.link} mtu ${nic.mtu} master ${nic.bridge}`]),
      ...(link.up === up ? [] : [`link set dev ${nic.link} ${up ? 'up' : 'down'}`]),
    ];
  });
  // A cable may go while this runs (its host is powered off): the others are plugged in all the same.
  if (lines.length > 0) await batch(lab.names, lines, true);
}

async function unplug(lab: Lab, twin: Twin): Promise<void> {
  const present = new Set((await links(lab.names)).map((link) => link.name));
  const lines = nicsOfTwin(lab, twin).filter((nic) => present.has(nic.link));
  if (lines.length > 0)
    await batch(
      lab.names,
      lines.map((nic) => `link delete dev ${nic.link}`),
      true,
    );
}

async function waitForCables(lab: Lab, twin: Twin): Promise<void> {
  await waitFor({
    clock: lab.clock,
    seconds: START_SECONDS,
    every: 50,
    signal: lab.signal,
    look: async () => {
      const present = new Set((await links(lab.names)).map((link) => link.name));
      const ready =
        nicsOfTwin(lab, twin).every((nic) => present.has(nic.link)) &&
        (await initOf(lab, twin.host.name)) !== undefined;
      return ready ? true : undefined;
    },
    late: () => stuck(twin, 'the container did not start'),
  }).catch(async (error: unknown) => {
    throw await withConsole(twin, error);
  });
}

/** Mounting a disk twice would destroy it: wait until the kernel has let go of it. */
async function diskIsFree(lab: Lab, twin: Twin): Promise<void> {
  if (!existsSync(twin.paths.disk)) return;
  await waitFor({
    clock: lab.clock,
    seconds: STOP_SECONDS,
    every: 50,
    look: async () => ((await command(['losetup', '--associated', twin.paths.disk])).trim() === '' ? true : undefined),
    late: () => stuck(twin, 'its disk is still mounted by something'),
  });
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // it died by itself meanwhile
  }
}

async function withConsole(twin: Twin, error: unknown): Promise<unknown> {
  if (!(error instanceof HastackError)) return error;
  const log = await readFile(twin.paths.console, 'utf8').catch(() => '');
  return new HastackError({
    code: error.code,
    message: `${error.message}: ${lastLines(log, 6)}`,
    hint: error.hint,
    host: twin.host.name,
  });
}

function stuck(twin: Twin, what: string): HastackError {
  return new HastackError({
    code: 'environment',
    message: `${twin.host.name}: ${what}`,
    hint: `see ${twin.paths.console}; \`hastack lab down\` and \`lab up\` start anew`,
    host: twin.host.name,
  });
}

function notPrepared(twin: Twin): HastackError {
  return new HastackError({
    code: 'refused',
    message: `the twin of ${twin.host.name} has no disk yet`,
    hint: 'run `hastack lab up` first',
    host: twin.host.name,
  });
}
