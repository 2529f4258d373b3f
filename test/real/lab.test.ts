// The lab for real: three twins are booted, cut, partitioned, powered off and removed.
// Needs root and the packages of src/lab/prerequisites.ts; installs Debian once into the image cache.
// Everything is asked of the system, not of what the lab believes about itself.
import { rm, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bmcPasswordOf } from '../../src/lab/bmc.ts';
import { consoleRun } from '../../src/lab/console.ts';
import { type Lab, type LabOptions, openLab } from '../../src/lab/context.ts';
import { labDown } from '../../src/lab/down.ts';
import { cut, healFaults, loss, partition, signalUnit } from '../../src/lab/faults.ts';
import { heal } from '../../src/lab/heal.ts';
import { leftovers } from '../../src/lab/leftovers.ts';
import { inLab } from '../../src/lab/namespace.ts';
import { packageProxyUrl } from '../../src/lab/package-cache.ts';
import { isOn, power } from '../../src/lab/power.ts';
import { sshCommand } from '../../src/lab/ssh.ts';
import { labStatus } from '../../src/lab/status.ts';
import { supervisorProcesses } from '../../src/lab/supervisor.ts';
import { labUp } from '../../src/lab/up.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { labCluster } from './support/lab-cluster.ts';
import { MINUTES, optionsFor, pings, run, scratch, traces, until } from './support/lab-tools.ts';

