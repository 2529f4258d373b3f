// The lock of a cluster: held on a majority of the lock hosts, so that two operators never change it at once.
//
// It has an owner (machine, process, user, since when) and expires unless renewed. The lock of a dead process of this
// machine is taken over at once, another's when it expired or with breakLock. `lost` aborts when it was taken from us.
// On failure: HastackError `lock-held` (exit 5) says who holds it; too few hosts: `apply-failed`.
import type { Clock, RandomBytes } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import type { Session } from '../remote/transport.ts';
import { releaseScript, renewScript, takeScript } from './lock-script.ts';
import type { LockRecord } from './lock-script.ts';
import { onHosts } from './parallel.ts';

const TTL_SECONDS = 120;
const SCRIPT_TIMEOUT_SECONDS = 20;

export interface LockOwner {
  /** Id of the machine hastack runs on. */
  readonly machine: string;
  readonly hostname: string;
  readonly user: string;
  readonly pid: number;
  /** Start time of that process, so that a reused process id is told apart. */
  readonly started: string;
  /** What it does: `apply`. */
  readonly command: string;
}

export interface LockOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly emit: Emit;
  readonly owner: LockOwner;
  /** Whether the process of an owner on this same machine is gone. */
  readonly isGone: (other: LockOwner) => boolean;
  /** All hosts that count for the majority, in the order they are asked. */
  readonly hosts: readonly string[];
  /** Those that answered. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly breakLock?: boolean;
  readonly ttlSeconds?: number;
}

export interface ClusterLock {
  /** Aborts when the lock is no longer ours: stop at once. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

interface Held {
  readonly owner: LockOwner & { readonly since: string };
  readonly token: string;
  readonly expired: boolean;
}

export async function takeLock(options: LockOptions): Promise<ClusterLock> {
  const since = new Date(options.clock.now()).toISOString();
  const record: LockRecord = {
    token: Buffer.from(options.random(16)).toString('hex'),
    ttlSeconds: options.ttlSeconds ?? TTL_SECONDS,
    owner: JSON.stringify({ ...options.owner, since }),
  };
  const majority = Math.floor(options.hosts.length / 2) + 1;
  const taken: string[] = [];
  let over = false;
  // One after another in the same order for everybody: two operators then meet on the first host.
  for (const host of options.hosts) {
    const outcome = await takeOn(options, record, host);
    if (outcome === 'unreachable') continue;
    if (outcome === 'taken' || outcome === 'taken-over') {
      taken.push(host);
      over ||= outcome === 'taken-over';
      continue;
    }
    await releaseOn(options, record.token, taken);
    throw heldError(outcome, host);
  }
  if (taken.length < majority) {
    await releaseOn(options, record.token, taken);
    throw tooFew(options.hosts, taken, majority);
  }
  options.emit({ event: 'lock', state: over ? 'taken-over' : 'taken', hosts: taken });
  return keep(options, record, { hosts: taken, majority });
}

async function takeOn(
  options: LockOptions,
  record: LockRecord,
  host: string,
): Promise<'taken' | 'taken-over' | 'unreachable' | Held> {
  const session = options.sessions.get(host);
  if (session === undefined) return 'unreachable';
  const first = await ask(session, takeScript(record, undefined));
  if (first === 'taken') return 'taken';
  const held = parseHeld(first, host);
  const own = held.owner.machine === options.owner.machine;
  const mayTake = options.breakLock === true || held.expired || (own && options.isGone(held.owner));
  if (!mayTake) return held;
  const second = await ask(session, takeScript(record, held.token));
  return second === 'taken' ? 'taken-over' : parseHeld(second, host);
}

function keep(
  options: LockOptions,
  record: LockRecord,
  on: { readonly hosts: readonly string[]; readonly majority: number },
): ClusterLock {
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = renew(options, record, { ...on, lost, ended: ended.signal });
  return {
    lost: lost.signal,
    release: async () => {
      ended.abort();
      await renewing;
      await releaseOn(options, record.token, on.hosts);
      options.emit({ event: 'lock', state: 'released', hosts: on.hosts });
    },
  };
}

async function renew(
  options: LockOptions,
  record: LockRecord,
  until: {
    readonly hosts: readonly string[];
    readonly majority: number;
    readonly lost: AbortController;
    readonly ended: AbortSignal;
  },
): Promise<void> {
  const { clock } = options;
  let renewed = clock.monotonic();
  for (;;) {
    await clock.sleep((record.ttlSeconds * 1000) / 4, until.ended).catch(() => undefined);
    if (until.ended.aborted) return;
    const { done } = await onHosts({}, until.hosts, async (host) => {
      const session = options.sessions.get(host);
      return session === undefined ? 'lost' : ask(session, renewScript(record));
    });
    const kept = [...done.values()].filter((answer) => answer === 'renewed').length;
    if (kept >= until.majority) renewed = clock.monotonic();
    const takenAway =
      [...done.values()].filter((answer) => answer === 'lost').length > until.hosts.length - until.majority;
    // Without an answer it may still be ours, but only until it would have expired.
    if (!takenAway && clock.monotonic() - renewed < record.ttlSeconds * 1000) continue;
    until.lost.abort(lostError());
    return;
  }
}

async function releaseOn(options: LockOptions, token: string, hosts: readonly string[]): Promise<void> {
  // A host that is away keeps the lock until it expires; nothing more can be done about it now.
  await onHosts({}, hosts, async (host) => {
    const session = options.sessions.get(host);
    if (session !== undefined) await ask(session, releaseScript(token));
  });
}

async function ask(session: Session, text: string): Promise<string> {
  const result = await session.run({ text, timeout: SCRIPT_TIMEOUT_SECONDS });
  if (result.code === 0) return result.stdout.trim();
  throw new HastackError({
    code: 'apply-failed',
    host: session.host,
    message: `${session.host}: the lock cannot be written: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    hint: 'Is there space left in /var, and can it be written?',
  });
}

function parseHeld(answer: string, host: string): Held {
  const [head = '', line = ''] = answer.split('\n');
  const match = /^held ([01]) (\S+)$/.exec(head);
  const unknown = {
    machine: '',
    hostname: 'an unknown machine',
    user: 'somebody',
    pid: 0,
    started: '',
    command: '',
    since: 'an unknown time',
  };
  if (match === null) return { owner: { ...unknown, hostname: host }, token: '', expired: false };
  const owner = parseOwner(line) ?? unknown;
  return { owner, token: match[2] ?? '', expired: match[1] === '1' };
}

function parseOwner(line: string): Held['owner'] | undefined {
  try {
    return JSON.parse(line) as Held['owner'];
  } catch {
    return undefined;
  }
}

function heldError(held: Held, host: string): HastackError {
  const { user, hostname, command, pid, since } = held.owner;
  return new HastackError({
    code: 'lock-held',
    host,
    message: `${user} on ${hostname} is at work on this cluster (${command === '' ? 'unknown command' : command}, process ${pid}) since ${since}`,
    hint: 'Wait until it has finished. If it cannot go on, its lock expires by itself after two minutes, or take it with --break-lock.',
  });
}

function tooFew(hosts: readonly string[], taken: readonly string[], majority: number): HastackError {
  const missing = hosts.filter((host) => !taken.includes(host));
  return new HastackError({
    code: 'apply-failed',
    message: `the lock needs ${majority} of ${hosts.join(', ')}, but ${missing.join(', ')} cannot be reached`,
    hint: 'Nothing was changed. Bring these hosts back, or see `hastack recover` when they are lost.',
  });
}

function lostError(): HastackError {
  return new HastackError({
    code: 'lock-held',
    message: 'another run has taken the lock of this cluster, or it could not be renewed in time',
    hint: 'This run stopped at once. Run the same command again when the other one has finished.',
  });
}
