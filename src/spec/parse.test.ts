// What is wrong in a text, where, and what to write instead: one table of bad inputs.
import { describe, expect, it } from 'vitest';
import { checkSpec } from './check.ts';
import { parseSpec } from './parse.ts';

const HEAD = `cluster: campus
networks:
  management: { cidr: 10.1.0.0/24, interface: eno1 }
hosts:
  ctl1:
    roles: [control]
    addresses: { management: 10.1.0.11 }
`;

interface Case {
  readonly why: string;
  readonly text: string;
  /** line:column */
  readonly at: string;
  readonly rule: string;
  readonly says: string;
  readonly write: string;
}

const add = (text: string): string => `${HEAD}${text}\n`;
const change = (from: string, to: string): string => HEAD.replace(from, to);

const CASES: readonly Case[] = [
  {
    why: 'unknown key, nearest suggested',
    text: change('addresses:', 'adresses:'),
    at: '7:5',
    rule: 'spec.unknown-key',
    says: 'There is no key "adresses" in hosts.ctl1.',
    write: 'Did you mean addresses?',
  },
  {
    why: 'missing key',
    text: change('addresses:', 'adresses:'),
    at: '5:3',
    rule: 'spec.missing-key',
    says: 'hosts.ctl1 has no "addresses".',
    write: 'Add it, for example addresses: { management: 10.10.1.11, data',
  },
  {
    why: 'unknown key at the top',
    text: add('host: {}'),
    at: '8:1',
    rule: 'spec.unknown-key',
    says: 'There is no key "host" at the top.',
    write: 'Did you mean hosts?',
  },
  {
    why: 'unknown key like nothing',
    text: add('zzzzzzzz: {}'),
    at: '8:1',
    rule: 'spec.unknown-key',
    says: 'no key "zzzzzzzz"',
    write: 'Keys at the top: cluster, release',
  },
  {
    why: 'a key one level too high',
    text: change('    roles', '    rack: r1\n    roles'),
    at: '6:5',
    rule: 'spec.unknown-key',
    says: 'no key "rack" in hosts.ctl1',
    write: 'Did you mean domains: { rack: ... }?',
  },
  {
    why: 'every object has it',
    text: add('constructor: 1'),
    at: '8:1',
    rule: 'spec.unknown-key',
    says: 'no key "constructor"',
    write: 'Keys at the top',
  },
  {
    why: 'unknown service',
    text: add('services: { galrea: {} }'),
    at: '8:13',
    rule: 'spec.unknown-key',
    says: 'no key "galrea" in services',
    write: 'Did you mean galera?',
  },
  {
    why: 'unknown option of a service',
    text: add('services:\n  keystone:\n    mod: single'),
    at: '10:5',
    rule: 'spec.unknown-key',
    says: 'no key "mod" in services.keystone',
    write: 'Did you mean mode?',
  },
  {
    why: 'bad address',
    text: change('10.1.0.11', '10.1.0.300'),
    at: '7:30',
    rule: 'spec.value',
    says: 'hosts.ctl1.addresses.management: "10.1.0.300" is not an IP address.',
    write: 'Write an IP address, for example 10.10.1.11',
  },
  {
    why: 'an address that is a number',
    text: change('10.1.0.11', '10.1'),
    at: '7:30',
    rule: 'spec.type',
    says: 'expected an IP address, found 10.1.',
    write: 'Write an IP address',
  },
  {
    why: 'leading zeros',
    text: change('10.1.0.11', '010.1.0.11'),
    at: '7:30',
    rule: 'spec.value',
    says: '"010.1.0.11" is not an IP address',
    write: 'Write an IP',
  },
  {
    why: 'host bits',
    text: change('10.1.0.0/24', '10.1.0.5/24'),
    at: '3:23',
    rule: 'spec.value',
    says: '"10.1.0.5/24" is an address inside a network, not the network itself',
    write: 'Write 10.1.0.0/24.',
  },
  {
    why: 'not a network',
    text: change('10.1.0.0/24', '10.1.0.0'),
    at: '3:23',
    rule: 'spec.value',
    says: '"10.1.0.0" is not a network',
    write: 'for example 10.10.1.0/24',
  },
  {
    why: 'a list as a text',
    text: change('[control]', 'control'),
    at: '6:12',
    rule: 'spec.type',
    says: 'hosts.ctl1.roles: expected a list of roles, found "control".',
    write: 'Write [control].',
  },
  {
    why: 'an unknown role',
    text: change('[control]', '[control, comput]'),
    at: '6:22',
    rule: 'spec.value',
    says: 'hosts.ctl1.roles[1]: "comput" is not one of control, network, compute',
    write: 'Write compute.',
  },
  {
    why: 'a duration without unit',
    text: add('availability: { tiers: { gold: { survives: [host], within: 5 } } }'),
    at: '8:60',
    rule: 'spec.type',
    says: 'availability.tiers.gold.within: expected a duration with its unit (ms, s, min, h, d), found 5.',
    write: 'for example 5s',
  },
  {
    why: 'a duration with an odd unit',
    text: add('availability: { tiers: { gold: { survives: [host], within: 5 secs } } }'),
    at: '8:60',
    rule: 'spec.value',
    says: '"5 secs" is not a duration',
    write: 'for example 5s',
  },
  {
    why: 'a speed without unit',
    text: change('interface: eno1', 'interface: eno1, speed: 10'),
    at: '3:60',
    rule: 'spec.type',
    says: 'expected a link speed',
    write: 'for example 10G',
  },
  {
    why: 'yes',
    text: add('ssh: { sudo: yes }'),
    at: '8:14',
    rule: 'spec.type',
    says: 'ssh.sudo: expected true or false, found "yes".',
    write: 'Write true.',
  },
  {
    why: 'a quoted number',
    text: add('ssh: { port: "22" }'),
    at: '8:14',
    rule: 'spec.type',
    says: 'ssh.port: expected a port number, 1 to 65535, found "22".',
    write: 'Write 22 without quotes.',
  },
  {
    why: 'a port that is none',
    text: add('ssh: { port: 70000 }'),
    at: '8:14',
    rule: 'spec.value',
    says: 'ssh.port: 70000 is not a port number',
    write: 'Write a port number',
  },
  {
    why: 'an unknown preset',
    text: add('preset: three-controller'),
    at: '8:9',
    rule: 'spec.value',
    says: '"three-controller" is not one of three-controllers',
    write: 'Write three-controllers.',
  },
  {
    why: 'a range upside down',
    text: change('interface: eno1', 'interface: eno1, floating: 10.1.0.9-10.1.0.8'),
    at: '3:63',
    rule: 'spec.value',
    says: 'is not a range of addresses that begins with its lowest one',
    write: 'first to last',
  },
  {
    why: 'a service that is neither mapping nor false',
    text: add('services: { keystone: 3 }'),
    at: '8:23',
    rule: 'spec.type',
    says: 'services.keystone: expected a mapping of options',
    write: 'for example false',
  },
  {
    why: 'an option value that is a mapping',
    text: add('config: { nova.conf: { DEFAULT: { a: { b: 1 } } } }'),
    at: '8:38',
    rule: 'spec.type',
    says: 'config."nova.conf".DEFAULT.a',
    write: 'Write',
  },
  {
    why: 'an interface name too long',
    text: change('eno1', 'enp0s20f0u1u2c2i2'),
    at: '3:47',
    rule: 'spec.value',
    says: 'is not the name of a network interface',
    write: 'eno1',
  },
  {
    why: 'null where a mapping belongs',
    text: change('ctl1:\n    roles: [control]\n    addresses: { management: 10.1.0.11 }', 'ctl1:'),
    at: '5:3',
    rule: 'spec.type',
    says: 'hosts.ctl1: expected a host, found nothing.',
    write: 'Write a host, for example { roles',
  },
  {
    why: 'a duplicate key',
    text: change('hosts:', 'networks: {}\nhosts:'),
    at: '4:1',
    rule: 'spec.duplicate-key',
    says: 'already',
    write: 'Keep one',
  },
  {
    why: 'a tab',
    text: 'cluster: campus\nnetworks:\n\tmanagement: {}\n',
    at: '3:1',
    rule: 'spec.yaml',
    says: 'ab',
    write: 'Indent with spaces.',
  },
  { why: 'an open bracket', text: 'cluster: [campus\n', at: '2:1', rule: 'spec.yaml', says: ']', write: '' },
  {
    why: 'two documents',
    text: 'cluster: a\n---\ncluster: b\n',
    at: '2:1',
    rule: 'spec.yaml',
    says: 'documents',
    write: 'Keep one document',
  },
  {
    why: 'an alias without anchor',
    text: 'cluster: *name\n',
    at: '1:10',
    rule: 'spec.yaml',
    says: 'name',
    write: 'anchor',
  },
  { why: 'nothing', text: '', at: '1:1', rule: 'spec.yaml', says: 'empty', write: 'hastack init' },
  {
    why: 'a list',
    text: '- a\n- b\n',
    at: '1:1',
    rule: 'spec.type',
    says: 'The spec: expected a mapping, found a list.',
    write: 'Write a mapping',
  },
  {
    why: 'prose',
    text: 'hello world\n',
    at: '1:1',
    rule: 'spec.type',
    says: 'found "hello world"',
    write: 'Write a mapping',
  },
];

