// The time, host, program, level and message of a line of every format; years, zones, and what is no line.
import { describe, expect, it } from 'vitest';

import type { LogLine } from '../line.ts';
import { NEWEST } from '../testing/scan-text.ts';
import { LineParser } from './readers.ts';

const NOON = Date.UTC(2026, 10, 21, 12, 3, 4);

function read(text: string, options: { readonly zoneMinutes?: number; readonly newest?: number } = {}) {
  return new LineParser({ zoneMinutes: options.zoneMinutes ?? 0, newest: options.newest ?? NEWEST }).read(text);
}

describe('LineParser', () => {
  it.each<[string, string, LogLine]>([
    [
      'journal, short',
      'Nov 21 12:03:04 ctl1 cron[7]: hello',
      { time: NOON, host: 'ctl1', program: 'cron', message: 'hello' },
    ],
    [
      'journal, short-iso',
      '2026-11-21T13:03:04+0100 ctl1 cron[7]: hello',
      { time: NOON, host: 'ctl1', program: 'cron', message: 'hello' },
    ],
    [
      'journal, short-full',
      'Sat 2026-11-21 12:03:04 UTC ctl1 cron[7]: hello',
      { time: NOON, host: 'ctl1', program: 'cron', message: 'hello' },
    ],
    [
      'rsyslog',
      '2026-11-21T13:03:04.500000+01:00 ctl1 cron[7]: hello',
      { time: NOON + 500, host: 'ctl1', program: 'cron', message: 'hello' },
    ],
    [
      'syslog with a priority',
      '<134>Nov 21 12:03:04 ctl1 haproxy[7]: hello',
      { time: NOON, host: 'ctl1', program: 'haproxy', message: 'hello' },
    ],
    [
      'kernel in syslog',
      'Nov 21 12:03:04 ctl1 kernel: [  12.345678] drbd r0: hello',
      { time: NOON, host: 'ctl1', program: 'kernel', message: 'drbd r0: hello' },
    ],
    [
      'oslo in syslog',
      'Nov 21 12:03:04 ctl1 nova-compute[7]: 2026-11-21 12:03:04.1 7 ERROR nova.x [-] hello',
      { time: NOON, host: 'ctl1', program: 'nova-compute', level: 'error', message: 'nova.x [-] hello' },
    ],
    [
      'Pacemaker in syslog',
      'Nov 21 12:03:04 ctl1 pacemaker-fenced[7]:  notice: hello',
      { time: NOON, host: 'ctl1', program: 'pacemaker-fenced', level: 'notice', message: 'hello' },
    ],
    [
      'Pacemaker',
      'Nov 21 12:03:04.000 ctl1 pacemaker-fenced    [7] (f)  notice: hello',
      { time: NOON, host: 'ctl1', program: 'pacemaker-fenced', level: 'notice', message: 'hello' },
    ],
    [
      'Corosync',
      'Nov 21 12:03:04 [7] ctl1 corosync warning [TOTEM ] hello',
      { time: NOON, host: 'ctl1', program: 'corosync', level: 'warning', message: '[TOTEM ] hello' },
    ],
    [
      'Keepalived',
      'Sat Nov 21 12:03:04 2026: (VI_1) hello',
      { time: NOON, program: 'Keepalived', message: '(VI_1) hello' },
    ],
    [
      'oslo',
      '2026-11-21 12:03:04.000 7 WARNING nova.x [-] hello',
      { time: NOON, program: 'nova.x', level: 'warning', message: '[-] hello' },
    ],
    [
      'MariaDB',
      '2026-11-21 12:03:04 0 [Note] WSREP: hello',
      { time: NOON, program: 'mariadbd', level: 'notice', message: 'WSREP: hello' },
    ],
    [
      'RabbitMQ',
      '2026-11-21 13:03:04.000000+01:00 [warning] <0.1.0> hello',
      { time: NOON, program: 'rabbitmq', level: 'warning', message: 'hello' },
    ],
    [
      'RabbitMQ 3.6',
      '=ERROR REPORT==== 21-Nov-2026::12:03:04 ===',
      { time: NOON, program: 'rabbitmq', level: 'error', message: '=ERROR REPORT==== 21-Nov-2026::12:03:04 ===' },
    ],
    [
      'Open vSwitch',
      '2026-11-21T12:03:04.000Z|00012|raft|WARN|hello',
      { time: NOON, program: 'ovs raft', level: 'warning', message: 'hello' },
    ],
    [
      'Ceph daemon',
      '2026-11-21T12:03:04.000+0000 7f12ab34 -1 hello',
      { time: NOON, program: 'ceph', level: 'error', message: 'hello' },
    ],
    [
      'Ceph cluster',
      '2026-11-21T12:03:04.000+0000 mon.a (mon.0) 12 : cluster [WRN] hello',
      { time: NOON, program: 'ceph mon.a', level: 'warning', message: 'hello' },
    ],
    [
      'libvirt',
      '2026-11-21 12:03:04.000+0000: 7: error : virX:12 : hello',
      { time: NOON, program: 'libvirtd', level: 'error', message: 'hello' },
    ],
    [
      'Apache',
      '[Sat Nov 21 12:03:04.000000 2026] [wsgi:error] [pid 7:tid 8] hello',
      { time: NOON, program: 'apache2', level: 'error', message: 'hello' },
    ],
    [
      'nginx',
      '2026/11/21 12:03:04 [crit] 7#8: hello',
      { time: NOON, program: 'nginx', level: 'critical', message: 'hello' },
    ],
    [
      'access log',
      '10.0.0.1 - - [21/Nov/2026:13:03:04 +0100] "GET / HTTP/1.1" 200 1',
      { time: NOON, program: 'access', level: 'info', message: '"GET / HTTP/1.1" 200 1' },
    ],
    ['dmesg', '[   12.345678] hello', { program: 'kernel', message: 'hello' }],
    ['dmesg -T', '[Sat Nov 21 12:03:04 2026] hello', { time: NOON, program: 'kernel', message: 'hello' }],
    [
      'journal, json',
      `{"__REALTIME_TIMESTAMP":"${NOON}000","_HOSTNAME":"ctl1","SYSLOG_IDENTIFIER":"cron","PRIORITY":"3","MESSAGE":"hello"}`,
      { time: NOON, host: 'ctl1', program: 'cron', level: 'error', message: 'hello' },
    ],
    [
      'journal, json with bytes',
      `{"__REALTIME_TIMESTAMP":"${NOON}000","MESSAGE":[104,105]}`,
      { time: NOON, message: 'hi' },
    ],
    [
      'oslo, json',
      '{"message":"hello","asctime":"2026-11-21 12:03:04,000","name":"nova.x","levelname":"ERROR","hostname":"ctl1"}',
      { time: NOON, host: 'ctl1', program: 'nova.x', level: 'error', message: 'hello' },
    ],
    [
      'container',
      '{"log":"hello\\n","stream":"stderr","time":"2026-11-21T12:03:04.000000000Z"}',
      { time: NOON, message: 'hello' },
    ],
  ])('%s', (_, text, line) => {
    expect(read(text)).toEqual(line);
  });

  it('takes times without a zone as of the zone given', () => {
    expect(read('2026-11-21 12:03:04 0 [Note] x', { zoneMinutes: 60 })?.time).toBe(NOON - 3_600_000);
    expect(read('2026-11-21T12:03:04+0000 a b: c', { zoneMinutes: 60 })?.time).toBe(NOON);
  });

  it('finds the year that is not written from the age of the file', () => {
    const newYear = Date.UTC(2027, 0, 2);
    expect(read('Dec 31 23:59:59 ctl1 cron[7]: x', { newest: newYear })?.time).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
    expect(read('Jan  1 00:00:01 ctl1 cron[7]: x', { newest: newYear })?.time).toBe(Date.UTC(2027, 0, 1, 0, 0, 1));
  });

  it.each([
    '',
    'hello',
    '  File "x.py", line 3',
    '2026-13-45 99:99:99 0 [Note] x',
    'Foo 21 12:03:04 a b: c',
    '{"a":1}',
    '{',
    '[]',
  ])('does not understand %j', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
