// What each reader makes of text that is easily misread: values, places and problems, as the programs have it.
import { describe, expect, it } from 'vitest';

import { parseChronyConf } from './chrony-conf-read.ts';
import { optionIn, parseCorosyncConf, sectionsAt } from './corosync-conf-read.ts';
import { flatTreeOf, optionsOf, treeOf, withKey } from './document.ts';
import type { Parsed } from './document.ts';
import { parseEnvFile } from './env-file-read.ts';
import { addressesOf, parseHostsFile } from './hosts-file-read.ts';
import { parseLimitsConf } from './limits-conf-read.ts';
import { parseMemcachedConf } from './memcached-conf-read.ts';
import { lastOption, parseMyCnf } from './my-cnf-read.ts';
import { parseIni } from './oslo-ini-read.ts';
import { parseRabbitmqConf } from './rabbitmq-conf-read.ts';
import { parseSysctlConf, settingName, sysctlValue } from './sysctl-conf-read.ts';
import { lastValue, parseSystemdUnit } from './systemd-unit-read.ts';
import { parseProviderOptions } from './wsrep-provider-options.ts';

const problemsOf = (parsed: Parsed<unknown>): readonly string[] =>
  parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('parseIni', () => {
  it('keeps order, repetitions and places', () => {
    const { document, problems } = parseIni('# c\n[DEFAULT]\nkey = a=b;c#d\nother: x = y\nkey = 2\n', 'nova.conf');
    expect(problems).toEqual([]);
    expect(document).toEqual({
      file: 'nova.conf',
      sections: [
        {
          name: 'DEFAULT',
          line: 2,
          column: 1,
          options: [
            { key: 'key', value: 'a=b;c#d', line: 3, column: 1, valueAt: { line: 3, column: 7 } },
            { key: 'other', value: 'x = y', line: 4, column: 1, valueAt: { line: 4, column: 8 } },
            { key: 'key', value: '2', line: 5, column: 1, valueAt: { line: 5, column: 7 } },
          ],
        },
      ],
    });
    expect(withKey(optionsOf(document, 'DEFAULT'), 'key').map(({ value }) => value)).toEqual(['a=b;c#d', '2']);
  });

  it('joins continuation lines, also the ones that look like comments, and says so', () => {
    const parsed = parseIni('[a]\nx = 1\n  2\n\t# three\n\ny = "q"\n', 'f');
    expect(treeOf(parsed.document)).toEqual({ a: { x: '1\n2\n# three', y: 'q' } });
    expect(problemsOf(parsed)).toEqual(['4:2 an indented comment: oslo.config takes it as part of the value of `x`']);
  });

  it('joins repeated sections and goes on after bad lines', () => {
    const parsed = parseIni('x=1\n[a]\ny = 1\n\n  loose\njunk\n= 3\n[b\nz = 2\n[]\n[a]\ny = 4\n', 'f');
    expect(treeOf(parsed.document)).toEqual({ a: { y: ['1', '4'] }, b: { z: '2' }, '': {} });
    expect(parsed.problems.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:1',
      '5:3',
      '6:1',
      '7:1',
      '8:1',
      '10:1',
    ]);
  });
});

