// Sessions over the system's OpenSSH client: one `ssh` process per host, whose far end runs the driver as root.
//
// The user's own ssh configuration, agent, certificates and jump hosts are used; host keys are always checked.
// At most 8 connections are opened at a time (MaxStartups of a bastion), a busy sshd is tried again.
// On failure HastackError `unreachable` says what to do. Manual: ssh(1), sshd_config(5) MaxStartups.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { limiter } from '../lib/limit.ts';
import type { Clock } from '../model/clock.ts';
import type { SshOptions } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { DriverSession } from './driver-session.ts';
import { bootstrap, driverSource } from './driver.ts';
import type { HelloFrame } from './frames.ts';
import { sh } from './shell.ts';
import { renderSshConfig } from './ssh-config.ts';
import type { SshHost } from './ssh-config.ts';
import { explainSshFailure, isBusy } from './ssh-failure.ts';
import type { SshTarget } from './ssh-failure.ts';
import type { Session, Transport } from './transport.ts';

const OPENINGS_AT_A_TIME = 8;
const CONNECT_TIMEOUT_SECONDS = 10;
/** Time for a jump, log-in, sudo and the greeting together. */
const GREETING_MS = 45_000;
const BUSY_TRIES = 4;

export interface OpensshOptions {
  readonly hosts: readonly SshHost[];
  readonly ssh: SshOptions;
  /** Written here: the ssh configuration of the cluster. */
  readonly configFile: string;
  /** Host keys of the cluster, beside the user's own. */
  readonly knownHosts: string;
  readonly clock: Clock;
  readonly connectTimeoutSeconds?: number;
}

export function opensshTransport(options: OpensshOptions): Transport {
  const openings = limiter(OPENINGS_AT_A_TIME);
  let written = false;
  return {
    connect(host, signal) {
      const found = options.hosts.find(({ name }) => name === host);
      if (found === undefined) throw new Error(`${host} is not a host of this transport`);
      if (!written) writeConfig(options);
      written = true;
      return openings(() => openWithRetries(options, found, signal));
    },
  };
}

function writeConfig(options: OpensshOptions): void {
  const user = options.ssh.configFile ?? join(homedir(), '.ssh', 'config');
  if (options.ssh.configFile !== undefined && !existsSync(user)) {
    throw new HastackError({
      code: 'environment',
      message: `${user} does not exist`,
      hint: 'Correct ssh.configFile in the spec, or leave it out to use ~/.ssh/config.',
    });
  }
  const text = renderSshConfig({
    hosts: options.hosts,
    ssh: options.ssh,
    knownHosts: options.knownHosts,
    includes: [user, '/etc/ssh/ssh_config'].filter((file) => existsSync(file)),
    connectTimeoutSeconds: options.connectTimeoutSeconds ?? CONNECT_TIMEOUT_SECONDS,
  });
  mkdirSync(dirname(options.configFile), { recursive: true, mode: 0o700 });
  const draft = `${options.configFile}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, options.configFile);
}

async function openWithRetries(options: OpensshOptions, host: SshHost, signal?: AbortSignal): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open(options, host, signal);
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      if (attempt >= BUSY_TRIES) throw error.explained;
      await options.clock.sleep(300 * 2 ** attempt, signal);
    }
  }
}

/** The far sshd dropped the connection before it said anything. */
class BusyError extends Error {
  readonly explained: HastackError;

  constructor(explained: HastackError) {
    super(explained.message);
    this.explained = explained;
  }
}

async function open(options: OpensshOptions, host: SshHost, signal?: AbortSignal): Promise<Session> {
  const target = targetOf(options, host);
  const driver = driverSource();
  let busy = false;
  // A session of its own: Ctrl-C in the terminal must reach hastack only, which then ends things in order.
  const child = spawn('ssh', ['-T', '-F', options.configFile, host.name, remoteCommand(options.ssh, driver)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const session = new DriverSession({
    host: host.name,
    child,
    driver,
    clock: options.clock,
    explain: (end) => {
      busy = isBusy(end.stderr);
      return explainSshFailure(target, end);
    },
  });
  try {
    const hello = await session.start(GREETING_MS, signal);
    const unfit = whyUnfit(target, hello);
    if (unfit === undefined) return session;
    await session.close();
    throw unfit;
  } catch (error) {
    if (busy && error instanceof HastackError) throw new BusyError(error);
    throw error;
  }
}

function targetOf(options: OpensshOptions, host: SshHost): SshTarget {
  const { user, port } = options.ssh;
  return { host: host.name, address: host.address, port, user, knownHosts: options.knownHosts };
}

function remoteCommand(ssh: SshOptions, driver: string): string {
  const perl = sh`perl -e ${bootstrap(driver)}`;
  return ssh.sudo ? `exec sudo -n -- ${perl}` : `exec ${perl}`;
}

function whyUnfit(target: SshTarget, hello: HelloFrame): HastackError | undefined {
  const unreachable = (message: string, hint: string): HastackError =>
    new HastackError({ code: 'unreachable', host: target.host, message: `${target.host}: ${message}`, hint });
  if (hello.uid !== 0) {
    return unreachable(
      `${target.user} is not root`,
      'Set ssh.sudo: true (with sudo that asks no password) or ssh.user: root.',
    );
  }
  if (hello.debian === '-') {
    return unreachable('this is not a Debian system', 'hastack deploys on plain Debian 13.');
  }
  return undefined;
}
