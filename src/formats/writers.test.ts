// The text of every writer, as the programs want it, and what writers refuse.
import { describe, expect, it } from 'vitest';

import { HastackError } from '../model/error.ts';
import { writeChronyConf } from './chrony-conf-write.ts';
import { onlySection, scalarText } from './config-tree.ts';
import { option, section, writeCorosyncConf } from './corosync-conf-write.ts';
import { writeEnvFile } from './env-file-write.ts';
import { haproxyWord, writeHaproxyCfg } from './haproxy-cfg-write.ts';
import { writeHostsFile } from './hosts-file-write.ts';
import { block, line, writeKeepalivedConf } from './keepalived-conf-write.ts';
import { writeLimitsConf } from './limits-conf-write.ts';
import { isManaged, managedHeader } from './managed-header.ts';
import { writeMemcachedConf } from './memcached-conf-write.ts';
import { writeMyCnf } from './my-cnf-write.ts';
import { writeIni } from './oslo-ini-write.ts';
import { writeRabbitmqConf } from './rabbitmq-conf-write.ts';
import { writeSysctlConf } from './sysctl-conf-write.ts';
import { writeSystemdUnit } from './systemd-unit-write.ts';
import { writeProviderOptions } from './wsrep-provider-options.ts';

describe('writers', () => {
  it('oslo ini: sections in order, repeated options, continuation lines, quotes that oslo.config would take off', () => {
    const text = writeIni({
      DEFAULT: { debug: false, transport_url: 'rabbit://u:p=1;2@h', pci: ['a', 'b'], empty: '', rate: 1.5 },
      database: { connection: '"x"', spaced: ' x ', multi: 'a\nb', quote: '"' },
    });
    expect(text).toBe(
      [
        '[DEFAULT]',
        'debug = false',
        'transport_url = rabbit://u:p=1;2@h',
        'pci = a',
        'pci = b',
        'empty =',
        'rate = 1.5',
        '',
        '[database]',
        'connection = ""x""',
        'spaced = " x "',
        'multi = a',
        '    b',
        'quote = """',
        '',
      ].join('\n'),
    );
  });

  it('my.cnf: bare switches, OFF, quotes around what would be a comment', () => {
    expect(
      writeMyCnf({ mariadb: { 'skip-name-resolve': true, log_bin: false, password: 'a#b"c\\d', port: 3306 } }),
    ).toBe('[mariadb]\nskip-name-resolve\nlog_bin = OFF\npassword = "a#b\\"c\\\\d"\nport = 3306\n');
  });

  it('rabbitmq.conf: single quotes where # would cut a password', () => {
    const text = writeRabbitmqConf({
      '': { 'listeners.ssl.1': '10.0.0.1:5671', default_pass: 'a#b', 'ssl_options.verify': true },
    });
    expect(text).toBe("listeners.ssl.1 = 10.0.0.1:5671\ndefault_pass = 'a#b'\nssl_options.verify = true\n");
    expect(() => writeRabbitmqConf({ '': { default_pass: "a#b'c" } })).toThrow(HastackError);
  });

  it('systemd: a list resets first', () => {
    expect(writeSystemdUnit({ Service: { ExecStart: ['', '/usr/bin/x --y'], Restart: 'always' } })).toBe(
      '[Service]\nExecStart=\nExecStart=/usr/bin/x --y\nRestart=always\n',
    );
    expect(() => writeSystemdUnit({ Service: { ExecStart: 'x \\' } })).toThrow(/backslash/);
  });

  it('flat formats', () => {
    expect(writeSysctlConf({ '': { 'net.ipv4.ip_nonlocal_bind': true, 'vm.swappiness': 1 } })).toBe(
      'net.ipv4.ip_nonlocal_bind = 1\nvm.swappiness = 1\n',
    );
    expect(writeLimitsConf({ '': { 'rabbitmq - nofile': 65536 } })).toBe('rabbitmq\t-\tnofile\t65536\n');
    expect(writeEnvFile({ '': { A: 'x "y" $z' } })).toBe('A="x \\"y\\" \\$z"\n');
    expect(writeMemcachedConf({ '': { '-m': 64, '-l': '10.0.0.1', '-v': true, '-S': false, '-U': 0 } })).toBe(
      '-m 64\n-l 10.0.0.1\n-v\n-U 0\n',
    );
    expect(() => writeMemcachedConf({ '': { '-l': '$(reboot)' } })).toThrow(/shell/);
    expect(writeChronyConf({ '': { server: ['a iburst', 'b iburst'], rtcsync: true, makestep: '1 3' } })).toBe(
      'server a iburst\nserver b iburst\nrtcsync\nmakestep 1 3\n',
    );
    expect(writeHostsFile([{ address: '10.0.0.1', names: ['ctl1.x', 'ctl1'] }])).toBe('10.0.0.1\tctl1.x ctl1\n');
    expect(writeProviderOptions({ 'gcache.size': '1G', 'socket.ssl': true, 'pc.weight': 2 })).toBe(
      'gcache.size=1G; socket.ssl=yes; pc.weight=2',
    );
  });

  it('haproxy: only words that need it are quoted, and nothing is expanded', () => {
    expect(
      writeHaproxyCfg([
        { keyword: 'global', lines: [['maxconn', '4000']] },
        {
          keyword: 'backend',
          name: 'keystone',
          arguments: ['from', 'api'],
          lines: [['http-check', 'send', 'hdr', 'X', 'a b#c']],
        },
      ]),
    ).toBe("global\n    maxconn 4000\n\nbackend keystone from api\n    http-check send hdr X 'a b#c'\n");
    expect(haproxyWord('$HOME')).toBe('$HOME');
    expect(haproxyWord("it's $HOME")).toBe('"it\'s \\$HOME"');
    expect(() => writeHaproxyCfg([{ keyword: 'global', lines: [['log', '']] }])).toThrow(/end of the line/);
    expect(() => writeHaproxyCfg([{ keyword: 'global', lines: [Array.from({ length: 65 }, () => 'x')] }])).toThrow(
      /64/,
    );
  });

  it('keepalived: nested blocks', () => {
    expect(
      writeKeepalivedConf([
        block(['global_defs'], [line('router_id', 'ctl1')]),
        block(
          ['vrrp_instance', 'internal'],
          [
            line('priority', 100),
            line('notify', '/bin/x a!'),
            block(['virtual_ipaddress'], [line('10.0.0.10/24', 'dev', 'eth0')]),
          ],
        ),
      ]),
    ).toBe(
      'global_defs {\n    router_id ctl1\n}\n\nvrrp_instance internal {\n    priority 100\n    notify "/bin/x a!"\n' +
        '    virtual_ipaddress {\n        10.0.0.10/24 dev eth0\n    }\n}\n',
    );
    expect(() => writeKeepalivedConf([line('a', 'b"c')])).toThrow(/double quote/);
    expect(() => writeKeepalivedConf([line('a'), block([], [])])).toThrow(/cannot follow/);
  });

  it('corosync: nested sections', () => {
    expect(
      writeCorosyncConf([section('totem', [option('version', 2), section('interface', [option('linknumber', 0)])])]),
    ).toBe('totem {\n    version: 2\n    interface {\n        linknumber: 0\n    }\n}\n');
    expect(() => writeCorosyncConf([option('a', 'x'.repeat(600))])).toThrow(/too long/);
  });

  it('refuses sections in flat formats and names the option that cannot be written', () => {
    expect(() => onlySection({ server: { a: 1 } }, 'chrony.conf')).toThrow(/chrony.conf has no sections.*`server`/);
    expect(onlySection({ other: {}, '': { a: 1 } }, 'x')).toEqual({ a: 1 });
    expect(() => writeIni({ DEFAULT: { key: 'a\0' } })).toThrow(/`key`/);
    expect(() => writeIni({ '': { key: 'a' } })).toThrow(/section with a name/);
  });

  it('writes numbers without exponents', () => {
    const words = { yes: 'yes', no: 'no' };
    expect(scalarText(1e21, words)).toBe('1000000000000000000000');
    expect(scalarText(0.0000001, words)).toBe('0.0000001');
    expect(() => scalarText(Number.NaN, words)).toThrow(/finite/);
  });

  it('marks files as managed', () => {
    expect(managedHeader('#')).toMatch(
      /^# Written by hastack; local changes are overwritten\.\n# To change an option:/,
    );
    expect(isManaged(`${managedHeader('!')}x`)).toBe(true);
    expect(isManaged('# Written by hand')).toBe(false);
  });
});
