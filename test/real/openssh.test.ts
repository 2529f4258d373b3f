// The OpenSSH transport against a real sshd on this machine: kills, wrong and changed keys, much output, many scripts.
// Needs root and Debian's openssh-server.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { notYet, ready, waitUntil } from '../../src/lib/poll.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import type { SshOptions } from '../../src/model/cluster.ts';
import { opensshTransport } from '../../src/remote/openssh.ts';
import type { Session } from '../../src/remote/transport.ts';

let root: string;
let port: number;
let server: ChildProcess;
const open: Session[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hastack-ssh-'));
  for (const name of ['host', 'other-host', 'user', 'stranger']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, name)]);
  }
  writeFileSync(join(root, 'authorized_keys'), readFileSync(join(root, 'user.pub')));
  port = await freePort();
  mkdirSync('/run/sshd', { recursive: true });
  server = await startServer('host');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

afterAll(() => {
  server.kill();
  rmSync(root, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: found } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return found;
}

async function startServer(hostKey: string): Promise<ChildProcess> {
  const config = join(root, `sshd_config-${hostKey}`);
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(root, hostKey)}`,
      `AuthorizedKeysFile ${join(root, 'authorized_keys')}`,
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PidFile none',
      'MaxStartups 4:100:6',
    ].join('\n'),
  );
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: 'ignore' });
  await waitUntil({
    clock: systemClock,
    deadlineMs: 15_000,
    periodMs: 100,
    what: 'sshd to listen',
    probe: () => {
      const scan = spawnSync('ssh-keyscan', ['-T', '1', '-p', String(port), '127.0.0.1'], { encoding: 'utf8' });
      return scan.stdout === '' ? notYet(scan.stderr) : ready(undefined);
    },
  });
  return child;
}

function knownHosts(hostKey: string): string {
  const file = join(root, `known_hosts-${hostKey}`);
  writeFileSync(file, `[127.0.0.1]:${port} ${readFileSync(join(root, `${hostKey}.pub`), 'utf8')}`);
  return file;
}

async function connect(
  more: { readonly ssh?: Partial<SshOptions>; readonly knownHosts?: string; readonly address?: string } = {},
): Promise<Session> {
  const transport = opensshTransport({
    hosts: [{ name: 'ctl1', address: more.address ?? '127.0.0.1' }],
    ssh: { user: 'root', port, sudo: false, identityFile: join(root, 'user'), ...more.ssh },
    configFile: join(root, 'state', 'ssh', 'config'),
    knownHosts: more.knownHosts ?? knownHosts('host'),
    clock: systemClock,
    connectTimeoutSeconds: 3,
  });
  const session = await transport.connect('ctl1');
  open.push(session);
  return session;
}

/** Writes a line every 50 ms, forever, whatever signal comes. */
function writer(file: string): string {
  return `trap '' TERM HUP INT PIPE; while :; do date +%s.%N >> ${file}; sleep 0.05; done`;
}

async function stopsGrowing(file: string, withinMs: number): Promise<void> {
  await systemClock.sleep(withinMs);
  const size = readFileSync(file, 'utf8').length;
  await systemClock.sleep(600);
  expect(readFileSync(file, 'utf8').length).toBe(size);
}

describe('scripts over ssh', () => {
  test('run as root with a sane environment; 5 MB come back unchanged', async () => {
    const session = await connect();
    const { stdout } = await session.run({
      text: 'id -u; echo "$HOME $LC_ALL"; umask; head -c 5000000 /dev/zero | tr "\\0" z',
    });
    expect(stdout.slice(0, 100)).toMatch(/^0\n\/root C\.UTF-8\n0022\nzzz/);
    expect(stdout.length).toBe('0\n/root C.UTF-8\n0022\n'.length + 5_000_000);
  });

  test('twenty side by side over one connection', async () => {
    const session = await connect();
    const numbers = [...Array(20).keys()];
    const results = await Promise.all(numbers.map((n) => session.run({ text: `sleep 0.2; echo ${n}` })));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(numbers);
  });

  test('deadline 124, abort 137', async () => {
    const session = await connect();
    expect((await session.run({ text: 'sleep 50', timeout: 0.3 })).code).toBe(124);
    const abort = new AbortController();
    const running = session.run({ text: 'sleep 50' }, abort.signal);
    setTimeout(() => abort.abort(), 100);
    expect((await running).code).toBe(137);
  });

  test('more openings at once than sshd allows still all come through', async () => {
    const sessions = await Promise.all(Array.from({ length: 12 }, () => connect()));
    expect(sessions).toHaveLength(12);
  });
});

describe('after a kill no remote child still writes', () => {
  test('of the ssh client', async () => {
    const file = join(root, 'written-1');
    const session = await connect();
    const lost = session.run({ text: writer(file) }).catch((error: Error & { code?: string }) => error.code);
    await expect.poll(() => existsSync(file), { timeout: 5000 }).toBe(true);
    const clients = execFileSync('pgrep', ['-f', '--', `-F ${join(root, 'state', 'ssh', 'config')}`], {
      encoding: 'utf8',
    });
    for (const pid of clients.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    expect(await lost).toBe('unreachable');
    await stopsGrowing(file, 2000);
  });

  test('of hastack itself', async () => {
    const file = join(root, 'written-2');
    // A process that holds the connection as hastack does, and dies without a word.
    await (await connect()).close();
    const config = join(root, 'state', 'ssh', 'config');
    const driver = join(root, 'driver');
    const { bootstrap, driverSource } = await import('../../src/remote/driver.ts');
    const { runFrame } = await import('../../src/remote/frames.ts');
    const { sh } = await import('../../src/remote/shell.ts');
    writeFileSync(driver, Buffer.concat([Buffer.from(driverSource()), runFrame(1, 600_000, writer(file))]));
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const c = require('node:child_process').spawn('ssh', ['-T', '-F', process.argv[1], 'ctl1', process.argv[2]], { detached: true });
         c.stdin.write(require('node:fs').readFileSync(process.argv[3]));`,
        config,
        sh`exec perl -e ${bootstrap(driverSource())}`,
        driver,
      ],
      { stdio: 'ignore' },
    );
    await expect.poll(() => existsSync(file), { timeout: 8000 }).toBe(true);
    parent.kill('SIGKILL');
    await stopsGrowing(file, 2000);
  });
});

describe('refused connections say what to do', () => {
  test('wrong key', async () => {
    await expect(connect({ ssh: { identityFile: join(root, 'stranger') } })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('does not accept our key') as string,
    });
  });

  test('unknown host key', async () => {
    await expect(connect({ knownHosts: join(root, 'none') })).rejects.toMatchObject({
      message: expect.stringContaining('is not known') as string,
      hint: expect.stringContaining(`ssh-keyscan -p ${port} 127.0.0.1`) as string,
    });
  });

  test('changed host key: nothing is sent', async () => {
    await expect(connect({ knownHosts: knownHosts('other-host') })).rejects.toMatchObject({
      message: expect.stringContaining('has CHANGED') as string,
    });
  });

  test('nothing listens there', async () => {
    await expect(connect({ ssh: { port: await freePort() } })).rejects.toMatchObject({
      message: expect.stringContaining('refuses the connection') as string,
    });
  });

  test('nobody answers', async () => {
    await expect(connect({ address: '192.0.2.1' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('a name that does not exist', async () => {
    await expect(connect({ address: 'no-such-host.invalid' })).rejects.toMatchObject({
      message: expect.stringContaining('is not known') as string,
    });
  });
});
