// `lab up`: image, network, twins, services, in this order; each part is left alone when it is there already,
// so that running it again after a kill at any moment goes on. One host that fails does not stop the others:
// every host's error is collected. Ends when every twin has booted to `running`.
import { mkdir, rm } from 'node:fs/promises';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { consoleRun, waitForBoot } from './console.ts';
import { type Lab, type LabOptions, type LabSettings, openLab, twinOf, withSettings, writeWhole } from './context.ts';
import { type GoldenRequest, checkOverlay, goldenImage } from './golden.ts';
import { withLock } from './lock.ts';
import { makeBmcSecrets } from './bmc.ts';
import { applyFaults } from './faults.ts';
import { guestImage } from './guest-image.ts';
import { startPackageCache } from './package-cache.ts';
import { withTwinLock } from './power.ts';
import { createNamespace } from './namespace.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { labKey, prepareTwin, writeKnownHosts } from './prepare.ts';
import { ensureSupervisor, stopSupervisor } from './supervisor.ts';
import { initOf, killTwin, plugIn, startTwin } from './twin.ts';

export interface LabUpOptions extends LabOptions, Partial<GoldenRequest> {
  /** Twins from the base image alone; the deployment installs its packages from apt. */
  readonly bare?: boolean;
  /** Limit per twin; default 3072, with Nova 6144. */
  readonly memoryMiB?: number;
  /** Size limit of a twin's disk; default 8. */
  readonly diskGiB?: number;
  /** Of the twins' BMCs; made up and kept in the lab's state when absent. */
  readonly bmcPassword?: string;
}

const BOOT_SECONDS = 180;
/** A controller with the services of identity takes 1 GiB; with all of a small cloud and Ceph 4.3 GiB. */
const DEFAULT_MEMORY_MIB = { identity: 3072, cloud: 6144 };
const DEFAULT_DISK_GIB = 8;
/** Twins that boot at the same time: more only make each other slow. */
const PARALLEL = 4;

export async function labUp(options: LabUpOptions): Promise<Lab> {
  const found = await openLab(options);
  await checkPrerequisites({ cacheDir: found.cacheDir, stateDir: found.stateDir, twins: options.cluster.hosts.length });
  await mkdir(found.stateDir, { recursive: true });
  const opened = await openLab(options);
  return withLock({ file: `${opened.paths.root}.lock`, clock: opened.clock, what: 'the lab' }, async () =>
    up(opened, options),
  );
}

async function up(opened: Lab, options: LabUpOptions): Promise<Lab> {
  const settings = settingsFrom(opened, options);
  const lab = withSettings(opened, settings);
  await checkOverlay(lab);
  const image = await goldenImage(lab, {
    packages: options.bare === true ? [] : (options.packages ?? []),
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
  });
  // From inside the lab there is no way to the packages it is made of.
  if ('glance' in settings.cluster.services) await guestImage(lab, options.proxy);
  await removeTwins(opened, options.cluster);
  const authorizedKey = await labKey(lab);
  await eachTwin(lab, async (host) => prepareTwin(lab, host, { image, authorizedKey, diskGiB: settings.diskGiB }));
  await writeWhole(lab.paths.settings, `${JSON.stringify(settings, null, 2)}\n`);
  await writeKnownHosts(lab);
  lab.progress({ stage: 'network', message: `namespace ${lab.names.netns}` });
  await createNamespace(lab);
  await applyFaults(lab);
  await startPackageCache(lab, options.proxy);
  await makeBmcSecrets(lab, options.bmcPassword);
  // It serves what it read when it started.
  if (JSON.stringify(opened.settings) !== JSON.stringify(settings)) await stopSupervisor(lab);
  await ensureSupervisor(lab);
  await eachTwin(lab, async (host) => bootTwin(lab, host));
  await plugIn(lab);
  return lab;
}

