// Web servers in front of services, and the kernel's own buffer: Apache, nginx, uWSGI, access logs, dmesg.
// Formats: Apache ErrorLogFormat and "combined", nginx error_log, uWSGI request log, dmesg(1).
import { levelOf } from '../line.ts';
import type { LineReader } from '../line.ts';
import { instant, isoInstant, monthOf } from '../times.ts';
import { line } from './services.ts';

const CTIME = String.raw`[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})`;
const APACHE = new RegExp(
  String.raw`^\[${CTIME}\] \[(?:\w+:)?(\w+)\] (?:\[pid [^\]]*\] )?(?:\[(?:client|remote) [^\]]*\] )?(.*)$`,
);
const UWSGI = new RegExp(String.raw`^\[pid: \d+\|app: [^\]]*\] (.*?) \[${CTIME}\] (.*)$`);
const DMESG_T = new RegExp(String.raw`^\[${CTIME}\] (.*)$`);
const DMESG = /^\[ *\d+\.\d{6}\] (.*)$/;
const ACCESS = /^(\S+ \S+ \S+) \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] (".*)$/;
const NGINX = /^(\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d) \[(\w+)\] \d+#\d+: (.*)$/;

export const readApache: LineReader = (text, times) => {
  const match = APACHE.exec(text);
  if (match === null) return undefined;
  const [, month = '', day = '', clock = '', year = '', level, message = ''] = match;
  const time = ctime({ month, day, clock, year }, times);
  return time === undefined ? undefined : line({ time, program: 'apache2', level: levelOf(level), message });
};

export const readUwsgi: LineReader = (text, times) => {
  const match = UWSGI.exec(text);
  if (match === null) return undefined;
  const [, , month = '', day = '', clock = '', year = '', message = ''] = match;
  const time = ctime({ month, day, clock, year }, times);
  return time === undefined ? undefined : line({ time, program: 'uwsgi', level: 'info', message });
};

export const readAccess: LineReader = (text, times) => {
  const match = ACCESS.exec(text);
  if (match === null) return undefined;
  const [, , day = '', monthWord = '', year = '', clock = '', zone, message = ''] = match;
  const month = monthOf(monthWord);
  if (month === undefined) return undefined;
  const time = instant({ year: Number(year), month, day: Number(day), clock, zone }, times);
  return time === undefined ? undefined : line({ time, program: 'access', level: 'info', message });
};

export const readNginx: LineReader = (text, times) => {
  const match = NGINX.exec(text);
  if (match === null) return undefined;
  const [, date = '', clock = '', level, message = ''] = match;
  const time = isoInstant(date, clock, { times });
  return time === undefined ? undefined : line({ time, program: 'nginx', level: levelOf(level), message });
};

/** `[12345.678901] text` has no time of day; with `dmesg -T` it has. */
export const readKernel: LineReader = (text, times) => {
  const dated = DMESG_T.exec(text);
  if (dated !== null) {
    const [, month = '', day = '', clock = '', year = '', message = ''] = dated;
    const time = ctime({ month, day, clock, year }, times);
    return time === undefined ? undefined : line({ time, program: 'kernel', message });
  }
  const bare = DMESG.exec(text);
  return bare === null ? undefined : line({ program: 'kernel', message: bare[1] ?? '' });
};

interface Ctime {
  readonly month: string;
  readonly day: string;
  readonly clock: string;
  readonly year: string;
}

function ctime({ month, day, clock, year }: Ctime, times: Parameters<LineReader>[1]): number | undefined {
  const number = monthOf(month);
  return number === undefined
    ? undefined
    : instant({ year: Number(year), month: number, day: Number(day), clock }, times);
}
