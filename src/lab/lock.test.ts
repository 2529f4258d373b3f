import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/system-clock.ts';
import { tryCommand } from './command.ts';
import { identityOf, withLock } from './lock.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(async () => rm(directory, { recursive: true }));

const options = (): { file: string; clock: typeof systemClock; what: string; wait: number } => ({
  file: join(directory, 'lock'),
  clock: systemClock,
  what: 'the lab',
  wait: 0.3,
});

describe('the lock between processes', () => {
  it('lets one in at a time and leaves no file', async () => {
    let inside = 0;
    let most = 0;
    const enter = async (): Promise<void> =>
      withLock({ ...options(), wait: 10 }, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await systemClock.sleep(20);
        inside -= 1;
      });
    await Promise.all([enter(), enter(), enter(), enter()]);
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it('says who holds it when the deadline passes, and is free after an error', async () => {
    await withLock(options(), async () => {
      await expect(withLock(options(), async () => 1)).rejects.toMatchObject({ code: 'lock-held' });
    });
    await expect(withLock(options(), async () => Promise.reject(new Error('inside')))).rejects.toThrow('inside');
    expect(await withLock(options(), async () => 2)).toBe(2);
  });

  it('is taken over from a dead owner, and from a process that only has the same number', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identityOf(child.pid ?? 0) ?? '';
    await writeFile(options().file, identity);
    await expect(withLock(options(), async () => 1)).rejects.toMatchObject({ code: 'lock-held' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withLock(options(), async () => 3)).toBe(3);
    await writeFile(options().file, `${process.pid} 1`);
    expect(await withLock(options(), async () => 4)).toBe(4);
  });
});

describe('running programs', () => {
  it('passes arguments as they are and returns what they say', async () => {
    expect(await tryCommand(['printf', '%s|', 'a b', "$(id)'", ''])).toMatchObject({ code: 0, stdout: "a b|$(id)'||" });
    expect(await tryCommand(['no-such-program'])).toMatchObject({ code: 127 });
  });

  it('kills the whole process group when the deadline passes', async () => {
    const started = systemClock.monotonic();
    const output = await tryCommand(['sh', '-c', 'sleep 30 & echo $!; wait'], { timeout: 0.3 });
    expect(output.code).toBe(124);
    expect(systemClock.monotonic() - started).toBeLessThan(5000);
    expect(identityOf(Number(output.stdout))).toBeUndefined();
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const running = tryCommand(['sleep', '30'], { signal: controller.signal });
    controller.abort(new Error('interrupted'));
    await expect(running).rejects.toThrow('interrupted');
  });
});