/** Twins of hosts that the spec no longer has. */
async function removeTwins(before: Lab, wanted: Cluster): Promise<void> {
  const names = new Set(wanted.hosts.map((host) => host.name));
  for (const host of before.settings?.cluster.hosts ?? []) {
    if (names.has(host.name)) continue;
    const twin = twinOf(before, host.name);
    before.progress({ stage: 'twin', message: 'is no longer in the spec: removing it', host: host.name });
    await killTwin(before, twin);
    await rm(twin.paths.root, { recursive: true, force: true });
  }
}

function settingsFrom(lab: Lab, options: LabUpOptions): LabSettings {
  return {
    cluster: options.cluster,
    cacheDir: lab.cacheDir,
    memoryMiB: options.memoryMiB ?? lab.settings?.memoryMiB ?? defaultMemory(options.cluster),
    diskGiB: options.diskGiB ?? lab.settings?.diskGiB ?? DEFAULT_DISK_GIB,
  };
}

function defaultMemory(cluster: Cluster): number {
  return 'nova' in cluster.services ? DEFAULT_MEMORY_MIB.cloud : DEFAULT_MEMORY_MIB.identity;
}

async function bootTwin(lab: Lab, host: string): Promise<void> {
  const started = lab.clock.monotonic();
  if ((await initOf(lab, host)) === undefined)
    await withTwinLock(lab, host, async () => startTwin(lab, twinOf(lab, host)));
  const boot = await waitForBoot(lab, host, { seconds: BOOT_SECONDS, until: 'booted' });
  if (boot.state === 'degraded') {
    lab.progress({ stage: 'boot', message: `booted, but these units failed: ${boot.failed.join(', ')}`, host });
  }
  await createUser(lab, host);
  const seconds = (lab.clock.monotonic() - started) / 1000;
  lab.progress({ stage: 'boot', message: `booted in ${seconds.toFixed(1)} s`, host });
}

/** The user that ssh logs in as, when it is not root: with sudo, as on the real hosts. */
async function createUser(lab: Lab, host: string): Promise<void> {
  const { user } = lab.cluster.ssh;
  if (user === 'root') return;
  if (!/^[a-z_][a-z0-9_-]*$/.test(user)) throw userName(lab.cluster);
  const script = [
    'set -e',
    // A group of that name may exist (operator, for one); useradd wants to be told to use it.
    `group=$(getent group ${user} >/dev/null && echo --gid=${user} || echo --user-group)`,
    `id -u ${user} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$group" ${user}`,
    `chown ${user}: /home/${user}`,
    `install -d -m 0700 -o ${user} /home/${user}/.ssh`,
    `install -m 0600 -o ${user} /root/.ssh/authorized_keys /home/${user}/.ssh/authorized_keys`,
    `printf '%s\\n' '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/lab`,
    'chmod 0440 /etc/sudoers.d/lab',
  ];
  const result = await consoleRun(lab, host, script.join('\n'));
  if (result.code === 0) return;
  throw new HastackError({
    code: 'environment',
    message: `${host}: the user ${user} could not be made: ${result.stderr}`,
    hint: 'use ssh.user: root',
    host,
  });
}

/** Every host, a few at a time; all errors, not the first one. */
async function eachTwin(lab: Lab, act: (host: string) => Promise<void>): Promise<void> {
  const queue = lab.cluster.hosts.map((host) => host.name);
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
      try {
        await act(host);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (errors.length > 0) throw combined(errors);
}

function combined(errors: readonly unknown[]): unknown {
  const [first] = errors;
  const known = errors.filter((error) => error instanceof HastackError);
  if (errors.length === 1 || known.length < errors.length) return first;
  return new HastackError({
    code: 'environment',
    message: known.map((error) => error.message).join('\n'),
    hint: known[0]?.hint ?? '',
    cause: first,
  });
}

function userName(cluster: Cluster): HastackError {
  return new HastackError({
    code: 'spec-invalid',
    message: `${cluster.ssh.user} is no user name that Debian takes`,
    hint: 'ssh.user: small letters, digits, - and _',
  });
}
