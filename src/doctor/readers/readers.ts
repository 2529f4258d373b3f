// All line formats. A file is mostly of one: the reader that understood the last line is asked first.
import type { LineReader, LogLine, TimeContext } from '../line.ts';
import { readJson } from './json.ts';
import {
  readCeph,
  readKeepalived,
  readLibvirt,
  readMariadb,
  readOslo,
  readPacemaker,
  readRabbitmq,
  readVlog,
} from './services.ts';
import { readSyslog } from './syslog.ts';
import { readAccess, readApache, readKernel, readNginx, readUwsgi } from './web.ts';

/** The stricter ones first: an earlier format must not swallow a later one's lines. */
export const READERS: readonly (readonly [name: string, read: LineReader])[] = [
  ['pacemaker', readPacemaker],
  ['syslog', readSyslog],
  ['oslo', readOslo],
  ['mariadb', readMariadb],
  ['ovs', readVlog],
  ['ceph', readCeph],
  ['rabbitmq', readRabbitmq],
  ['libvirt', readLibvirt],
  ['keepalived', readKeepalived],
  ['json', readJson],
  ['apache', readApache],
  ['uwsgi', readUwsgi],
  ['access', readAccess],
  ['nginx', readNginx],
  ['kernel', readKernel],
];

/** Longer lines are cut: nobody reads them, and patterns are not run over megabytes. */
const LONGEST_LINE = 8192;

export class LineParser {
  readonly #times: TimeContext;
  #last = 0;

  constructor(times: TimeContext) {
    this.#times = times;
  }

  read(text: string): LogLine | undefined {
    const cut = text.length > LONGEST_LINE && !text.startsWith('{') ? text.slice(0, LONGEST_LINE) : text;
    const found = READERS[this.#last]?.[1](cut, this.#times);
    if (found !== undefined) return found;
    for (let index = 0; index < READERS.length; index++) {
      const line = READERS[index]?.[1](cut, this.#times);
      if (line !== undefined) {
        this.#last = index;
        return line;
      }
    }
    return undefined;
  }
}
