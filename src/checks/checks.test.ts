// Checks of hosts: a healthy cluster of three gives nothing; one fact after another is changed, and the finding says it.
import { describe, expect, it } from 'vitest';
import { sampleCluster } from '../../test/support/sample-cluster.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { Cluster } from '../model/cluster.ts';
import type { BmcFact, CheckInput, HostCheck } from './check.ts';
import { spaceNeeds } from './needs.ts';
import { CHECKS } from './registry.gen.ts';

type Changes = { readonly [K in keyof HostFacts]?: Partial<Extract<HostFacts[K], { known: true }>['state']> };

const known = <T>(state: T) => ({ known: true, state }) as const;

function factsOf(cluster: Cluster, name: string, changes: Changes = {}): HostFacts {
  const host = cluster.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(name);
  const links = Object.entries(host.interfaces).map(([network, device]) => ({
    name: device,
    up: true,
    mtu: 1500,
    mac: '02:00:00:00:00:01',
    addresses: host.addresses[network] === undefined ? [] : [`${host.addresses[network]}/24`],
    speed: 10_000,
  }));
  const others = cluster.hosts.filter((each) => each.name !== name);
  const reach = others.flatMap((other) =>
    Object.entries(other.addresses).map(([network, address]) => ({
      network,
      address,
      answers: true,
      full: 'answers' as const,
    })),
  );
  const system = {
    distribution: 'debian',
    version: '13',
    codename: 'trixie',
    machineId: name,
    memoryMiB: 16_000,
    virtualisation: true,
    kvm: true,
    container: undefined,
  };
  const lists = <T>(own: readonly T[], changed: unknown): readonly T[] =>
    changed === undefined ? own : (changed as readonly T[]);
  return {
    system: known({ ...system, ...changes.system }),
    disk: known({ path: '/var/lib', mountPoint: '/', freeMiB: 100_000, freeInodes: 90, ...changes.disk }),
    interfaces: known(lists(links, changes.interfaces)),
    listeners: known(lists([], changes.listeners)),
    resolvers: known(lists([{ address: '10.0.0.1', answers: true, detail: 'answers' }], changes.resolvers)),
    packages: known({
      sources: [{ url: 'http://deb.example.org/debian/dists/trixie/InRelease', reachable: true, detail: '' }],
      candidates: { 'mariadb-server': '1', keystone: '1' },
      lists: true,
      ...changes.packages,
    }),
    reach: known(lists(reach, changes.reach)),
    vips: known(
      lists(
        cluster.vips.map(({ name: vip }) => ({ vip, mac: undefined })),
        changes.vips,
      ),
    ),
    vrrp: known(lists([], changes.vrrp)),
    clock: known({ offset: 0.01, error: 0.02, ...changes.clock }),
  };
}

interface Given {
  readonly cluster?: Cluster;
  readonly ctl2?: Changes;
  readonly others?: Changes;
  readonly unread?: keyof HostFacts;
  readonly bmc?: BmcFact;
}

function run({ cluster = sampleCluster(), ctl2, others, unread, bmc }: Given): readonly string[] {
  const facts = new Map(
    cluster.hosts.map(({ name }) => [name, factsOf(cluster, name, name === 'ctl2' ? ctl2 : others)] as const),
  );
  const second = facts.get('ctl2');
  if (unread !== undefined && second !== undefined)
    facts.set('ctl2', { ...second, [unread]: { known: false, reason: 'it was cut off' } });
  const needs = new Map(
    cluster.hosts.map(({ name, addresses }) => [
      name,
      {
        ports: [{ component: 'galera', protocol: 'tcp' as const, port: 3306, address: addresses['data'] ?? '' }],
        units: ['mariadb.service'],
        memoryMiB: 4000,
        diskMiB: 3000,
      },
    ]),
  );
  const input: CheckInput = {
    cluster,
    facts,
    unreachable: new Map(),
    needs,
    bmcs: new Map(bmc === undefined ? [] : [['ctl2', bmc]]),
  };
  return (CHECKS as readonly HostCheck[]).flatMap((check) =>
    check
      .check(input)
      .map((outcome) =>
        'missing' in outcome
          ? `${check.id} undecided: ${outcome.missing}`
          : `${check.id} ${outcome.severity ?? check.severity}: ${outcome.message}`,
      ),
  );
}

