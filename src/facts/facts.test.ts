// Parsers of facts on real output: of twins of Debian 13, deployed and bare, and of a server where it says so.
import { describe, expect, it } from 'vitest';
import { clockFrom } from './clock.ts';
import { disk } from './disk.ts';
import { interfaces } from './interfaces.ts';
import { listeners } from './listeners.ts';
import { packageSource } from './package-source.ts';
import { reach } from './reach.ts';
import { resolvers } from './resolvers.ts';
import { system } from './system.ts';
import { vipNeighbours } from './vip-neighbours.ts';
import { vrrp } from './vrrp.ts';

const END = 'end-of-facts\n';

describe('system', () => {
  const twin = `id debian\nversion 13\ncodename trixie\nmachine-id 6b81b9cbd2cfb93a5a4429df776199e1\nmemory 24684084\nflags \ncontainer systemd-nspawn\n`;
  it('of a container', () => {
    expect(system.parse(twin + END)).toEqual({
      distribution: 'debian',
      version: '13',
      codename: 'trixie',
      machineId: '6b81b9cbd2cfb93a5a4429df776199e1',
      memoryMiB: 24_105,
      virtualisation: false,
      kvm: false,
      container: 'systemd-nspawn',
    });
  });
  it('of a server', () => {
    const server = twin.replace('flags ', 'flags vmx').replace('systemd-nspawn', 'none') + 'kvm yes\n';
    expect(system.parse(server + END)).toMatchObject({ virtualisation: true, kvm: true, container: undefined });
  });
  it('counts the limit of a container, and none when there is none', () => {
    expect(system.parse(`${twin}limit 2147483648\n${END}`).memoryMiB).toBe(2048);
    expect(system.parse(`${twin}limit max\n${END}`).memoryMiB).toBe(24_105);
  });
});

describe('disk', () => {
  it.each([
    [
      'overlay of a twin',
      'hastack-twin       6102624 326104   5760136       6% /',
      'hastack-twin   393216   518 392698    1% /',
      '/',
      5625,
      99,
    ],
    [
      'own file system',
      '/dev/mapper/vg-var lib 10255636 9000000 712996 93% /var/lib',
      '/dev/mapper/vg-var lib 655360 650000 5360 100% /var/lib',
      '/var/lib',
      696,
      0,
    ],
    ['btrfs, without inodes', '/dev/sda2 500000000 100 400000000 1% /', '/dev/sda2 0 0 0 - /', '/', 390_625, undefined],
  ])('%s', (_what, blocks, inodes, mountPoint, freeMiB, freeInodes) => {
    expect(disk.parse(`${blocks}\n${inodes}\n${END}`)).toEqual({ path: '/var/lib', mountPoint, freeMiB, freeInodes });
  });
});

describe('interfaces', () => {
  it('of a twin, a server with a bond and a VLAN, and a port without a link', () => {
    const output = String.raw`link 1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
link 2: eno1@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\    link/ether fe:77:b8:10:54:5f brd ff:ff:ff:ff:ff:ff link-netnsid 0
link 3: bond0: <BROADCAST,MULTICAST,MASTER,UP,LOWER_UP> mtu 9000 qdisc noqueue state UP mode DEFAULT group default qlen 1000\    link/ether 0a:e5:51:8e:f6:f5 brd ff:ff:ff:ff:ff:ff
link 4: bond0.20@bond0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state LOWERLAYERDOWN mode DEFAULT group default qlen 1000\    link/ether 0a:e5:51:8e:f6:f5 brd ff:ff:ff:ff:ff:ff
address 1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
address 2: eno1    inet 10.77.1.11/24 brd 10.77.1.255 scope global eno1\       valid_lft forever preferred_lft forever
address 2: eno1    inet6 fd00::11/64 scope global \       valid_lft forever preferred_lft forever
speed bond0 20000
speed eno1 -1
speed lo 
`;
    const [lo, eno1, bond0, vlan] = interfaces.parse(output + END);
    expect(lo?.speed).toBeUndefined();
    expect(eno1).toEqual({
      name: 'eno1',
      up: true,
      mtu: 1500,
      mac: 'fe:77:b8:10:54:5f',
      addresses: ['10.77.1.11/24', 'fd00::11/64'],
      speed: undefined,
    });
    expect(bond0).toMatchObject({ name: 'bond0', up: true, mtu: 9000, speed: 20_000 });
    expect(vlan).toMatchObject({ name: 'bond0.20', up: false });
  });
});