describe('parseMyCnf', () => {
  it('reads quotes, escapes, comments after values, bare options and includes', () => {
    const { document, problems } = parseMyCnf(
      "!includedir /etc/mysql/conf.d/\n[mariadb] # x\nskip-name-resolve # why\n a = \"x # y\" # z\nb = a\\nb\nc='it\\'s'\n! include x\nd = it's # no comment\n",
      'my.cnf',
    );
    expect(problems).toEqual([]);
    expect(document.includes).toEqual([
      { kind: 'includedir', path: '/etc/mysql/conf.d/', line: 1, column: 1 },
      { kind: 'include', path: 'x', line: 7, column: 1 },
    ]);
    expect(treeOf(document)).toEqual({
      mariadb: { 'skip-name-resolve': true, a: 'x # y', b: 'a\nb', c: "it's", d: "it's # no comment" },
    });
  });

  it('takes the last of an option in any of the groups, - and _ being equal', () => {
    const { document } = parseMyCnf('[mysqld]\nwsrep-on = 1\n[galera]\nWSREP_ON=0\n[client]\nwsrep_on=2\n', 'f');
    expect(lastOption(document, ['mysqld', 'galera'], 'wsrep_on')).toMatchObject({ value: '0', line: 4, column: 1 });
    expect(lastOption(document, ['mysqld'], 'port')).toBeUndefined();
  });

  it('reports what stops the server', () => {
    const parsed = parseMyCnf('a=1\n[x\n=2\n!includes y\n!include\n', 'f');
    expect(parsed.problems.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(problemsOf(parseMyCnf(`[a]\nb=${'x'.repeat(5000)}`, 'f'))).toEqual([
      '2:4095 the server cuts lines after 4094 characters',
    ]);
  });
});

describe('parseRabbitmqConf', () => {
  it('cuts unquoted values at # and keeps quoted ones', () => {
    const { document, problems } = parseRabbitmqConf(
      "a.b = x#y\n c.1=  'p#w' # note\ninclude conf.d/*.conf\nm = '''\none\ntwo\n''' # x\ne = ''\nq = 'open\n",
      'f',
    );
    expect(problems).toEqual([]);
    expect(flatTreeOf(document)).toEqual({ '': { 'a.b': 'x', 'c.1': 'p#w', m: 'one\ntwo', e: '', q: "'open" } });
    expect(document.options[1]).toMatchObject({ line: 2, column: 2, valueAt: { line: 2, column: 8 } });
    expect(document.includes).toEqual([{ path: 'conf.d/*.conf', line: 3, column: 1 }]);
  });

  it('reports lines without key, value or closing quotes', () => {
    const parsed = parseRabbitmqConf("junk\na b = 1\nx =\ny = 'a' b\nz = '''\nend", 'f');
    expect(problemsOf(parsed).map((text) => text.split(' ')[0])).toEqual(['1:1', '2:1', '3:4', '4:5', '5:5', '6:1']);
  });
});

describe('parseSystemdUnit', () => {
  it('joins continuations over comments and keeps resets', () => {
    const { document, problems } = parseSystemdUnit(
      '[Service]\nExecStart=\nExecStart=/x \\\n# c\n  -a \\\\\n; d\n Restart = always\n',
      'f',
    );
    expect(problems).toEqual([]);
    expect(treeOf(document)).toEqual({ Service: { ExecStart: ['', '/x    -a \\\\'], Restart: 'always' } });
    expect(lastValue(document, 'Service', 'Restart')).toMatchObject({
      line: 7,
      column: 2,
      valueAt: { line: 7, column: 12 },
    });
  });

  it('reports what systemd ignores', () => {
    expect(parseSystemdUnit('A=1\n[S\nB\n=2\n', 'f').problems.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });
});

describe('flat formats', () => {
  it('sysctl: both separators, failures ignored, the last wins', () => {
    const { document, problems } = parseSysctlConf(
      'net.ipv4.ip_forward=1\n; c\n-net/ipv4/conf/eth0.1/x = 2 3\n-net.a\njunk\n',
      'f',
    );
    expect(problems.map(({ line }) => line)).toEqual([5]);
    expect(sysctlValue(document, 'net/ipv4/ip_forward')?.value).toBe('1');
    expect(settingName('-net/ipv4/conf/eth0.1/x')).toBe('net.ipv4.conf.eth0/1.x');
    expect(document.options.map(({ key, value }) => [key, value])).toEqual([
      ['net.ipv4.ip_forward', '1'],
      ['-net/ipv4/conf/eth0.1/x', '2 3'],
      ['-net.a', ''],
    ]);
  });

  it('limits', () => {
    const { document, problems } = parseLimitsConf('* soft nofile 10 # c\n@g -\nx soft\ny medium core 1\n', 'f');
    expect(flatTreeOf(document)).toEqual({ '': { '* soft nofile': '10', '@g -': true } });
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:1', '4:3']);
  });

  it('environment files: quotes, pieces, lines that go on', () => {
    const { document, problems } = parseEnvFile(
      'A="x\\"$y" \'z\'\n;c\nexport B=a b\\\n c  \nC="1\n2"\n1X=3\nD\nE=\'open',
      'f',
    );
    expect(flatTreeOf(document)).toEqual({ '': { A: 'x"$yz', B: 'a b c', C: '1\n2', E: 'open' } });
    expect([...document.exported]).toEqual(['B']);
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['7:1', '8:1', '9:3']);
    expect(document.options[2]).toMatchObject({ key: 'C', line: 5, valueAt: { line: 5, column: 3 } });
  });

  it('memcached', () => {
    const { document, problems } = parseMemcachedConf(
      '-d\n# c\n-m 64 # x\n-l 10.0.0.1 -U0\nlogfile /x\n-vv\n--a=b\n',
      'f',
    );
    expect(flatTreeOf(document)).toEqual({ '': { '-m': '64', '-l': '10.0.0.1', '-U': '0', '-vv': true, '--a': 'b' } });
    expect(problems.map(({ line }) => line)).toEqual([1, 5]);
  });

  it('chrony', () => {
    const { document, problems } = parseChronyConf('% c\nServer  a.b   iburst\nrtcsync\n"x"\n', 'f');
    expect(flatTreeOf(document)).toEqual({ '': { server: 'a.b iburst', rtcsync: true } });
    expect(problemsOf({ document, problems })).toEqual(['4:1 `"x"` is not a directive']);
  });

  it('hosts', () => {
    const { document, problems } = parseHostsFile(
      '127.0.0.1 localhost # x\n10.0.0.1\tctl1.x ctl1\nfe80::1%lo l\n::1 ctl1\n10.0.0.2\nname 1.1.1.1\n',
      'f',
    );
    expect(addressesOf(document, 'ctl1')).toEqual(['10.0.0.1', '::1']);
    expect(problems.map(({ line }) => line)).toEqual([5, 6]);
  });

  it('wsrep provider options, with offsets', () => {
    const { options, problems } = parseProviderOptions('gcache.size = 1G;a=b\\;c; x ;=y;');
    expect(options).toEqual([
      { key: 'gcache.size', value: '1G', offset: 0, valueOffset: 14 },
      { key: 'a', value: 'b;c', offset: 17, valueOffset: 19 },
    ]);
    expect(problems.map(({ offset }) => offset)).toEqual([25, 28]);
  });
});

describe('parseCorosyncConf', () => {
  it('reads nested and repeated sections with places', () => {
    const { document, problems } = parseCorosyncConf(
      'totem {\n  version: 2\n  token : 1000\n  token: 2000\n}\nnodelist{\n  node {\n    ring0_addr: fd00::1\n  }\n  node {\n  }\n}\n',
      'f',
    );
    expect(problems).toEqual([]);
    expect(sectionsAt(document.nodes, 'nodelist.node').length).toBe(2);
    const [totem] = sectionsAt(document.nodes, 'totem');
    expect(optionIn(totem?.nodes ?? [], 'token')).toMatchObject({
      value: '2000',
      line: 4,
      column: 3,
      valueAt: { line: 4, column: 10 },
    });
    const [node] = sectionsAt(document.nodes, 'nodelist.node');
    expect(optionIn(node?.nodes ?? [], 'ring0_addr')?.value).toBe('fd00::1');
  });

  it('reports what corosync refuses and goes on', () => {
    const parsed = parseCorosyncConf('}\nx { y\n { \n junk\n : v\n } z\n}\nopen {\n', 'f');
    expect(parsed.problems.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    const deep = parseCorosyncConf(`${'a {\n'.repeat(5000)}${'}\n'.repeat(5000)}b: 1\n`, 'f');
    expect(problemsOf(deep)).toEqual(['101:1 sections nested deeper than 100']);
    expect(optionIn(deep.document.nodes, 'b')?.value).toBe('1');
  });
});
