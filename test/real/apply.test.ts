// A deployment and what may happen to it afterwards: nothing, drift by hand, a change of the spec, a host that is
// away, a power cut of all hosts. Everything is asked of the hosts, not of what apply says about itself.
// Needs root and the lab's packages. One lab for the whole file; the tests follow on each other.
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployment, HOSTS } from './support/deployment.ts';
import { adminApi } from './support/admin-api.ts';
import { differences, files, invocations } from './support/evidence.ts';
import { MINUTES, until } from './support/lab-tools.ts';

let cluster: Deployment;

beforeAll(async () => {
  cluster = await Deployment.up('proof-apply', 92);
  const first = await cluster.apply();
  expect(first.failures).toEqual([]);
  expect(first.code).toBe(0);
  say(`deployed in ${first.seconds.toFixed(0)} s, ${first.changed.length} changes`);
}, 10 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

describe('a second apply', () => {
  it('changes nothing: no unit started anew, no file written', async () => {
    const [unitsBefore, filesBefore] = [await invocations(cluster), await files(cluster)];
    const again = await cluster.apply();
    expect(again.failures).toEqual([]);
    expect([again.code, again.changed]).toEqual([0, []]);
    expect(differences(filesBefore, await files(cluster))).toEqual([]);
    expect(differences(unitsBefore, await invocations(cluster))).toEqual([]);
    for (const unit of ['mariadb', 'rabbitmq-server', 'memcached', 'haproxy', 'keepalived', 'keystone'])
      for (const host of HOSTS) expect([...unitsBefore.keys()]).toContain(`${host} ${unit}.service`);
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
    say(`apply without changes: ${again.seconds.toFixed(1)} s, ${unitsBefore.size} units, ${filesBefore.size} files`);
  });
});

/** Drift by hand: what is done, and what the plan has to name for it. */
const DRIFT: readonly (readonly [what: string, does: () => Promise<unknown>, names: readonly string[]])[] = [
  [
    'a file is edited',
    () => cluster.on('ctl2', 'echo "# by hand" >> /etc/security/limits.d/60-hastack.conf'),
    ['ctl2 file:/etc/security/limits.d/60-hastack.conf'],
  ],
  [
    'the mode of a file',
    () => cluster.on('ctl3', 'chmod 0644 /etc/keystone/fernet-keys/1'),
    ['ctl3 file:/etc/keystone/fernet-keys/1'],
  ],
  ['a unit is stopped', () => cluster.on('ctl1', 'systemctl stop memcached'), ['ctl1 unit:memcached']],
  ['a unit is disabled', () => cluster.on('ctl2', 'systemctl disable --quiet chrony'), ['ctl2 unit:chrony']],
  [
    'a package is removed',
    () => cluster.on('ctl3', 'DEBIAN_FRONTEND=noninteractive apt-get -qq remove -y mariadb-backup >/dev/null'),
    ['ctl3 packages:host'],
  ],
  [
    'a database grant',
    () => cluster.on('ctl1', 'mariadb -e "REVOKE DROP ON keystone.* FROM keystone@\'%\'"'),
    ['ctl1 mariadb:user:keystone'],
  ],
  [
    'a role assignment',
    async () => (await adminApi(cluster)).removeRoles('hastack-probe', 'service'),
    ['ctl1 keystone:role-assignment:Default:hastack-probe:reader:project:Default:service'],
  ],
  [
    'an endpoint',
    async () => (await adminApi(cluster)).moveEndpoint('admin', 'https://elsewhere.example:5000/v3'),
    ['ctl1 keystone:endpoint:RegionOne:identity:admin'],
  ],
  [
    'a queue policy',
    () => cluster.on('ctl1', 'rabbitmqctl -q clear_policy expire-abandoned'),
    ['ctl1 rabbitmq:policy:/:expire-abandoned'],
  ],
  [
    'a certificate',
    () => cluster.on('ctl1', 'cat /etc/hastack/tls/rabbitmq.crt > /etc/hastack/tls/galera.crt'),
    ['ctl1 file:/etc/hastack/tls/galera.crt', 'ctl1 unit:mariadb'],
  ],
  ['a sysctl', () => cluster.on('ctl2', 'sysctl -qw net.core.somaxconn=128'), ['ctl2 sysctl:net.core.somaxconn']],
];

describe('drift by hand', () => {
  it('is named exactly by plan and mended exactly by apply, of eleven kinds', async () => {
    const unitsBefore = await invocations(cluster);
    const expected: string[] = [];
    for (const [what, does, names] of DRIFT) {
      await does();
      expected.push(...names);
      const { changes } = await cluster.plan();
      expect(changes, what).toEqual(expected.toSorted());
    }
    const mended = await cluster.apply();
    expect(mended.failures).toEqual([]);
    expect([mended.code, mended.changed]).toEqual([0, expected.toSorted()]);
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
    expect(differences(unitsBefore, await invocations(cluster))).toEqual([
      'ctl1 mariadb.service',
      'ctl1 memcached.service',
    ]);
    const grants = await cluster.on('ctl2', 'mariadb -N -e "SHOW GRANTS FOR keystone@\'%\'"');
    expect(grants).toContain('GRANT ALL PRIVILEGES ON `keystone`.*');
    expect(await cluster.on('ctl2', 'sysctl -n net.core.somaxconn')).toBe('4096\n');
    say(`${expected.length} changes mended in ${mended.seconds.toFixed(0)} s`);
  });

  it('of a VIP is healed by Keepalived itself', async () => {
    const vip = cluster.address('vip');
    const holders = async (): Promise<readonly string[]> =>
      [...(await cluster.onAll(`ip -o address show | grep -c 'inet ${vip}/' || true`))].flatMap(([host, count]) =>
        count.trim() === '0' ? [] : [host],
      );
    const [holder = '', ...others] = await holders();
    expect(others).toEqual([]);
    const [, device = '', , address = ''] = (
      await cluster.on(holder, `ip -o address show | grep 'inet ${vip}/'`)
    ).split(/\s+/);
    await cluster.on(holder, `ip address delete ${address} dev ${device}`);
    const started = performance.now();
    await until('the VIP is back', 5, async () => (await holders()).length === 1);
    say(`the VIP was back within ${Math.round(performance.now() - started)} ms`);
    expect((await cluster.plan()).plan.changes).toEqual([]);
  });
});

describe('one option changed in the spec', () => {
  it('restarts that service only, one host at a time, and nobody notices', async () => {
    await cluster.writeSpec('config: { keystone.conf: { token: { expiration: 7200 } } }\n');
    const { code, changes } = await cluster.plan();
    const wanted = HOSTS.flatMap((host) => [`${host} file:/etc/keystone/keystone.conf`, `${host} unit:keystone`]);
    expect([code, changes]).toEqual([2, wanted]);
    const unitsBefore = await invocations(cluster);
    const loop = await getLoop();
    const applied = await cluster.apply();
    const seen = await loop.stop();
    expect(applied.failures).toEqual([]);
    expect([applied.code, applied.changed]).toEqual([0, wanted]);
    expect(differences(unitsBefore, await invocations(cluster))).toEqual(
      HOSTS.map((host) => `${host} keystone.service`),
    );
    const order = applied.events.flatMap((event) =>
      (event.event === 'member-step' && event.does.startsWith('restart')) || event.event === 'member-healthy'
        ? [`${event.host} ${event.event}`]
        : [],
    );
    expect(order).toEqual(HOSTS.flatMap((host) => [`${host} member-step`, `${host} member-healthy`]));
    say(`GET /v3 every 20 ms: ${seen.requests} requests, slowest ${seen.slowest} ms, failed ${seen.failures.length}`);
    expect(seen.requests).toBeGreaterThan(200);
    expect([seen.failures, seen.outstanding]).toEqual([[], 0]);
    expect((await cluster.plan()).changes).toEqual([]);
  });
});

describe('a host that is away', () => {
  it('keeps members of a quorum from being restarted; they wait for it', async () => {
    await lab(['power', 'off', 'ctl3']);
    await cluster.writeSpec(
      'config: { keystone.conf: { token: { expiration: 7200 } }, my.cnf: { mariadbd: { max_connections: 900 } } }\n',
    );
    const invocation = (host: string) => cluster.on(host, 'systemctl show -P InvocationID mariadb rabbitmq-server');
    const before = [await invocation('ctl1'), await invocation('ctl2')];
    const applied = await cluster.apply();
    expect(applied.code).toBe(4);
    expect([await invocation('ctl1'), await invocation('ctl2')]).toEqual(before);
    const said = applied.failures.map(({ message }) => message).join('\n');
    say(said);
    expect(said).toMatch(/not reached: ctl3/);
    expect(said).toMatch(/ctl1 waits: restart of galera waits/);
    expect(said).toMatch(/ctl2 waits: restart of galera waits/);
    for (const host of ['ctl1', 'ctl2']) {
      const list = await cluster.on(host, 'grep wsrep_cluster_address /etc/mysql/mariadb.conf.d/99-hastack.cnf');
      for (const each of HOSTS) expect(list).toContain(cluster.address(each, 'data'));
      expect(await cluster.on(host, 'cat /etc/rabbitmq/rabbitmq.conf /etc/haproxy/haproxy.cfg')).toContain('ctl3');
    }
    expect(await cluster.on('ctl1', 'mariadb -N -e "SELECT @@max_connections"')).not.toBe('900\n');
  });

  it('is taken in again when it is back, and what waited is done', async () => {
    await lab(['power', 'on', 'ctl3']);
    const applied = await cluster.apply();
    expect(applied.failures).toEqual([]);
    expect(applied.code).toBe(0);
    for (const host of HOSTS) expect(await cluster.on(host, 'mariadb -N -e "SELECT @@max_connections"')).toBe('900\n');
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
    expect((await cluster.cli(['status', '--lab'])).code).toBe(0);
  });
});

describe('a power cut of all hosts', () => {
  const ROWS = 500;

  it('is refused by apply, which names recover and touches no data', async () => {
    const statements = `CREATE DATABASE ledger; USE ledger; CREATE TABLE entries (id INT PRIMARY KEY);
      INSERT INTO entries SELECT seq FROM seq_1_to_${ROWS}`;
    await cluster.on('ctl1', `mariadb -e "${statements}"`);
    for (const host of HOSTS) await lab(['power', 'off', host]);
    for (const host of HOSTS) await lab(['power', 'on', host]);
    const state = () => cluster.onAll('cat /var/lib/mysql/grastate.dat; ls /var/lib/mysql/ledger');
    const before = await state();
    const applied = await cluster.apply();
    const said = applied.failures.map(({ message, hint }) => `${message}\n${hint}`).join('\n');
    say(said);
    expect(applied.code).toBe(4);
    expect(said).toMatch(/galera runs nowhere, but there is data/);
    expect(said).toMatch(/hastack recover/);
    expect(await state()).toEqual(before);
    for (const host of HOSTS)
      expect(await cluster.on(host, 'systemctl is-active mariadb || true')).not.toBe('active\n');
  });

  it('has lost no row once the newest copy has formed the cluster again', async () => {
    const positions = await cluster.onAll(
      `install -d -o mysql -g mysql /run/mysqld; galera_recovery 2>/dev/null | grep -o '[0-9]*$'`,
    );
    const [newest = 'ctl1'] = [...positions].toSorted(([, a], [, b]) => Number(b) - Number(a)).map(([host]) => host);
    await cluster.on(
      newest,
      `sed -i 's/safe_to_bootstrap:.*/safe_to_bootstrap: 1/' /var/lib/mysql/grastate.dat
      echo "_WSREP_NEW_CLUSTER='--wsrep-new-cluster'" > /run/mysqld/wsrep-new-cluster; chown mysql: /run/mysqld/wsrep-new-cluster
      systemctl reset-failed mariadb; systemctl start mariadb`,
      300,
    );
    const applied = await cluster.apply();
    expect(applied.failures).toEqual([]);
    expect(applied.code).toBe(0);
    for (const host of HOSTS)
      expect(await cluster.on(host, 'mariadb -N -e "SELECT COUNT(*), SUM(id) FROM ledger.entries"')).toBe(
        `${ROWS}\t${(ROWS * (ROWS + 1)) / 2}\n`,
      );
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
  });
});

async function lab(words: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.cli(['lab', ...words]);
  if (code !== 0) throw new Error(`lab ${words.join(' ')}: ${stderr}`);
}

interface Seen {
  readonly requests: number;
  readonly slowest: number;
  readonly outstanding: number;
  readonly failures: readonly unknown[];
}

/** GET /v3 through the public VIP from inside the lab, every 20 ms, until it is stopped. */
async function getLoop(): Promise<{ readonly stop: () => Promise<Seen> }> {
  const program = new URL('./support/get-loop.mjs', import.meta.url).pathname;
  const ca = `${cluster.stateDirectory}/credentials/ca.crt`;
  const name = `cloud.${cluster.name}.example`;
  const [first, ...rest] = cluster.inLab([process.execPath, program, cluster.address('vip'), name, ca, '20']);
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await until('the loop runs', 20, async () => text.includes('ready'));
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return JSON.parse(text.slice(text.indexOf('{'))) as Seen;
    },
  };
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
