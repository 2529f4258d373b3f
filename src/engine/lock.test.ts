// The lock against real shells: three "hosts" are three directories of this machine.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fakeClock } from '../lib/fake-clock.ts';
import { systemClock } from '../lib/system-clock.ts';
import { systemRandom } from '../lib/system-random.ts';
import type { RunEvent } from '../model/event.ts';
import { localTransport } from '../remote/local.ts';
import type { Session } from '../remote/transport.ts';
import { LOCK_DIRECTORY } from './lock-script.ts';
import { takeLock } from './lock.ts';
import type { LockOptions, LockOwner } from './lock.ts';

const HOSTS = ['ctl1', 'ctl2', 'ctl3'];
const alice: LockOwner = { machine: 'm1', hostname: 'desk', user: 'alice', pid: 100, started: 's', command: 'apply' };
const bob: LockOwner = { ...alice, machine: 'm2', hostname: 'laptop', user: 'bob' };

let root: string;
let session: Session;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "hastack-lock's-"));
  session = await localTransport({ clock: systemClock }).connect('here');
});
afterEach(async () => {
  await session.close();
  rmSync(root, { recursive: true });
});

function sessions(hosts: readonly string[] = HOSTS): ReadonlyMap<string, Session> {
  return new Map(
    hosts.map((host) => {
      const directory = `'${join(root, host).replaceAll("'", `'\\''`)}'`;
      const run: Session['run'] = (script, signal) =>
        session.run({ ...script, text: script.text.replaceAll(LOCK_DIRECTORY, directory) }, signal);
      return [host, { host, run, close: () => Promise.resolve() }];
    }),
  );
}

function options(owner: LockOwner, more: Partial<LockOptions> = {}): LockOptions & { readonly events: RunEvent[] } {
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const given = { clock: fakeClock(), random: systemRandom, emit, owner, isGone: () => false, hosts: HOSTS, events };
  return { ...given, sessions: sessions(), ...more };
}

/** The lock file of a host, as if it was written so many seconds ago. */
function age(host: string, seconds: number): void {
  const file = join(root, host, 'owner');
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[2] = String(Number(lines[2]) - seconds);
  writeFileSync(file, lines.join('\n'));
}

describe('the lock', () => {
  test('is held once, says who and since when, and is free again after release', async () => {
    const lock = await takeLock(options(alice));
    const refused = takeLock(options(bob));
    await expect(refused).rejects.toMatchObject({ code: 'lock-held' });
    await expect(refused).rejects.toThrow(/alice on desk .*apply.* since 2026-01-01T00:00:00/);
    await lock.release();
    await (await takeLock(options(bob))).release();
  });

  test('of a dead process of this machine is taken over at once', async () => {
    await takeLock(options(alice));
    const again = options({ ...alice, pid: 200 }, { isGone: (other) => other.pid === 100 });
    await takeLock(again);
    expect(again.events).toEqual([{ event: 'lock', state: 'taken-over', hosts: HOSTS }]);
  });

  test('of another machine is not, whatever process ids are gone here', async () => {
    await takeLock(options(alice));
    await expect(takeLock(options(bob, { isGone: () => true }))).rejects.toMatchObject({ code: 'lock-held' });
  });

  test('of another expires after its time, and goes at once with breakLock', async () => {
    await takeLock(options(alice, { ttlSeconds: 60 }));
    for (const host of HOSTS) age(host, 50);
    await expect(takeLock(options(bob))).rejects.toMatchObject({ code: 'lock-held' });
    for (const host of HOSTS) age(host, 20);
    await takeLock(options(bob));
    const broken = options(alice, { breakLock: true });
    await takeLock(broken);
    expect(broken.events[0]).toMatchObject({ state: 'taken-over' });
  });

  test('needs a majority of all lock hosts, and leaves nothing behind without one', async () => {
    await (await takeLock(options(alice, { sessions: sessions(['ctl1', 'ctl3']) }))).release();
    const few = takeLock(options(alice, { sessions: sessions(['ctl2']) }));
    await expect(few).rejects.toMatchObject({ code: 'apply-failed' });
    await expect(few).rejects.toThrow(/needs 2 of ctl1, ctl2, ctl3, but ctl1, ctl3 cannot be reached/);
    await (await takeLock(options(bob))).release();
  });

  test('of two who come at the same time exactly one gets it', async () => {
    const outcomes = await Promise.allSettled([takeLock(options(alice)), takeLock(options(bob))]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('is renewed while it is held, and lost is said when it was broken', async () => {
    const clock = fakeClock();
    const lock = await takeLock(options(alice, { clock, ttlSeconds: 40 }));
    for (const host of HOSTS) age(host, 35);
    await clock.advance(11_000);
    await expect
      .poll(() => readFileSync(join(root, 'ctl3', 'owner'), 'utf8').split('\n')[2])
      .toBe(readFileSync('/proc/uptime', 'utf8').split('.')[0]);
    expect(lock.lost.aborted).toBe(false);
    await takeLock(options(bob, { breakLock: true }));
    await expect
      .poll(async () => {
        await clock.advance(11_000);
        return lock.lost.aborted;
      })
      .toBe(true);
    expect(lock.lost.reason).toMatchObject({ code: 'lock-held' });
    await lock.release();
    // Releasing what is no longer ours does not free what is bob's.
    await expect(takeLock(options(alice))).rejects.toThrow(/bob/);
  });
});