describe('listeners', () => {
  it('with programs, units, all addresses and scopes', () => {
    const output = `listen udp UNCONN 0      0      10.77.10.11:123   0.0.0.0:* users:(("chronyd",pid=596,fd=5))
listen tcp LISTEN 0      128        0.0.0.0:22    0.0.0.0:* users:(("sshd",pid=79,fd=6))
listen tcp LISTEN 0      4096     127.0.0.53%lo:53  0.0.0.0:*
listen tcp LISTEN 0      128           [::]:22       [::]:* users:(("sshd",pid=79,fd=7))
listen tcp LISTEN 0      4096             *:4369        *:* users:(("epmd",pid=3020,fd=3),("systemd",pid=1,fd=96))
cgroup 1 0::/hastack-ebc22fe1/ctl1/container/payload/init.scope
cgroup 3020 0::/hastack-ebc22fe1/ctl1/container/payload/system.slice/epmd.service
cgroup 79 0::/system.slice/ssh.service
`;
    expect(listeners.parse(output + END)).toEqual([
      { protocol: 'udp', address: '10.77.10.11', port: 123, program: 'chronyd', unit: undefined },
      { protocol: 'tcp', address: '*', port: 22, program: 'sshd', unit: 'ssh.service' },
      { protocol: 'tcp', address: '127.0.0.53', port: 53, program: undefined, unit: undefined },
      { protocol: 'tcp', address: '*', port: 22, program: 'sshd', unit: 'ssh.service' },
      { protocol: 'tcp', address: '*', port: 4369, program: 'epmd', unit: 'epmd.service' },
    ]);
  });
});

describe('package source', () => {
  it('reached, failed, and what the lists have', () => {
    const output = `reached http://deb.example.org/debian/dists/trixie/InRelease
failed http://deb.example.org/debian/dists/nosuch/InRelease E: Failed to fetch http://deb.example.org/debian/dists/nosuch/InRelease  404  Not Found [IP: 10.77.1.254 3142]
lists yes
policy mariadb-server:
policy   Installed: (none)
policy   Candidate: 1:11.8.6-0+deb13u1
policy   Version table:
policy      1:11.8.6-0+deb13u1 500
policy         500 http://deb.example.org/debian trixie/main amd64 Packages
policy keystone:
policy   Installed: (none)
policy   Candidate: (none)
`;
    const { sources, candidates, lists } = packageSource.parse(output + END);
    expect(sources.map(({ url, reachable }) => [url.split('/').at(-2), reachable])).toEqual([
      ['trixie', true],
      ['nosuch', false],
    ]);
    expect(sources[1]?.detail).toContain('404  Not Found');
    expect(candidates).toEqual({ 'mariadb-server': '1:11.8.6-0+deb13u1' });
    expect(lists).toBe(true);
  });
});

describe('probes', () => {
  it('reach', () => {
    const output =
      'reach management 10.77.1.12 answers answers\nreach data 10.77.10.12 answers silent\nreach data 10.77.10.13 silent too-long\n';
    expect(reach.parse(output + END)).toEqual([
      { network: 'management', address: '10.77.1.12', answers: true, full: 'answers' },
      { network: 'data', address: '10.77.10.12', answers: true, full: 'silent' },
      { network: 'data', address: '10.77.10.13', answers: false, full: 'too-long' },
    ]);
  });
  it('vips', () => {
    const output =
      'vip internal 10.77.10.10 lladdr 62:8b:fa:4b:ae:72 REACHABLE \nvip public 10.77.1.10 FAILED \nvip third \n';
    expect(vipNeighbours.parse(output + END)).toEqual([
      { vip: 'internal', mac: '62:8b:fa:4b:ae:72' },
      { vip: 'public', mac: undefined },
      { vip: 'third', mac: undefined },
    ]);
  });
  it('vrrp', () => {
    expect(vrrp.parse(`advert data 10.77.10.13 173\n${END}`)).toEqual([
      { network: 'data', source: '10.77.10.13', routerId: 173 },
    ]);
    expect(vrrp.parse(END)).toEqual([]);
  });
  it('resolvers', () => {
    const output =
      'resolver 10.0.0.1 0\nresolver 10.0.0.2 3\nresolver 10.0.0.3 5\nresolver 10.0.0.4 silent\nresolver 10.0.0.5 2\n';
    expect(resolvers.parse(output + END).map(({ answers, detail }) => `${answers} ${detail}`)).toEqual([
      'true answers',
      'true answers',
      'false refuses',
      'false silent',
      'false fails',
    ]);
  });
});

describe('clock', () => {
  it('is that of NTP: half of both ways, without the time the script took', () => {
    // Sent at 1000.000 s, the host says 1003.100 … 1008.100, received at 1005.200: 3 s ahead, 0.1 s of error.
    const sample = { sent: 1_000_000, received: 1_005_200, began: '1003100000000\n', ended: '1008100000000\n' };
    const { offset, error } = clockFrom(sample);
    expect(offset).toBeCloseTo(3, 6);
    expect(error).toBeCloseTo(0.1, 6);
  });
  it('is unknown when date printed no time', () => {
    expect(() => clockFrom({ sent: 0, received: 1, began: '', ended: '' })).toThrow(/no time/);
  });
});

it.each(Object.entries({ system, disk, interfaces, listeners, resolvers, packageSource, reach, vipNeighbours, vrrp }))(
  '%s is unknown, not empty, when the script was cut off',
  (_name, gatherer) => {
    expect(() => gatherer.parse('link 1: lo')).toThrow();
  },
);
