// What the services write into files of their own: oslo, MariaDB, RabbitMQ, Open vSwitch and OVN, Ceph, Pacemaker and
// Corosync, Keepalived, libvirt.
// Formats: oslo.log formatters, MariaDB error log, RabbitMQ logging guide, OVS vlog, Ceph log, libqb.
import { levelOf } from '../line.ts';
import type { LineReader, LogLine } from '../line.ts';
import { instant, isoInstant, monthOf, yearlessInstant } from '../times.ts';

const OSLO =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:[.,]\d+)?) (?:\d+ )?(DEBUG|INFO|WARNING|AUDIT|ERROR|CRITICAL|TRACE) ([\w./-]+) ?(.*)$/;

/** `2026-11-21 12:03:04.123 1234 ERROR nova.compute.manager [None req-.. ..] text`. */
export const readOslo: LineReader = (text, times) => {
  const match = OSLO.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', level, program = '', rest = ''] = match;
  const time = isoInstant(date, clock, { times });
  return time === undefined ? undefined : line({ time, program, level: levelOf(level), message: rest });
};

const MARIADB = /^(\d{4}-\d\d-\d\d) {1,2}(\d{1,2}:\d\d:\d\d) (?:\d+ )?\[(Note|Warning|ERROR)\] (.*)$/;

/** `2026-11-21  3:04:05 0 [Note] WSREP: text`. */
export const readMariadb: LineReader = (text, times) => {
  const match = MARIADB.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', level, message = ''] = match;
  const time = isoInstant(date, clock, { times });
  return time === undefined ? undefined : line({ time, program: 'mariadbd', level: levelOf(level), message });
};

const RABBITMQ = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)([+-]\d\d:\d\d)? \[(\w+)\] (?:<[\d.]+> )?(.*)$/;
const RABBITMQ_OLD = /^=(\w+) REPORT==== (\d{1,2})-(\w{3})-(\d{4})::(\d\d:\d\d:\d\d(?:\.\d+)?) ===$/;

/** `2026-11-21 12:03:04.123456+00:00 [error] <0.123.0> text`; up to 3.6 `=ERROR REPORT==== 21-Nov-2026::12:03:04 ===`. */
export const readRabbitmq: LineReader = (text, times) => {
  const match = RABBITMQ.exec(text);
  if (match !== null) {
    const [, date = '', clock = '', zone, level, message = ''] = match;
    const time = isoInstant(date, clock, { zone, times });
    return time === undefined ? undefined : line({ time, program: 'rabbitmq', level: levelOf(level), message });
  }
  const old = RABBITMQ_OLD.exec(text);
  if (old === null) return undefined;
  const [, level, day = '', monthWord = '', year = '', clock = ''] = old;
  const month = monthOf(monthWord);
  const time = month === undefined ? undefined : instant({ year: Number(year), month, day: Number(day), clock }, times);
  return time === undefined ? undefined : line({ time, program: 'rabbitmq', level: levelOf(level), message: text });
};

const VLOG = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z\|\d+\|(\w+)(?:\([^)]*\))?\|(\w+)\|(.*)$/;

/** `2026-11-21T12:03:04.123Z|00012|raft|INFO|text`: Open vSwitch and OVN, always UTC. */
export const readVlog: LineReader = (text, times) => {
  const match = VLOG.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', module = '', level, message = ''] = match;
  const time = isoInstant(date, clock, { zone: 'Z', times });
  return time === undefined ? undefined : line({ time, program: `ovs ${module}`, level: levelOf(level), message });
};

const CEPH =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d\.\d+)([+-]\d{4})? (?:[0-9a-f]{6,} +(-?\d+) (.*)|(\S+) \([^)]*\) \d+ : (\w+) \[(\w+)\] (.*))$/;

/** Daemon: `..+0000 7f12 -1 text`; cluster log: `..+0000 mon.a (mon.0) 12 : cluster [WRN] text`. */
export const readCeph: LineReader = (text, times) => {
  const match = CEPH.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', zone, verbosity, daemonMessage, daemon, , level, clusterMessage] = match;
  const time = isoInstant(date, clock, { zone, times });
  if (time === undefined) return undefined;
  if (daemonMessage !== undefined) {
    return line({ time, program: 'ceph', level: verbosity === '-1' ? 'error' : 'info', message: daemonMessage });
  }
  return line({ time, program: `ceph ${daemon ?? ''}`, level: levelOf(level), message: clusterMessage ?? '' });
};

const PACEMAKER =
  /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) (?:\[\d+\] ([\w.-]+) ([\w-]+) *(?:\([^)]*\))?|([\w.-]+) ([\w-]+) +\[\d+\] \([^)]*\))[: \t]+(\w+) *:? *(.*)$/;

/** Files of Corosync (`Nov 21 12:03:04 [12] ctl1 corosync notice  [TOTEM ] text`) and Pacemaker (with `(function)`). */
export const readPacemaker: LineReader = (text, times) => {
  const match = PACEMAKER.exec(text);
  if (match === null) return undefined;
  const [, month = '', day = '', clock = '', hostOld, programOld, hostNew, programNew, word = '', rest = ''] = match;
  const time = yearlessInstant(month, day, { clock, times });
  if (time === undefined) return undefined;
  const level = levelOf(word);
  const message = level === undefined ? `${word} ${rest}` : rest;
  return line({ time, host: hostOld ?? hostNew, program: programOld ?? programNew, level, message });
};

const CTIME = /^(?:[A-Z][a-z]{2}) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4}): (.*)$/;

/** `Sat Nov 21 12:03:04 2026: (VI_1) Entering MASTER STATE`: a log file of Keepalived. */
export const readKeepalived: LineReader = (text, times) => {
  const match = CTIME.exec(text);
  if (match === null) return undefined;
  const [, monthWord = '', day = '', clock = '', year = '', message = ''] = match;
  const month = monthOf(monthWord);
  const time = month === undefined ? undefined : instant({ year: Number(year), month, day: Number(day), clock }, times);
  return time === undefined ? undefined : line({ time, program: 'Keepalived', message });
};

const LIBVIRT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)([+-]\d{4}): (?:\d+: (\w+) : \S+ : )?(.*)$/;

/** `2026-11-21 12:03:04.123+0000: 1234: error : virNetSocketReadWire:1791 : text`. */
export const readLibvirt: LineReader = (text, times) => {
  const match = LIBVIRT.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', zone, level, message = ''] = match;
  const time = isoInstant(date, clock, { zone, times });
  return time === undefined ? undefined : line({ time, program: 'libvirtd', level: levelOf(level), message });
};

type Loose = { readonly [K in keyof LogLine]: LogLine[K] | undefined } & { readonly message: string };

/** Leaves out what is not known. */
export function line({ time, host, program, level, message }: Loose): LogLine {
  return {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(program === undefined ? {} : { program }),
    ...(level === undefined ? {} : { level }),
    message,
  };
}
