// Tables for the kinds with little state: kernel settings, commands, host name, firewall table, package sources.
import { describe, expect, it } from 'vitest';
import { aptPin, aptSources } from './apt.ts';
import type { FileDesired } from './file.ts';
import { hostname, hostnameKind } from './hostname.ts';
import { nftTable, nftablesKind } from './nftables.ts';
import type { NftTableState } from './nftables.ts';
import { nftFile } from './nftables-scripts.ts';
import { sha256Hex } from '../lib/hash.ts';
import { resourceKinds } from './registry.ts';
import { runKind, runOnce } from './run.ts';
import type { RunState } from './run.ts';
import { sysctl, sysctlKind, sysctlValue } from './sysctl.ts';
import type { SysctlState } from './sysctl.ts';

describe('kernel settings', () => {
  const desired = sysctlValue('net.ipv4.ip_local_port_range', '20000  60999').desired;
  const cases: readonly [string, SysctlState, string | undefined, string | undefined][] = [
    ['equal', { kind: 'writable', value: '20000 60999' }, undefined, undefined],
    ['other value', { kind: 'writable', value: '1 2' }, 'update: 1 2 → 20000 60999', undefined],
    ['read-only, equal', { kind: 'read-only', value: '20000 60999' }, undefined, undefined],
    [
      'read-only',
      { kind: 'read-only', value: '1 2' },
      undefined,
      'net.ipv4.ip_local_port_range is read-only here (1 2)',
    ],
    ['no such key', { kind: 'missing' }, undefined, 'this host has no net.ipv4.ip_local_port_range'],
  ];
  it.each(cases)('%s', (_title, state, expected, notApplicable) => {
    const difference = sysctlKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
    expect(sysctlKind.notApplicable?.(desired, { known: true, state })).toBe(notApplicable);
  });

  it('become a file and one resource per key', () => {
    const resources = sysctl({
      file: '/etc/sysctl.d/60-x.conf',
      values: { 'vm.swappiness': 1, 'net.core.somaxconn': '4096' },
    });
    expect(resources.map(({ id }) => id)).toEqual([
      'file:/etc/sysctl.d/60-x.conf',
      'sysctl:vm.swappiness',
      'sysctl:net.core.somaxconn',
    ]);
    expect(resources[0]?.desired).toMatchObject({ content: 'vm.swappiness = 1\nnet.core.somaxconn = 4096\n' });
  });

  it('are read for all keys at once, tabs and interface names with dots included', () => {
    const items = [
      desired,
      sysctlValue('net/ipv4/conf/eth0.5/rp_filter', '1').desired,
      sysctlValue('no.such', '1').desired,
    ];
    const output =
      '0 writable\n1 read-only\n/proc/sys/net/ipv4/ip_local_port_range:1\t2\n/proc/sys/net/ipv4/conf/eth0.5/rp_filter:0\nend\n';
    expect(sysctlKind.parse(output, items)).toEqual([
      { known: true, state: { kind: 'writable', value: '1 2' } },
      { known: true, state: { kind: 'read-only', value: '0' } },
      { known: true, state: { kind: 'missing' } },
    ]);
    expect(() => sysctlValue('../etc/passwd', '1')).toThrow('not a sysctl key');
  });
});

describe('guarded commands', () => {
  const stamped = runOnce({ name: 'x', stamp: 'b', script: 'true' }).desired;
  const checked = runOnce({ name: 'x', unless: 'true', script: 'true' }).desired;
  const both = { ...stamped, unless: 'true' };
  const cases: readonly [string, typeof stamped, RunState, string | undefined][] = [
    ['never run', stamped, {}, 'not run yet'],
    ['run for something else', stamped, { stamp: 'a' }, 'what it depends on changed'],
    ['run', stamped, { stamp: 'b' }, undefined],
    ['check fails', checked, { unless: 1 }, 'its check says it is needed'],
    ['check succeeds', checked, { unless: 0 }, undefined],
    ['run, but the check fails', both, { stamp: 'b', unless: 2 }, 'its check says it is needed'],
    ['check succeeds, never run', both, { unless: 0 }, 'not run yet'],
    ['run, and the check succeeds', both, { stamp: 'b', unless: 0 }, undefined],
  ];
  it.each(cases)('%s', (_title, desired, state, reason) => {
    expect(runKind.diff(desired, { known: true, state })).toEqual(
      reason === undefined ? undefined : { action: 'run', reason },
    );
  });

  it('must have a guard, a plain name and a stamp of one line', () => {
    expect(() => runOnce({ name: 'x', script: '' })).toThrow('no guard');
    expect(() => runOnce({ name: 'a/b', stamp: '1', script: '' })).toThrow('plain name');
    expect(() => runOnce({ name: 'x', stamp: '1\n2', script: '' })).toThrow('one line');
  });
});