describe('parseSpec', () => {
  it('finds nothing in a good text', () => {
    expect(parseSpec(HEAD, 'a.yaml').findings).toEqual([]);
  });

  it.each(CASES)('names the place and the way out: $why', ({ text, at, rule, says, write }) => {
    const { findings, spec } = parseSpec(text, 'a.yaml');
    const here = findings.map((finding) => ({ ...finding, place: `${finding.at.line}:${finding.at.column}` }));
    const found = here.find((finding) => finding.rule === rule && finding.message.includes(says));
    expect(found, JSON.stringify(here, undefined, 1)).toBeDefined();
    expect(found?.place).toBe(at);
    expect(found?.remediation).toContain(write);
    expect(found?.severity).toBe('critical');
    expect(spec).toBeUndefined();
  });

  it('reports everything at once', () => {
    const text = change('10.1.0.0/24', '10.1.0.5/24').replace('[control]', '[contrl]').replace('10.1.0.11', 'x');
    const { findings } = parseSpec(`${text}firewal: none\nssh: { port: 0 }\n`, 'a.yaml');
    expect(findings.map(({ at }) => at.line)).toEqual(expect.arrayContaining([3, 6, 7, 8, 9]));
    expect(findings).toHaveLength(5);
  });

  it('takes an empty section as not given, and null under config as removal', () => {
    const { spec, findings } = parseSpec(
      add('services:\nssh:\nconfig: { nova.conf: { DEFAULT: { debug: null } } }'),
      'a.yaml',
    );
    expect(findings).toEqual([]);
    expect(spec?.services).toBeUndefined();
    expect(spec?.config).toEqual({ 'nova.conf': { DEFAULT: { debug: null } } });
  });

  it('follows anchors and merge keys, also for positions', () => {
    const text = `cluster: campus
networks: { management: &net { cidr: 10.1.0.0/24, interface: eno1, mtu: 1 }, data: { <<: *net, cidr: 10.2.0.0/24 } }
hosts: { ctl1: { roles: [control], addresses: { management: 10.1.0.11 } } }
`;
    const { findings } = parseSpec(text, 'a.yaml');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('networks.management.mtu'),
      expect.stringContaining('networks.data.mtu'),
    ]);
    // Both point at the one place where the 1 is written.
    expect(findings.map(({ at }) => `${at.line}:${at.column}`)).toEqual(['2:73', '2:73']);
  });

  it('does not expand an alias bomb', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array.from({ length: 10 }, () => `*a${level}`).join(',')}]`,
    );
    const { findings } = parseSpec(['a0: &a0 x', ...levels, ''].join('\n'), 'a.yaml');
    expect(findings[0]?.message).toContain('cannot be read as YAML');
  });

  it('survives deep nesting', () => {
    const { findings } = parseSpec('['.repeat(20_000), 'a.yaml');
    expect(findings.length).toBeGreaterThan(0);
  });
});

describe('checkSpec', () => {
  it('runs the rules over sections without errors and says which it could not decide', () => {
    const text = add('vips: { public: { network: management, address: 10.9.9.9 } }\nssh: { port: 0 }');
    const { findings, undecided, cluster } = checkSpec(text, 'a.yaml');
    expect(cluster).toBeUndefined();
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['spec.value', 'spec.vip-outside-network']),
    );
    expect(undecided).toEqual([]);
    const broken = checkSpec(text.replace('[control]', '[contrl]'), 'a.yaml');
    expect(broken.undecided).toContainEqual({ rule: 'spec.address-outside-network', missing: 'hosts without errors' });
    expect(broken.findings.map(({ rule }) => rule)).toContain('spec.vip-outside-network');
  });

  it('says one thing when nothing can be read', () => {
    expect(checkSpec('a: [', 'a.yaml').undecided).toEqual([{ rule: 'spec.*', missing: 'a file that can be read' }]);
  });

  it('sorts by position', () => {
    const { findings } = checkSpec(add('firewal: none').replace('10.1.0.11', 'x'), 'a.yaml');
    const lines = findings.map(({ at }) => at.line ?? 0);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });
});
