// Times as logs write them, as milliseconds since 1970 UTC. Pure; undefined for what is no time (month 13, hour 25).
import type { TimeContext } from './line.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** 1 to 12 for `Nov`; undefined for no month. */
export function monthOf(word: string): number | undefined {
  const index = MONTHS.indexOf(word.slice(0, 3).toLowerCase());
  return index < 0 ? undefined : index + 1;
}

interface Written {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `12:03:04`, `12:03:04.123456` or with a comma. */
  readonly clock: string;
  /** `Z`, `+01:00`, `+0100`, `UTC`; none: the context's zone. */
  readonly zone?: string | undefined;
}

export function instant(written: Written, times: TimeContext): number | undefined {
  const match = /^(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/.exec(written.clock.trim());
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const { year, month, day } = written;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const fraction = match[4] === undefined ? 0 : Number(`0.${match[4]}`) * 1000;
  const offset = zoneMinutes(written.zone) ?? times.zoneMinutes;
  return Date.UTC(year, month - 1, day, hour, minute, second) + fraction - offset * MINUTE_MS;
}

/** `2026-11-21`, `2026/11/21` or `2026-11-21` before a clock. */
export function isoInstant(
  date: string,
  clock: string,
  rest: { readonly zone?: string | undefined; readonly times: TimeContext },
) {
  const [year, month, day] = date.split(/[-/]/).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return instant({ year, month, day, clock, zone: rest.zone }, rest.times);
}

/**
 * `Nov 21 12:03:04`: the year is the one in which the line is not younger than the file. A day of grace, for clocks
 * that run ahead and copies that kept no time.
 */
export function yearlessInstant(
  month: string,
  day: string,
  rest: { readonly clock: string; readonly times: TimeContext },
) {
  const number = monthOf(month);
  if (number === undefined) return undefined;
  const year = new Date(rest.times.newest).getUTCFullYear();
  const at = (which: number) =>
    instant({ year: which, month: number, day: Number(day), clock: rest.clock }, rest.times);
  const same = at(year + 1);
  for (const candidate of [same, at(year), at(year - 1)]) {
    if (candidate === undefined || candidate <= rest.times.newest + DAY_MS) return candidate;
  }
  return undefined;
}

/** Minutes east of UTC; undefined when nothing or nonsense is written. */
export function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (/^(?:Z|UTC|GMT)$/i.test(zone)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return minutes > 14 * 60 ? undefined : match[1] === '-' ? -minutes : minutes;
}