describe('the host name', () => {
  it.each([
    [{ running: 'ctl1', atBoot: 'ctl1' }, undefined],
    [{ running: 'debian', atBoot: 'debian' }, 'debian → ctl1'],
    [{ running: 'ctl1', atBoot: '' }, 'no name at boot → ctl1'],
    [{ running: 'ctl1', atBoot: 'old' }, 'old → ctl1'],
  ])('%j', (state, reason) => {
    expect(hostnameKind.diff(hostname('ctl1').desired, { known: true, state })?.reason).toBe(reason);
  });
});

describe('the firewall table', () => {
  const desired = nftTable({ family: 'inet', name: 'hastack', ruleset: 'chain c { }\n' }).desired;
  const good: NftTableState = { file: sha256Hex(nftFile(desired)), listing: 'l', recorded: 'l', armed: false };
  const cases: readonly [string, NftTableState, string | undefined][] = [
    ['as desired', good, undefined],
    ['not loaded', { file: 'x', armed: false }, 'create: not loaded'],
    ['other ruleset', { ...good, file: 'x' }, 'update: ruleset differs'],
    ['changed by hand', { ...good, listing: 'm' }, 'update: rules were changed by hand'],
    [
      'loaded by somebody else',
      { file: good.file ?? '', listing: 'l', armed: false },
      'update: rules were changed by hand',
    ],
    ['not confirmed', { ...good, armed: true }, 'update: loaded, but not confirmed'],
    ['nftables does not work', { unusable: 'why', armed: false }, undefined],
  ];
  it.each(cases)('%s', (_title, state, expected) => {
    const difference = nftablesKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('replaces itself in one transaction', () => {
    expect(nftFile(desired)).toBe(
      'table inet hastack {}\ndelete table inet hastack\ntable inet hastack {\nchain c { }\n}\n',
    );
  });
});

describe('package sources', () => {
  const contents = (resources: ReturnType<typeof aptSources>) =>
    Object.fromEntries(
      resources.map(({ id, desired }) => [id, (desired as FileDesired & { content?: string }).content]),
    );

  it('are left alone without options', () => {
    expect(aptSources({})).toEqual([]);
  });

  it('are a mirror with its own key, a proxy, and a refresh that depends on them', () => {
    const resources = aptSources({ mirror: 'http://mirror/debian', proxy: 'http://10.0.0.1:3142', key: 'KEY' });
    expect(contents(resources)).toMatchObject({
      'file:/etc/apt/apt.conf.d/01hastack-proxy':
        'Acquire::http::Proxy "http://10.0.0.1:3142";\nAcquire::https::Proxy "http://10.0.0.1:3142";\n',
      'file:/etc/apt/keyrings/hastack.asc': 'KEY',
      'file:/etc/apt/sources.list.d/debian.sources': expect.stringContaining(
        'URIs: http://mirror/debian\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /etc/apt/keyrings/hastack.asc\n',
      ),
    });
    const stamp = (list: ReturnType<typeof aptSources>) =>
      (list.at(-1)?.desired as { stamp: string } | undefined)?.stamp;
    expect(stamp(resources)).not.toBe(stamp(aptSources({ mirror: 'http://other/debian' })));
  });

  it('are pinned by a preferences file', () => {
    expect(aptPin({ name: 'ceph', packages: 'ceph*', pin: 'version 18.*', priority: 1001 }).desired).toMatchObject({
      path: '/etc/apt/preferences.d/ceph',
      content: 'Package: ceph*\nPin: version 18.*\nPin-Priority: 1001\n',
    });
  });
});

it('every kind is in the registry under its own name', () => {
  expect([...resourceKinds.keys()].toSorted()).toEqual([
    'ceph',
    'ceph-osd',
    'file',
    'hostname',
    'keystone',
    'mariadb',
    'nftables',
    'ovs',
    'packages',
    'rabbitmq',
    'run',
    'sysctl',
    'unit',
    'virt-type',
  ]);
  for (const [name, kind] of resourceKinds) expect(kind.kind).toBe(name);
});