describe('a lab of three hosts', () => {
  let stateDir = '';
  let lab: Lab;
  let options: LabOptions;

  beforeAll(async () => {
    stateDir = await scratch();
    options = optionsFor('real', 81, stateDir);
    lab = await labUp({ ...options, bare: true });
  }, 10 * MINUTES);

  afterAll(async () => {
    await labDown(await openLab(options));
    await rm(stateDir, { recursive: true, force: true });
  }, 2 * MINUTES);

  it(
    'boots every host with its own addresses and MTU, and they reach each other',
    async () => {
      for (const host of ['ctl1', 'ctl2', 'ctl3'])
        expect((await consoleRun(lab, host, 'systemctl is-system-running')).stdout.trim()).toBe('running');
      expect(await pings(lab, 'ctl1', '10.81.0.12')).toBe(true);
      expect((await consoleRun(lab, 'ctl1', 'ping -c 1 -W 1 -M do -s 8972 10.81.1.13')).code).toBe(0);
      expect((await consoleRun(lab, 'ctl1', 'ping -c 1 -W 1 -M do -s 8972 10.81.0.13')).code).not.toBe(0);
      const ids = await Promise.all(
        ['ctl1', 'ctl2', 'ctl3'].map(async (host) => (await consoleRun(lab, host, 'cat /etc/machine-id')).stdout),
      );
      expect(new Set(ids).size).toBe(3);
    },
    MINUTES,
  );

  it(
    'lets ssh in with strictly checked host keys, as a user with sudo',
    async () => {
      const [program, ...parameters] = inLab(lab.names, [
        'ssh',
        ...sshCommand(lab.cluster, stateDir, 'ctl2').slice(1),
        'hostname; sudo -n id -un',
      ]);
      const { stdout } = await run(program, parameters);
      expect(stdout).toBe('ctl2\nroot\n');
      const wrong = sshCommand(lab.cluster, stateDir, 'ctl2').map((word) =>
        word.startsWith('UserKnownHostsFile=') ? 'UserKnownHostsFile=/dev/null' : word,
      );
      const [again, ...refused] = inLab(lab.names, ['ssh', ...wrong.slice(1), 'true']);
      await expect(run(again, refused)).rejects.toThrow(/Host key verification failed/);
    },
    MINUTES,
  );

  it(
    'contains the hosts: no clock, no modules, limited disk and memory',
    async () => {
      const clock = await consoleRun(lab, 'ctl1', 'date -s "@$(date +%s)"');
      expect(clock.code).not.toBe(0);
      const bounding = (await consoleRun(lab, 'ctl1', 'grep CapBnd /proc/1/status')).stdout;
      const capabilities = BigInt(`0x${bounding.trim().split(/\s+/)[1] ?? '0'}`);
      expect(capabilities & (1n << 25n)).toBe(0n); // CAP_SYS_TIME
      expect(capabilities & (1n << 16n)).toBe(0n); // CAP_SYS_MODULE
      const disk = Number((await consoleRun(lab, 'ctl1', 'df -BM --output=size / | tail -1 | tr -dc 0-9')).stdout);
      expect(disk).toBeLessThan(8300);
      const eater = await consoleRun(lab, 'ctl1', 'python3 -c "b = bytearray(4 * 2**30)"');
      expect(eater.code).not.toBe(0);
      expect(await isOn(lab, 'ctl1')).toBe(true);
    },
    2 * MINUTES,
  );

  it('has no way out', async () => {
    expect((await consoleRun(lab, 'ctl1', 'ip route show default')).stdout).toBe('');
    const [program, ...parameters] = inLab(lab.names, ['ip', 'route', 'show', 'default']);
    expect((await run(program, parameters)).stdout).toBe('');
  });

  it(
    'cuts power without a last word: no FIN or RST leaves the host',
    async () => {
      const watch = [
        'tcpdump -i eno1 -n -l "src host 10.81.0.13 and tcp port 22" > /tmp/seen 2>/dev/null & dump=$!',
        'sleep 1',
        'python3 -c "import socket, time; s = socket.create_connection((\'10.81.0.13\', 22)); s.recv(9); time.sleep(5)" & client=$!',
        'sleep 4; kill $dump; kill $client; wait; cat /tmp/seen',
      ].join('\n');
      const control = consoleRun(lab, 'ctl1', watch);
      await systemClock.sleep(2500);
      await consoleRun(lab, 'ctl3', 'systemctl kill --kill-whom=all --signal=KILL ssh.service');
      // The control: a killed process does say goodbye, so the capture would show it.
      expect((await control).stdout).toMatch(/Flags \[(F|R)/);
      await until(
        'sshd is back',
        20,
        async () => (await consoleRun(lab, 'ctl3', 'systemctl restart ssh; systemctl is-active ssh')).code === 0,
      );

      await consoleRun(lab, 'ctl3', 'echo kept > /root/kept; sync; echo gone > /run/gone');
      const watching = consoleRun(lab, 'ctl1', watch);
      await systemClock.sleep(2500);
      await power(lab, 'ctl3', 'off');
      const { stdout } = await watching;
      expect(stdout).toMatch(/Flags \[S/);
      expect(stdout).not.toMatch(/Flags \[(F|R)/);
      expect(await pings(lab, 'ctl1', '10.81.0.13')).toBe(false);
      await expect(consoleRun(lab, 'ctl3', 'true')).rejects.toThrow(/powered off/);
    },
    2 * MINUTES,
  );

  it(
    'starts cleanly afterwards: files are there, /run is new',
    async () => {
      await power(lab, 'ctl3', 'on');
      const { stdout } = await consoleRun(
        lab,
        'ctl3',
        'cat /root/kept; ls /run/gone 2>&1; systemctl is-system-running --wait',
      );
      expect(stdout).toMatch(/^kept\n.*No such file.*\nrunning\n$/);
      await until('ctl3 answers', 10, async () => pings(lab, 'ctl1', '10.81.0.13'));
    },
    MINUTES,
  );

  it(
    'plugs a host in again that rebooted from inside',
    async () => {
      const before = (await consoleRun(lab, 'ctl2', 'cat /proc/sys/kernel/random/boot_id; echo here > /run/before'))
        .code;
      expect(before).toBe(0);
      await consoleRun(lab, 'ctl2', 'systemctl reboot');
      await until(
        'ctl2 rebooted',
        60,
        async () =>
          (await isOn(lab, 'ctl2')) &&
          (await consoleRun(lab, 'ctl2', 'test ! -e /run/before && systemctl is-active ssh')).code === 0,
      );
      await until('ctl2 answers', 20, async () => pings(lab, 'ctl1', '10.81.0.12'));
    },
    2 * MINUTES,
  );

  it(
    'cuts one network card and heals it, with the other one untouched',
    async () => {
      await cut(lab, { host: 'ctl2', network: 'data' });
      expect(await pings(lab, 'ctl1', '10.81.1.12')).toBe(false);
      expect(await pings(lab, 'ctl1', '10.81.0.12')).toBe(true);
      await power(lab, 'ctl2', 'reset');
      await until('ctl2 answers on management', 20, async () => pings(lab, 'ctl1', '10.81.0.12'));
      expect(await pings(lab, 'ctl1', '10.81.1.12')).toBe(false);
      await healFaults(lab);
      await until('ctl2 answers on data', 10, async () => pings(lab, 'ctl1', '10.81.1.12'));
    },
    2 * MINUTES,
  );

  it(
    'partitions both ways and one way',
    async () => {
      await partition(lab, { from: ['ctl1'], to: ['ctl2'] });
      expect(await pings(lab, 'ctl1', '10.81.0.12')).toBe(false);
      expect(await pings(lab, 'ctl2', '10.81.0.13')).toBe(true);
      await healFaults(lab);
      await partition(lab, { from: ['ctl1'], to: ['ctl3'], oneWay: true });
      const listen = consoleRun(
        lab,
        'ctl1',
        'timeout 4 tcpdump -c 1 -i eno1 -n "udp port 7777 and src host 10.81.0.13" >/dev/null 2>&1',
      );
      const deaf = consoleRun(
        lab,
        'ctl3',
        'timeout 4 tcpdump -c 1 -i eno1 -n "udp port 7777 and src host 10.81.0.11" >/dev/null 2>&1',
      );
      await systemClock.sleep(1000);
      const send = (to: string): string =>
        `python3 -c "import socket; [socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('${to}', 7777)) for _ in range(5)]"`;
      await consoleRun(lab, 'ctl3', send('10.81.0.11'));
      await consoleRun(lab, 'ctl1', send('10.81.0.13'));
      expect((await listen).code).toBe(0);
      expect((await deaf).code).toBe(124);
      await healFaults(lab);
      expect(await pings(lab, 'ctl1', '10.81.0.13')).toBe(true);
    },
    MINUTES,
  );

  it(
    'loses about as many packets as asked for',
    async () => {
      await loss(lab, { host: 'ctl2', network: 'data', percent: 30 });
      const { stdout } = await consoleRun(lab, 'ctl1', 'ping -q -c 300 -i 0.01 -W 1 10.81.1.12');
      await healFaults(lab);
      // Lost on the way there or on the way back: 1 - 0.7 * 0.7 = 51 %; six standard deviations are 17 %.
      const lost = Number(/([\d.]+)% packet loss/.exec(stdout)?.[1]);
      expect(lost).toBeGreaterThan(34);
      expect(lost).toBeLessThan(68);
    },
    MINUTES,
  );

  it(
    'heals a fault at its time, though nobody asks',
    async () => {
      await cut(lab, { host: 'ctl3', network: 'management' }, { healAfter: 2 });
      expect(await pings(lab, 'ctl1', '10.81.0.13')).toBe(false);
      await until('the supervisor healed it', 10, async () => pings(lab, 'ctl1', '10.81.0.13'));
      expect((await labStatus(lab)).faults).toEqual([]);
    },
    MINUTES,
  );

  it(
    'freezes a service; healing thaws it',
    async () => {
      await signalUnit(lab, 'ctl2', { unit: 'ssh.service', signal: 'STOP' });
      const state = 'ps -o stat= -p "$(systemctl show -P MainPID ssh)"';
      expect((await consoleRun(lab, 'ctl2', state)).stdout).toMatch(/^T/);
      await heal(lab);
      expect((await consoleRun(lab, 'ctl2', state)).stdout).toMatch(/^[SR]/);
    },
    MINUTES,
  );

  it(
    'gets packages through the cache of the lab',
    async () => {
      const apt = `apt-get -q -o Acquire::http::Proxy=${packageProxyUrl(lab.cluster)}`;
      const { code, stderr } = await consoleRun(lab, 'ctl3', {
        text: `${apt} update && DEBIAN_FRONTEND=noninteractive ${apt} install -y --no-install-recommends hello`,
        timeout: 180,
      });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect((await consoleRun(lab, 'ctl3', 'hello')).stdout).toContain('Hello');
    },
    4 * MINUTES,
  );

  it(
    'is fenced by the stock agent, which sees the power as it is',
    async () => {
      const apt = `DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::http::Proxy=${packageProxyUrl(lab.cluster)}`;
      const install = `${apt} update && ${apt} install -y --no-install-recommends fence-agents-redfish`;
      expect((await consoleRun(lab, 'ctl1', { text: install, timeout: 300 })).code).toBe(0);
      const password = await bmcPasswordOf(lab);
      const fence = async (action: string, secret = password): Promise<number> => {
        const answers = [
          'ip=10.81.9.13',
          'username=admin',
          `password=${secret}`,
          'ssl_insecure=1',
          'systems_uri=/redfish/v1/Systems/ctl3',
          `action=${action}`,
        ];
        return (await consoleRun(lab, 'ctl1', `fence_redfish <<'EOF'\n${answers.join('\n')}\nEOF`)).code;
      };
      expect(await fence('status')).toBe(0);
      expect(await fence('off', 'wrong')).toBe(1);
      expect(await isOn(lab, 'ctl3')).toBe(true);
      expect(await fence('off')).toBe(0);
      expect(await isOn(lab, 'ctl3')).toBe(false);
      expect(await fence('status')).toBe(2);
      expect(await fence('on')).toBe(0);
      await until('ctl3 answers', 20, async () => pings(lab, 'ctl1', '10.81.0.13'));
    },
    6 * MINUTES,
  );

  it(
    'is served again by heal after the supervisor was killed',
    async () => {
      const reset = async (host: string, octet: number, type: string): Promise<string> => {
        const config = `user = "admin:${await bmcPasswordOf(lab)}"\n`;
        const url = `https://10.81.9.${octet}/redfish/v1/Systems/${host}`;
        const curl = `curl -sk -o /dev/null -w '%{http_code}' -K - -H 'Content-Type: application/json' -d '{"ResetType":"${type}"}' ${url}/Actions/ComputerSystem.Reset`;
        return (await consoleRun(lab, 'ctl1', `${curl} <<'EOF'\n${config}EOF`)).stdout;
      };
      for (const id of await supervisorProcesses(lab)) process.kill(id, 'SIGKILL');
      expect(await reset('ctl2', 12, 'ForceOff')).toBe('000');
      expect(await isOn(lab, 'ctl2')).toBe(true);
      await heal(lab);
      expect(await reset('ctl2', 12, 'ForceOff')).toBe('204');
      expect(await isOn(lab, 'ctl2')).toBe(false);
      expect(await reset('ctl2', 12, 'On')).toBe('204');
      expect(await isOn(lab, 'ctl2')).toBe(true);
      for (const id of await supervisorProcesses(lab)) process.kill(id, 'SIGKILL');
      await power(lab, 'ctl2', 'off');
      await heal(lab);
      expect((await labStatus(lab)).hosts.map((host) => host.power)).toEqual(['on', 'on', 'on']);
      await until('ctl2 answers', 20, async () => pings(lab, 'ctl1', '10.81.0.12'));
    },
    2 * MINUTES,
  );

  it(
    'changes nothing when it is brought up again',
    async () => {
      const inits = async (): Promise<readonly string[]> =>
        Promise.all(
          ['ctl1', 'ctl2', 'ctl3'].map(
            async (host) =>
              (
                await consoleRun(
                  lab,
                  host,
                  'systemctl show -P ActiveEnterTimestampMonotonic ssh; stat -c %Y /etc/hostname',
                )
              ).stdout,
          ),
        );
      const before = await inits();
      await labUp({ ...options, bare: true });
      expect(await inits()).toEqual(before);
    },
    MINUTES,
  );

  it(
    'runs beside a second lab with the same host names and addresses',
    async () => {
      const other = await scratch();
      const second = await labUp({
        ...options,
        cluster: { ...labCluster('real-two', 81, ['ctl1', 'ctl2']) },
        stateDir: other,
        bare: true,
      });
      await consoleRun(second, 'ctl1', 'echo second > /root/which');
      expect(await pings(second, 'ctl1', '10.81.0.12')).toBe(true);
      expect((await consoleRun(lab, 'ctl1', 'cat /root/which')).code).not.toBe(0);
      // A host that leaves the spec loses its twin; the other one runs on.
      const smaller = await labUp({
        ...options,
        cluster: labCluster('real-two', 81, ['ctl1']),
        stateDir: other,
        bare: true,
      });
      expect((await labStatus(smaller)).hosts.map(({ name }) => name)).toEqual(['ctl1']);
      expect(await isOn(second, 'ctl2')).toBe(false);
      expect((await consoleRun(smaller, 'ctl1', 'cat /root/which')).stdout).toBe('second\n');
      const { ino } = await stat(second.names.netnsPath);
      await labDown(second);
      expect(await leftovers(second)).toEqual([]);
      expect(await traces(second, ino)).toEqual([]);
      expect(await pings(lab, 'ctl1', '10.81.0.12')).toBe(true);
      await rm(other, { recursive: true });
    },
    3 * MINUTES,
  );

  it(
    'leaves nothing behind, also when everything was killed before',
    async () => {
      const { ino } = await stat(lab.names.netnsPath);
      for (const id of await supervisorProcesses(lab)) process.kill(id, 'SIGKILL');
      await labDown(lab);
      expect(await leftovers(lab)).toEqual([]);
      expect(await traces(lab, ino)).toEqual([]);
      await labDown(lab);
    },
    2 * MINUTES,
  );
});
