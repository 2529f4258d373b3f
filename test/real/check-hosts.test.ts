// `check --hosts` on three bare twins: green at first, then one thing after another is broken on purpose, and the
// finding names it. Through the command line, as a user runs it. Needs root and the packages of the lab.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRun } from '../../src/lab/console.ts';
import { type Lab, openLab } from '../../src/lab/context.ts';
import { labDown } from '../../src/lab/down.ts';
import { cut, healFaults } from '../../src/lab/faults.ts';
import { inLab } from '../../src/lab/namespace.ts';
import { labUp } from '../../src/lab/up.ts';
import { packageProxyUrl } from '../../src/lab/package-cache.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { systemRandom } from '../../src/lib/system-random.ts';
import type { FindingReport } from '../../src/model/finding.ts';
import { requireCluster } from '../../src/spec/check.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { layTwinProfile } from '../../src/spec/twin-profile.ts';
import { MINUTES, run, scratch } from './support/lab-tools.ts';

const SPEC = `cluster: looked-at
networks:
  management: { cidr: 10.83.1.0/24, speed: 1G, interface: eno1 }
  data: { cidr: 10.83.10.0/24, speed: 10G, interface: bond0, mtu: 9000 }
vips:
  public: { network: management, address: 10.83.1.10, name: cloud.example.org, routerId: 83 }
  internal: { network: data, address: 10.83.10.10 }
hosts:
  ctl1: { roles: [control, network], addresses: { management: 10.83.1.11, data: 10.83.10.11 } }
  ctl2: { roles: [control, network], addresses: { management: 10.83.1.12, data: 10.83.10.12 } }
  ctl3: { roles: [control, network], addresses: { management: 10.83.1.13, data: 10.83.10.13 } }
`;

