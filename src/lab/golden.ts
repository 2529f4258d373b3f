// The images twins are made of, cached for all labs of this machine:
//   base    Debian 13 as mmdebstrap installs it, what a fresh server has;
//   layer   the packages of the deployment on top of it (an overlayfs upper directory).
// Built once per content: the directory's name is a hash of everything that goes in. A build that was killed
// leaves only its building directory, which the next one removes; packages that were fetched stay. A build dies
// with its starter, whatever kills that one. Manuals: mmdebstrap(1), setpriv(1), flock(1).
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AptOptions } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { type Argv, command, lastLines, spaceHint, tryCommand } from './command.ts';
import type { Lab } from './context.ts';
import { BASE_SCRIPT, LAYER_SCRIPT } from './golden-scripts.ts';
import { digest } from './names.ts';

export interface GoldenImage {
  /** For overlayfs, uppermost first. */
  readonly layers: readonly string[];
  readonly key: string;
}

export interface GoldenRequest {
  /** Debian packages in the golden layer; empty: the base alone. */
  readonly packages: readonly string[];
  /** A proxy that this machine (not the twins) uses to fetch packages. */
  readonly proxy?: string;
}

const BASE_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  'openssh-server',
  'sudo',
  'python3',
  'iproute2',
  'ca-certificates',
  'procps',
  'iputils-ping',
  'curl',
  'libpam-systemd',
  'nftables',
  'tcpdump',
  'less',
] as const;
const SUITE = 'trixie';
const BUILD_SECONDS = 3600;
const WAIT_SECONDS = 3600;

export interface Build {
  readonly stage: 'base' | 'golden' | 'guest';
  readonly final: string;
  readonly script: string;
  readonly parameters: readonly string[];
  readonly proxy: string | undefined;
}

export async function goldenImage(lab: Lab, request: GoldenRequest): Promise<GoldenImage> {
  const directory = join(lab.cacheDir, 'golden');
  await mkdir(directory, { recursive: true });
  const apt = lab.cluster.apt;
  const keyring = await keyringFile(directory, apt);
  const baseKey = digest(
    JSON.stringify([BASE_SCRIPT, BASE_PACKAGES, SUITE, apt.mirror, apt.securityMirror, apt.key]),
    16,
  );
  const base = join(directory, `base-${baseKey}`);
  await build(lab, {
    stage: 'base',
    final: base,
    script: BASE_SCRIPT,
    proxy: request.proxy,
    parameters: mmdebstrapParameters({ target: join(`${base}.build`, 'root'), apt, keyring }),
  });
  const root = join(base, 'root');
  const packages = [...new Set(request.packages)].toSorted();
  if (packages.length === 0) return { layers: [root], key: baseKey };
  const key = digest(JSON.stringify([baseKey, LAYER_SCRIPT, packages]), 16);
  const layer = join(directory, `layer-${key}`);
  await build(lab, {
    stage: 'golden',
    final: layer,
    script: LAYER_SCRIPT,
    proxy: request.proxy,
    parameters: [root, join(lab.cacheDir, 'archives'), ...packages],
  });
  return { layers: [join(layer, 'upper'), root], key };
}

export interface BaseRequest {
  readonly target: string;
  readonly apt: AptOptions;
  readonly keyring: string | undefined;
}

/** Without a mirror of the spec's own mmdebstrap takes Debian's default, with updates and security. */
export function mmdebstrapParameters(request: BaseRequest): readonly string[] {
  const { apt, keyring, target } = request;
  const options = keyring === undefined ? '' : `[signed-by=${keyring}] `;
  const mirrors =
    apt.mirror === undefined
      ? []
      : [
          `deb ${options}${apt.mirror} ${SUITE} main`,
          `deb ${options}${apt.mirror} ${SUITE}-updates main`,
          `deb ${options}${apt.securityMirror ?? 'http://security.debian.org/debian-security'} ${SUITE}-security main`,
        ];
  return [
    '--variant=minbase',
    '--mode=root',
    '--aptopt=Acquire::Languages "none"',
    `--include=${BASE_PACKAGES.join(',')}`,
    SUITE,
    target,
    ...mirrors,
  ];
}

