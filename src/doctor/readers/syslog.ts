// Lines that carry a host and a program: rsyslog and `journalctl` in its text forms. The message of a program that
// writes its own time and level (oslo services under systemd, MariaDB, OVS) is read once more by that format.
// Formats: RFC 3164, RFC 5424 as rsyslog files have it, systemd journalctl(1) --output=short*, short-iso*, short-full.
import { levelOf } from '../line.ts';
import type { LineReader, LogLine } from '../line.ts';
import { isoInstant, yearlessInstant } from '../times.ts';

const TAIL = String.raw`(?<host>[\w.:-]+) (?<program>[^\s:\[]+(?: ?\([^)]*\))?)(?:\[\d+\])?: ?(?<message>.*)$`;
const SHORT = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d(?:\.\d+)?) ${TAIL}`,
);
const ISO = new RegExp(
  String.raw`^(?:<\d{1,3}>\d? ?)?(?:[A-Z][a-z]{2} )?(?<date>\d{4}-\d\d-\d\d)[T ](?<clock>\d\d:\d\d:\d\d(?:[.,]\d+)?) ?(?<zone>Z|UTC|[+-]\d\d:?\d\d) ${TAIL}`,
);
const BOOT = /^-- (?:Boot [0-9a-f]{32}|Reboot) --$/;

export const readSyslog: LineReader = (text, times) => {
  const short = SHORT.exec(text)?.groups;
  if (short !== undefined) {
    const { month = '', day = '', clock = '' } = short;
    return whole(short, yearlessInstant(month, day, { clock, times }));
  }
  const iso = ISO.exec(text)?.groups;
  if (iso !== undefined) {
    return whole(iso, isoInstant(iso['date'] ?? '', iso['clock'] ?? '', { zone: iso['zone'], times }));
  }
  return BOOT.test(text) ? { message: text } : undefined;
};

function whole(groups: Readonly<Record<string, string>>, time: number | undefined): LogLine | undefined {
  const { host, program, message = '' } = groups;
  if (time === undefined || host === undefined || program === undefined) return undefined;
  return { time, host, program: program.replace(/^.*\//, ''), ...innerOf(message) };
}

/** Level and bare message of what a program wrote in its own format inside a line of syslog. */
export function innerOf(message: string): Pick<LogLine, 'level' | 'message'> {
  // Kernel: `[12345.678901] text`; oslo: `2026-11-21 12:03:04.123 1234 ERROR nova.x [..] text`, or from the level on.
  const kernel = /^\[ *\d+\.\d+\] ?(.*)$/.exec(message);
  if (kernel?.[1] !== undefined) return { message: kernel[1] };
  const oslo =
    /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d+)? \d+ )?(DEBUG|INFO|WARNING|ERROR|CRITICAL|TRACE) ([\w.]+ .*)$/.exec(
      message,
    );
  const mariadb = /^(?:\d{4}-\d\d-\d\d +\d+:\d\d:\d\d \d+ )?\[(Note|Warning|ERROR)\] (.*)$/.exec(message);
  const bracket = /^\[(NOTICE|WARNING|ALERT|ERROR|INFO)\] +\(\d+\) : (.*)$/i.exec(message);
  const plain =
    /^ {0,2}(?:\([^)]*\)\s+)?(emerg|alert|crit(?:ical)?|err(?:or)?|warning|warn|notice|info|debug) ?: (.*)$/.exec(
      message,
    );
  const found = oslo ?? mariadb ?? bracket ?? plain;
  const level = levelOf(found?.[1]);
  if (found?.[2] === undefined || level === undefined) return { message };
  return { level, message: found[2] };
}