describe('check --hosts on three bare twins', () => {
  let directory = '';
  let lab: Lab;

  beforeAll(async () => {
    directory = await scratch();
    const spec = join(directory, 'cluster.yaml');
    await writeFile(spec, SPEC);
    const real = requireCluster(await loadSpec(spec));
    const { cluster } = layTwinProfile(real, { aptProxy: packageProxyUrl(real) });
    const stateDir = join(directory, '.hastack', 'looked-at', 'lab');
    await mkdir(stateDir, { recursive: true });
    lab = await labUp({ cluster, stateDir, bare: true, diskGiB: 6, clock: systemClock, random: systemRandom });
  }, 10 * MINUTES);

  afterAll(async () => {
    if (lab !== undefined)
      await labDown(
        await openLab({ cluster: lab.cluster, stateDir: lab.stateDir, clock: systemClock, random: systemRandom }),
      );
    await rm(directory, { recursive: true, force: true });
  }, 2 * MINUTES);

  /** Findings about hosts; those about the text of the spec are left out. */
  async function look(): Promise<{ readonly code: number; readonly report: FindingReport; readonly said: string[] }> {
    const { code, stdout, stderr } = await program([
      'check',
      '--hosts',
      '--lab',
      '--json',
      join(directory, 'cluster.yaml'),
    ]);
    if (stdout === '') throw new Error(`nothing was printed: ${stderr}`);
    const report = JSON.parse(stdout) as FindingReport;
    const findings = report.findings.filter(({ rule }) => rule.startsWith('host.'));
    return { code, report, said: findings.map(({ rule, host, message }) => `${rule} ${host ?? '-'}: ${message}`) };
  }

  const on = async (host: string, script: string): Promise<void> => {
    const result = await consoleRun(lab, host, script);
    if (result.code !== 0) throw new Error(`${host}: ${result.stderr}`);
  };
  const outside = async (...argv: string[]): Promise<void> => {
    const [command, ...parameters] = inLab(lab.names, argv as [string, ...string[]]);
    await run(command, parameters);
  };

  it('finds nothing wrong at first, and says what it could not decide', async () => {
    const before = await fingerprint();
    const { code, report, said } = await look();
    expect(said).toEqual([]);
    expect(code).toBe(0);
    const undecided = new Set(report.undecided.map(({ rule }) => rule));
    expect([...undecided].toSorted()).toEqual(['host.link-speed', 'host.name-resolution', 'host.package-source']);
    // It looks and leaves everything as it is.
    expect(await fingerprint()).toBe(before);
  });

  async function fingerprint(): Promise<string> {
    const script =
      'find /etc /var/lib /root /usr/local /run/systemd/system -xdev -newer /etc/machine-id -printf "%p %s %T@\\n" | sort; dpkg -l';
    return (await consoleRun(lab, 'ctl1', script)).stdout;
  }

  it('sees a cable that was pulled', async () => {
    await cut(lab, { host: 'ctl2', network: 'data' });
    const { code, said } = await look();
    await healFaults(lab);
    expect(code).toBe(1);
    expect(said.toSorted()).toEqual([
      'host.network-interface ctl2: bond0 of ctl2 (network data) is down or has no link.',
      'host.network-path ctl2: ctl2 does not reach ctl1, ctl3 on data.',
    ]);
  });

  it('sees a link with a smaller MTU, on the host and between hosts', async () => {
    await on('ctl3', 'ip link set bond0 mtu 1500');
    const own = await look();
    await on('ctl3', 'ip link set bond0 mtu 9000');
    expect(own.said).toEqual(['host.mtu ctl3: bond0 of ctl3 has MTU 1500; data has 9000 in the spec.']);
    // A switch port in between: the lab's end of the cable.
    await outside('ip', 'link', 'set', 'ctl3.bond0', 'mtu', '1500');
    const between = await look();
    await outside('ip', 'link', 'set', 'ctl3.bond0', 'mtu', '9000');
    expect(between.code).toBe(1);
    expect(between.said.length).toBeGreaterThan(0);
    for (const line of between.said) expect(line).toMatch(/^host\.mtu ctl\d: Packets of 9000 bytes do not pass .*ctl3/);
  });

  it('sees another process on a port that the database needs, by name', async () => {
    await on(
      'ctl1',
      "systemd-run --unit=squatter perl -e 'use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 3306, Listen => 1); sleep 600'; n=0; until ss -Hltn | grep -q :3306; do n=$((n+1)); [ $n -lt 50 ] || exit 1; sleep 0.1; done",
    );
    const { said } = await look();
    await on('ctl1', 'systemctl stop squatter');
    expect(said).toEqual([
      'host.port-taken ctl1: perl (squatter.service) on ctl1 has tcp port 3306, which galera needs on 10.83.10.11.',
    ]);
  });

  it('sees that the address of a VIP is in use, outside and on a host', async () => {
    await outside('ip', 'address', 'add', '10.83.1.10/32', 'dev', 'br-management');
    const outsider = await look();
    await outside('ip', 'address', 'del', '10.83.1.10/32', 'dev', 'br-management');
    expect(outsider.said).toEqual([
      expect.stringMatching(
        /^host\.vip-in-use -: The VIP public \(10\.83\.1\.10\) is in use: [0-9a-f:]{17} answers for it on management\.$/,
      ),
    ]);
    expect(outsider.report.findings.find(({ rule }) => rule === 'host.vip-in-use')?.at.line).toBe(6);
    await on('ctl2', 'ip address add 10.83.1.10/32 dev eno1');
    const own = await look();
    await on('ctl2', 'ip address del 10.83.1.10/32 dev eno1');
    expect(own.said).toEqual(['host.vip-in-use ctl2: ctl2 has the VIP public (10.83.1.10) as an address of its own.']);
  });

  it('hears another VRRP router with the id of a VIP', async () => {
    const [command, ...parameters] = inLab(lab.names, ['python3', '-c', ADVERTISER]);
    const advertiser = execFile(command, parameters);
    try {
      const { said } = await look();
      expect(said).toEqual([
        expect.stringMatching(
          /^host\.router-id -: 10\.83\.1\.\d+ on management uses the VRRP router id 83, which the VIP public would have\.$/,
        ),
      ]);
    } finally {
      advertiser.kill();
    }
  });

  it('sees a full disk, and still looks at everything else', async () => {
    await on(
      'ctl1',
      'fallocate -l "$(df --output=avail -B1M /var | tail -n 1 | tr -d " ")MiB" /var/filler || fallocate -l 5500MiB /var/filler',
    );
    const { said } = await look();
    await on('ctl1', 'rm /var/filler');
    expect(said).toEqual([expect.stringMatching(/^host\.disk-space ctl1: ctl1 has \d+ MiB free under \/var\/lib; /)]);
  });

  it('sees a missing interface, a moved address, an unreachable package source and a resolver that is silent', async () => {
    await on('ctl2', 'ip address del 10.83.10.12/24 dev bond0; ip address add 10.83.10.12/24 dev eno1');
    await on(
      'ctl3',
      'echo nameserver 10.83.1.99 > /etc/resolv.conf; echo "deb http://deb.example.org/debian nosuch main" > /etc/apt/sources.list.d/x.list',
    );
    const { said } = await look();
    await on('ctl2', 'ip address del 10.83.10.12/24 dev eno1; ip address add 10.83.10.12/24 dev bond0');
    await on('ctl3', ': > /etc/resolv.conf; rm /etc/apt/sources.list.d/x.list');
    const rules = said.map((line) => line.split(':')[0]);
    expect(rules).toContain('host.network-interface ctl2');
    expect(rules).toContain('host.name-resolution ctl3');
    expect(said.find((line) => line.startsWith('host.package-source ctl3'))).toMatch(/dists\/nosuch\/InRelease/);
  });

  it('logs in to the BMCs: a wrong password is a finding per host', async () => {
    const right = await readFile(lab.paths.bmcPassword, 'utf8');
    await writeFile(lab.paths.bmcPassword, 'wrong');
    const { said } = await look();
    await writeFile(lab.paths.bmcPassword, right);
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/^host\.bmc-log-in ctl1: the BMC of ctl1 .* refuses the user or password\.$/);
  });

  it('names the hosts it cannot reach and looks at the others; exit 3 when there is none', async () => {
    await on('ctl2', 'systemctl stop ssh.service');
    const one = await look();
    expect(one.code).toBe(1);
    expect(one.said).toEqual([expect.stringMatching(/^host\.reachable ctl2: ctl2: .*refuses the connection/)]);
    await on('ctl1', 'systemctl stop ssh.service');
    await on('ctl3', 'systemctl stop ssh.service');
    expect((await look()).code).toBe(3);
    for (const host of ['ctl1', 'ctl2', 'ctl3']) await on(host, 'systemctl start ssh.service');
    expect((await look()).said).toEqual([]);
  });
});

/** VRRPv3 adverts for id 83 to the multicast group, ten per second. */
const ADVERTISER = `
import socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
s.setsockopt(socket.SOL_SOCKET, 25, b'br-management\\0')
for _ in range(600):
    s.sendto(struct.pack('!BBBBHH4s', 0x31, 83, 100, 1, 100, 0, socket.inet_aton('10.83.1.77')), ('224.0.0.18', 0))
    time.sleep(0.1)
`;

async function program(
  words: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(join(process.cwd(), 'hastack'), [...words], { maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
