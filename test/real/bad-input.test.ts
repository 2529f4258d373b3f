// What users and their machines get wrong, on hosts that are real enough to refuse: no way there, wrong key, changed
// host key, full disk, apt that cannot install, a port that somebody else has. Each is a clear error with a hint and
// the documented exit code; nothing is lost, and the deployment goes on when the cause is gone.
// Needs root and the lab's packages. One lab; nothing is deployed before the last test.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyRun } from './support/deployment.ts';
import { Deployment, HOSTS } from './support/deployment.ts';
import { MINUTES, run } from './support/lab-tools.ts';

let cluster: Deployment;

beforeAll(async () => {
  cluster = await Deployment.up('proof-bad', 94);
  await cluster.onAll('DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y memcached >/dev/null');
}, 5 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

/** All that was said, for people: messages and hints. */
function said({ failures, stdout, stderr }: ApplyRun): string {
  const text = failures.map(({ message, hint }) => `${message}\n  hint: ${hint}`).join('\n');
  const all = text === '' ? `${stdout.slice(-2000)}${stderr}` : text;
  process.stdout.write(`${all}\n\n`);
  return all;
}

describe('hosts that cannot be reached', () => {
  it('all of them: exit 3, every host and a hint', async () => {
    for (const host of HOSTS) await lab(['cut', host, 'management']);
    const failed = await cluster.apply();
    const text = said(failed);
    await lab(['heal']);
    expect(failed.code).toBe(3);
    for (const host of HOSTS) expect(text).toContain(`${host}: `);
    expect(text).toMatch(/hint|Is the host on/);
  });

  it('one of them, before anything is formed: exit 4, nothing formed, the host is named', async () => {
    await lab(['power', 'off', 'ctl3']);
    const failed = await cluster.apply();
    const text = said(failed);
    await lab(['power', 'on', 'ctl3']);
    expect([failed.code, failed.changed]).toEqual([4, []]);
    expect(text).toMatch(/ctl3 cannot be read/);
  });

  it('a wrong key: exit 3', async () => {
    const key = join(cluster.stateDirectory, 'twins/id_ed25519');
    const good = await readFile(key);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(cluster.directory, 'other')]);
    await writeFile(key, await readFile(join(cluster.directory, 'other')));
    const failed = await cluster.apply();
    await writeFile(key, good);
    expect(failed.code).toBe(3);
    expect(said(failed)).toMatch(/does not accept our key[\s\S]*authorized_keys/);
  });

  it('a changed host key: nothing is sent there, and what to do is said', async () => {
    const known = join(cluster.stateDirectory, 'twins/known_hosts');
    const good = await readFile(known, 'utf8');
    const [, other = ''] = (await readFile(join(cluster.directory, 'other.pub'), 'utf8')).split(' ');
    const changed = (hosts: readonly string[]): string =>
      good
        .split('\n')
        .map((line) => {
          const [address = '', type = ''] = line.split(' ');
          return hosts.some((host) => address.includes(cluster.address(host)) || address.split(',').includes(host))
            ? `${address} ${type} ${other}`
            : line;
        })
        .join('\n');
    await writeFile(known, changed(HOSTS));
    const all = await cluster.apply();
    await writeFile(known, changed(['ctl1']));
    const one = await cluster.apply();
    await writeFile(known, good);
    expect(all.code).toBe(3);
    expect(said(all)).toMatch(/host key of \S+ has CHANGED; nothing was sent/);
    expect(said(all)).toMatch(/ssh-keygen -R/);
    expect([one.code, one.changed]).toEqual([4, []]);
    expect(said(one)).toMatch(/ctl1/);
    expect(JSON.stringify(one.events)).toMatch(/has CHANGED/);
  });
});

describe('hosts that cannot do what is asked', () => {
  it('a full disk: exit 4, says so, and leaves no half-written file', async () => {
    await cluster.on(
      'ctl1',
      'for size in 1G 64M 1M 64K 4K; do n=0; while fallocate -l $size /fill.$size.$n 2>/dev/null; do n=$((n + 1)); done; rm -f /fill.$size.$n; done; df / >&2',
    );
    const failed = await cluster.apply();
    const text = said(failed);
    const torn = await cluster.on(
      'ctl1',
      "find /etc /usr/local /var/lib/hastack -name '*hastack*' -size 0 -type f 2>/dev/null || true",
    );
    await cluster.on('ctl1', 'rm -f /fill.*');
    expect(failed.code).toBe(4);
    expect(text).toMatch(/ctl1: .*(No space left on device|space left)/);
    expect(torn).toBe('');
  });

  it('a package proxy that is down: exit 4, the address is named', async () => {
    const broken = '/etc/apt/apt.conf.d/99broken';
    await cluster.on(
      'ctl2',
      `echo 'Acquire::http::Proxy "http://127.0.0.1:9";' > ${broken}; rm -rf /var/lib/apt/lists/*`,
    );
    const failed = await cluster.apply();
    await cluster.on('ctl2', `rm ${broken}`);
    expect(failed.code).toBe(4);
    expect(said(failed)).toMatch(/ctl2: [\s\S]*127\.0\.0\.1[\s\S]*hint: \S/);
  });

  it('a package that no source has: exit 4, the package is named', async () => {
    await cluster.on(
      'ctl3',
      "printf 'Package: memcached\\nPin: release *\\nPin-Priority: -1\\n' > /etc/apt/preferences.d/99none; DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y memcached >/dev/null",
    );
    const failed = await cluster.apply();
    await cluster.on('ctl3', 'rm /etc/apt/preferences.d/99none');
    expect(failed.code).toBe(4);
    expect(said(failed)).toMatch(/ctl3: packages:host [\s\S]*memcached[\s\S]*hint: \S/);
  });

  it.each([
    ['ctl2', 3306],
    ['ctl3', 5000],
  ])('%s with port %i taken: exit 4, host and port are named', async (host, port) => {
    const listen = `TCP-LISTEN:${port},bind=${cluster.address(host, 'data')},reuseaddr,fork`;
    await cluster.on(host, `systemd-run --quiet --unit=squatter socat ${listen} EXEC:/bin/true`);
    const failed = await cluster.apply();
    await cluster.on(host, 'systemctl stop squatter');
    const text = said(failed);
    expect(failed.code).toBe(4);
    expect(text).toContain(host);
    expect(text).toMatch(new RegExp(`${port}|[Aa]ddress already in use`));
  });

  it('goes on afterwards as if nothing had happened', async () => {
    const applied = await cluster.apply();
    expect(applied.failures).toEqual([]);
    expect(applied.code).toBe(0);
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
    expect((await cluster.cli(['status', '--lab'])).code).toBe(0);
  });
});

async function lab(words: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.cli(['lab', ...words]);
  if (code !== 0) throw new Error(`lab ${words.join(' ')}: ${stderr}`);
}