const listener = { protocol: 'tcp', address: '*', port: 3306, program: 'mysqld', unit: 'mysql.service' } as const;
const own = factsOf(sampleCluster(), 'ctl2');
const links = own.interfaces.known ? own.interfaces.state : [];
const paths = own.reach.known ? own.reach.state : [];

describe('checks of hosts', () => {
  it('find nothing on healthy hosts', () => {
    expect(run({})).toEqual([]);
  });

  it.each<readonly [string, Given, readonly string[]]>([
    [
      'release',
      { ctl2: { system: { version: '12', codename: 'bookworm' } } },
      ['host.debian-version critical: ctl2 runs debian 12 bookworm, not Debian 13 (trixie).'],
    ],
    [
      'little memory',
      { ctl2: { system: { memoryMiB: 4500 } } },
      ['host.memory warning: ctl2 has 4500 MiB of memory; its components take 4000 MiB.'],
    ],
    [
      'too little memory',
      { ctl2: { system: { memoryMiB: 2000 } } },
      ['host.memory critical: ctl2 has 2000 MiB of memory; its components take 4000 MiB.'],
    ],
    [
      'little disk',
      { ctl2: { disk: { freeMiB: 4000 } } },
      ['host.disk-space warning: ctl2 has 4000 MiB free under /var/lib; its components need 3000 MiB to begin with.'],
    ],
    [
      'no inodes',
      { ctl2: { disk: { freeInodes: 1 } } },
      ['host.disk-space critical: ctl2 has 1 % of the inodes under /var/lib left.'],
    ],
    [
      'slow link',
      { ctl2: { interfaces: links.map((link) => ({ ...link, speed: 1000 })) as never } },
      ['host.link-speed warning: bond0 of ctl2 runs at 1000 Mbit/s; data is 10000 Mbit/s in the spec.'],
    ],
    [
      'wrong prefix',
      {
        ctl2: {
          interfaces: links.map((link) =>
            link.name === 'bond0' ? { ...link, addresses: ['10.10.10.12/16'] } : link,
          ) as never,
        },
      },
      [
        'host.network-interface critical: ctl2: the address is 10.10.10.12/16 on the host, but the network is 10.10.10.0/24.',
      ],
    ],
    [
      'no interface',
      { ctl2: { interfaces: links.filter(({ name }) => name !== 'eno3') } },
      ['host.network-interface critical: ctl2 has no interface eno3 for the network external; it has eno1, bond0.'],
    ],
    [
      'path with a smaller MTU',
      {
        ctl2: {
          reach: paths.map((path) => (path.address === '10.10.10.13' ? { ...path, full: 'silent' } : path)) as never,
        },
      },
      ['host.mtu critical: Packets of 1500 bytes do not pass from ctl2 to ctl3 on data; small ones do.'],
    ],
    [
      'one path broken',
      {
        ctl2: {
          reach: paths.map((path) =>
            path.address === '10.10.10.13' ? { ...path, answers: false, full: 'silent' } : path,
          ) as never,
        },
      },
      ['host.network-path critical: ctl2 does not reach ctl3 on data.'],
    ],
    [
      'taken port',
      { ctl2: { listeners: [listener] as never } },
      [
        'host.port-taken critical: mysqld (mysql.service) on ctl2 has tcp port 3306, which galera needs on 10.10.10.12.',
      ],
    ],
    ['port on another address', { ctl2: { listeners: [{ ...listener, address: '127.0.0.1' }] as never } }, []],
    ['port of our own unit', { ctl2: { listeners: [{ ...listener, unit: 'mariadb.service' }] as never } }, []],
    [
      'resolver',
      {
        ctl2: {
          resolvers: [
            { address: '10.0.0.1', answers: true, detail: 'answers' },
            { address: '10.0.0.2', answers: false, detail: 'silent' },
          ] as never,
        },
      },
      ['host.name-resolution warning: ctl2 gets no answer from the resolver 10.0.0.2 (silent).'],
    ],
    [
      'package',
      { ctl2: { packages: { candidates: { 'mariadb-server': '1' } } } },
      ['host.package-source critical: The package sources of ctl2 do not have keystone.'],
    ],
    [
      'clock',
      { ctl2: { clock: { offset: -4 } } },
      ['host.clock-offset warning: The clock of ctl2 is 4.0 s behind the other hosts.'],
    ],
    [
      'clock far off',
      { ctl2: { clock: { offset: 4000 } } },
      ['host.clock-offset critical: The clock of ctl2 is 4000.0 s ahead of the other hosts.'],
    ],
    [
      'clock over a slow line',
      { ctl2: { clock: { offset: 1.5, error: 2 } } },
      ['host.clock-offset undecided: the clock of ctl2 to within 2.0 s'],
    ],
    ['VRRP of ours', { ctl2: { vrrp: [{ network: 'management', source: '10.10.1.11', routerId: 51 }] as never } }, []],
    [
      'VRRP of others with another id',
      { ctl2: { vrrp: [{ network: 'management', source: '10.10.1.1', routerId: 9 }] as never } },
      [],
    ],
    [
      'VRRP of others',
      { ctl2: { vrrp: [{ network: 'management', source: '10.10.1.1', routerId: 51 }] as never } },
      ['host.router-id critical: 10.10.1.1 on management uses the VRRP router id 51, which the VIP public would have.'],
    ],
    [
      'machine-id',
      { ctl2: { system: { machineId: 'ctl1' } } },
      ['host.machine-id warning: ctl2 and ctl1 have the same /etc/machine-id.'],
    ],
    [
      'BMC',
      { bmc: { state: 'fails', message: 'the BMC of ctl2 refuses the user or password' } },
      ['host.bmc-log-in critical: the BMC of ctl2 refuses the user or password.'],
    ],
    [
      'BMC without a password',
      { bmc: { state: 'untried', missing: 'the secret bmc/ctl2' } },
      ['host.bmc-log-in undecided: the secret bmc/ctl2'],
    ],
    ['unread', { unread: 'disk' }, ['host.disk-space undecided: disk of ctl2 (it was cut off)']],
  ])('%s', (_what, given, expected) => {
    expect(run(given)).toEqual(expected);
  });

  it('names the host whose own cable is out, not everybody who misses it', () => {
    const silent = (cluster: Cluster, name: string, gone: (address: string) => boolean) => {
      const { reach } = factsOf(cluster, name);
      return (reach.known ? reach.state : []).map((path) =>
        gone(path.address) ? { ...path, answers: false, full: 'silent' as const } : path,
      );
    };
    const cluster = sampleCluster();
    const said = run({
      ctl2: { reach: silent(cluster, 'ctl2', (address) => address.startsWith('10.10.10.')) },
      others: { reach: silent(cluster, 'ctl1', (address) => address === '10.10.10.12') },
    });
    expect(said).toEqual(['host.network-path critical: ctl2 does not reach ctl1, ctl3 on data.']);
  });

  it('wants virtualisation of compute hosts only, and says what twins cannot show', () => {
    const compute = sampleCluster().hosts.map((host) =>
      host.name === 'ctl2' ? { ...host, roles: ['compute' as const] } : host,
    );
    const bare = { system: { virtualisation: false, kvm: false } };
    expect(run({ ctl2: bare })).toEqual([]);
    expect(run({ ctl2: bare, cluster: sampleCluster({ hosts: compute }) })[0]).toMatch(
      /^host.virtualisation critical: ctl2 has a processor without/,
    );
    const twinProfile = [{ option: 'dns', real: '', twin: '', reason: '' }];
    expect(run({ ctl2: bare, cluster: sampleCluster({ hosts: compute, twinProfile }) })[0]).toContain(
      'virtualisation undecided',
    );
  });
});

it('what a host needs follows the options of its components', () => {
  const services = { galera: { hosts: ['ctl1'], gcache: 64 }, memcached: { hosts: ['ctl1'], memory: 64 } };
  const small = sampleCluster({
    services,
    overrides: { all: { 'my.cnf': { mariadbd: { innodb_buffer_pool_size: '128M' } } }, hosts: {} },
  });
  const large = sampleCluster({
    services,
    overrides: { all: {}, hosts: { ctl1: { 'my.cnf': { mariadbd: { innodb_buffer_pool_size: '4G' } } } } },
  });
  const needs = (cluster: Cluster, index: number) => {
    const host = cluster.hosts[index];
    return host === undefined ? undefined : spaceNeeds(cluster, host);
  };
  expect((needs(large, 0)?.memoryMiB ?? 0) - (needs(small, 0)?.memoryMiB ?? 0)).toBe(4096 - 128);
  expect(needs(small, 1)?.memoryMiB).toBeLessThan(needs(small, 0)?.memoryMiB ?? 0);
  expect(needs(small, 0)?.diskMiB).toBe(1200 + 600 + 64);
});
