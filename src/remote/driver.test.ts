// The driver itself, over a local connection: the same program that runs at the far end of ssh.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../lib/system-clock.ts';
import { DRIVER_LIMITS } from './driver.ts';
import { localTransport } from './local.ts';
import type { LocalOptions } from './local.ts';
import { sh } from './shell.ts';
import type { Session } from './transport.ts';

const open: Session[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

async function connect(options: Partial<LocalOptions> = {}): Promise<Session> {
  const session = await localTransport({ clock: systemClock, ...options }).connect('here');
  open.push(session);
  return session;
}

/** Processes whose environment or command line holds the word. */
function processesWith(word: string): readonly string[] {
  const found = execFileSync('sh', ['-c', 'grep -l -a -- "$1" /proc/[0-9]*/cmdline 2>/dev/null || true', 'sh', word]);
  return found
    .toString()
    .split('\n')
    .filter((path) => path !== '' && !path.includes(`/${process.pid}/`))
    .filter((path) => {
      try {
        return readFileSync(path, 'latin1').startsWith('sleep');
      } catch {
        return false;
      }
    });
}

async function until(condition: () => boolean, ms: number): Promise<number> {
  const start = Date.now();
  while (!condition() && Date.now() - start < ms) await systemClock.sleep(20);
  return Date.now() - start;
}

/** A duration for `sleep` that no other process on the machine has. */
const odd = (): string => `${3000 + Math.floor(Math.random() * 6000)}.${Date.now() % 100_000}`;

describe('a script', () => {
  test('gives back its exit status, stdout and stderr', async () => {
    const session = await connect();
    expect(await session.run({ text: 'echo out; echo err >&2; exit 7' })).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('has a sane environment and no stdin', async () => {
    const session = await connect();
    const { stdout } = await session.run({
      text: 'cat; umask; pwd; echo "$LC_ALL $DEBIAN_FRONTEND $PATH"; env | wc -l',
    });
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      '0022',
      '/',
      'C.UTF-8 noninteractive /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  test('does not show in any command line', async () => {
    const session = await connect();
    const secret = `S3cret${Date.now()}`;
    const look = sh`x=${secret}; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c ${secret.slice(0, 3)}[3]cret${secret.slice(7)}`;
    expect((await session.run({ text: look })).stdout.trim()).toBe('0');
  });

  test('carries NUL bytes, every UTF-8 text and 5 MB unchanged', async () => {
    const session = await connect();
    expect((await session.run({ text: `printf 'a\\000b\\r\\n\\303\\251\\360\\237\\222\\276'` })).stdout).toBe(
      'a\0b\r\né💾',
    );
    const big = await session.run({
      text: 'head -c 5000000 /dev/zero | tr "\\0" x; head -c 3000000 /dev/zero | tr "\\0" y >&2',
    });
    expect(big.stdout).toBe('x'.repeat(5_000_000));
    expect(big.stderr).toBe('y'.repeat(3_000_000));
  });

  test('may be larger than a pipe', async () => {
    const session = await connect();
    const payload = 'z'.repeat(1_500_000);
    const { stdout } = await session.run({ text: `wc -c <<'END'\n${payload}\nEND` });
    expect(stdout.trim()).toBe('1500001');
  });

  test('that is cut off in transit does nothing at all', async () => {
    const session = await connect();
    // What `sh` sees of a script whose sender died: everything up to some byte, then the end.
    const torn = `printf '%s' '{ exec </dev/null\necho first\necho second' | sh; echo "status $?"`;
    const { stdout } = await session.run({ text: torn });
    expect(stdout).toBe('status 2\n');
  });

  test('keeps the first bytes of an endless output and says so', async () => {
    const session = await connect({ limits: { ...DRIVER_LIMITS, outputBytes: 1000 } });
    const result = await session.run({ text: 'head -c 100000 /dev/zero | tr "\\0" x' });
    expect(result.stdout).toBe('x'.repeat(1000));
    expect(result.stderr).toContain('cut at 1000 bytes');
  });

  test('that leaves something in the background ends with its shell', async () => {
    const session = await connect();
    const started = Date.now();
    const { stdout } = await session.run({ text: 'sleep 5 & echo done; exit 0' });
    expect(stdout).toBe('done\n');
    expect(Date.now() - started).toBeLessThan(3000);
  });
});

describe('scripts side by side', () => {
  test('twenty at a time, answers in any order', async () => {
    const session = await connect();
    const order = [...Array(20).keys()];
    const started = Date.now();
    const results = await Promise.all(order.map((n) => session.run({ text: `sleep 0.${(n * 7) % 10}; echo ${n}` })));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(order);
    expect(Date.now() - started).toBeLessThan(6000);
  });
});

describe('an end is an end', () => {
  test('deadline: the group is killed, also what ignores TERM or left the group; code 124', async () => {
    const session = await connect();
    const mark = odd();
    const text = `trap '' TERM; setsid sleep ${mark} & (sleep ${mark}) ; sleep ${mark}`;
    const result = await session.run({ text: `echo begun; ${text}`, timeout: 0.3 });
    expect(result).toMatchObject({ code: 124, stdout: 'begun\n' });
    expect(processesWith(mark)).toEqual([]);
  });

  test('abort: code 137 and nothing left', async () => {
    const session = await connect();
    const mark = odd();
    const abort = new AbortController();
    const running = session.run({ text: `sleep ${mark} | cat` }, abort.signal);
    await until(() => processesWith(mark).length > 0, 5000);
    abort.abort();
    expect((await running).code).toBe(137);
    expect(processesWith(mark)).toEqual([]);
    expect((await session.run({ text: 'echo still here' })).stdout).toBe('still here\n');
  });

  test('closing the connection ends what runs, within 2 s', async () => {
    const session = await connect();
    const mark = odd();
    const running = session.run({ text: `trap '' TERM; sleep ${mark}; sleep ${mark}` });
    const outcome = running.then(
      () => 'resolved',
      (error: Error) => error.message,
    );
    await until(() => processesWith(mark).length > 0, 5000);
    const started = Date.now();
    await session.close();
    await until(() => processesWith(mark).length === 0, 5000);
    expect(Date.now() - started).toBeLessThan(3500);
    expect(await outcome).toContain('driver ended');
  });

  test('silence ends what runs: a cut network closes nothing', async () => {
    const mark = odd();
    // A driver that hears nothing after its script: no pings come from this shell.
    const session = await connect({ limits: { ...DRIVER_LIMITS, silenceSeconds: 1 } });
    const running = session.run({ text: `sleep ${mark}` }).catch((error: Error) => error.message);
    await until(() => processesWith(mark).length > 0, 5000);
    // Pings come every 3 s, the limit is 1 s.
    expect(await until(() => processesWith(mark).length === 0, 8000)).toBeLessThan(5000);
    expect(await running).toContain('driver ended');
  });

  test('a killed driver rejects what waits', async () => {
    let pid = 0;
    const session = await connect({ onSpawn: (value) => (pid = value) });
    const running = session.run({ text: 'sleep 1' }).catch((error: Error & { code?: string }) => error.code);
    process.kill(pid, 'SIGKILL');
    expect(await running).toBe('unreachable');
    await expect(session.run({ text: 'true' })).rejects.toMatchObject({ code: 'unreachable' });
  });
});