async function keyringFile(directory: string, apt: AptOptions): Promise<string | undefined> {
  if (apt.key === undefined) return undefined;
  if (!apt.key.includes('-----BEGIN')) return apt.key;
  const file = join(directory, `key-${digest(apt.key, 16)}.asc`);
  await writeFile(file, apt.key, { mode: 0o644 });
  return file;
}

const DOES: Readonly<Record<Build['stage'], string>> = {
  base: 'installing Debian 13',
  golden: 'installing the packages of the deployment',
  guest: 'making the image of instances',
};

/** Makes `final` unless it is there. */
export async function build(lab: Lab, request: Build): Promise<void> {
  const { final, stage } = request;
  if (existsSync(final)) return;
  lab.progress({ stage, message: DOES[stage] });
  // By the environment, so that nothing of it stays in the image: twins have a proxy of their own.
  const env = request.proxy === undefined ? {} : { http_proxy: request.proxy };
  const done = new AbortController();
  const following = followLog(lab, request, done.signal);
  try {
    const { code } = await tryCommand(buildArgv(request), { timeout: BUILD_SECONDS, signal: lab.signal, env });
    if (code !== 0 || !existsSync(final)) throw await failed(stage, logOf(request), code);
  } finally {
    done.abort();
    await following;
  }
  lab.progress({ stage, message: 'done' });
}

// One process from the lock to the isolation, so that the death signal reaches the one that holds everything.
const LOCKED_SCRIPT = 'exec 9>>"$1"; flock --timeout "$2" 9; exec >"$3" 2>&1; shift 3; exec "$@"';

function buildArgv(request: Build): Argv {
  const { final, parameters, script } = request;
  const locked = ['sh', '-eu', '-c', LOCKED_SCRIPT, 'build', `${final}.lock`, String(WAIT_SECONDS), logOf(request)];
  const isolated = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child=SIGKILL',
    '--mount-proc',
  ];
  const inside = ['sh', '-eu', '-c', script, 'build', final, `${final}.build`, ...parameters];
  return ['setpriv', '--pdeathsig', 'KILL', ...locked, ...isolated, ...inside];
}

function logOf(request: Build): string {
  return `${request.final}.log`;
}

async function followLog(lab: Lab, request: Build, done: AbortSignal): Promise<void> {
  let last: string | undefined;
  while (!done.aborted) {
    // Rejects as soon as the build is over.
    await lab.clock.sleep(1000, done).catch(() => undefined);
    const message = buildProgress(await readFile(logOf(request), 'utf8').catch(() => ''));
    if (message !== undefined && message !== last && !done.aborted) lab.progress({ stage: request.stage, message });
    last = message;
  }
}

/** What apt is doing, from its output: `unpacked 120, set up 30 of 351 packages`. */
export function buildProgress(log: string): string | undefined {
  const total = /(\d+) newly installed/.exec(log)?.[1];
  if (total === undefined) return undefined;
  const [fetched, unpacked, ready] = [/^Get:/gm, /^Unpacking /gm, /^Setting up /gm].map(
    (line) => log.match(line)?.length ?? 0,
  );
  return unpacked === 0
    ? `fetched ${fetched} files for ${total} packages`
    : `unpacked ${unpacked}, set up ${ready} of ${total} packages`;
}

async function failed(stage: string, logFile: string, code: number): Promise<HastackError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new HastackError({
    code: 'environment',
    message: `building the ${stage} image failed (${code}): ${lastLines(log, 12)}`,
    hint:
      spaceHint(log) ??
      `the whole log is ${logFile}; check that this machine reaches the Debian mirror, then run it again: what was fetched is kept`,
  });
}

/** Fails early and clearly where overlayfs cannot write (a cache that itself lies on an overlay). */
export async function checkOverlay(lab: Lab): Promise<void> {
  const directory = join(lab.cacheDir, `try-${process.pid}`);
  await mkdir(directory, { recursive: true });
  const script =
    'cd "$1"; mkdir l u w m; mount -t overlay t -o lowerdir=l,upperdir=u,workdir=w m; : > m/file; umount m';
  try {
    await command(['unshare', '--mount', '--propagation', 'private', 'sh', '-eu', '-c', script, 'try', directory], {
      hint: `overlayfs cannot write in ${lab.cacheDir} (it may lie on an overlay itself, as in a container); set HASTACK_CACHE to a directory on ext4, xfs or btrfs`,
    });
  } finally {
    await command(['rm', '-rf', '--one-file-system', directory]);
  }
}
