// Reads one log from its first block of lines to its last: matches, unexplained errors, boots, times that go back.
//
// Bounded memory: a block at a time, and accumulators that do not grow with the file. A line without a time of its own
// (a traceback, the second line of a message) has that of the line before it. Never throws on any text.
import { BootTracker } from './boots.ts';
import { Episodes } from './episodes.ts';
import type { Episode } from './episodes.ts';
import { LEVELS } from './line.ts';
import type { LogLine, TimeContext } from './line.ts';
import type { Match, Matcher } from './matcher.ts';
import { LineParser } from './readers/readers.ts';
import { isContinuation, Templates } from './template.ts';
import type { Unexplained } from './template.ts';
import { masked } from '../lib/mask.ts';

/** Times of one file jump back by less when several processes write it. */
const CLOCK_BACK_MS = 60_000;
/** How far back the line is looked for that a line without a time belongs to. */
const MOST_BACK = 60;
/** In this much of a file every line's time is compared with the one before, after it one per block. */
const CLOSELY_WATCHED_LINES = 20_000;
const LONGEST_TEXT = 500;
const ERROR = LEVELS.indexOf('error');

export interface FileStory {
  readonly path: string;
  readonly lines: number;
  /** Lines that some reader understood, of those looked at. */
  readonly understood: number;
  readonly lookedAt: number;
  readonly first?: number;
  readonly last?: number;
  readonly episodes: readonly Episode[];
  readonly unexplained: readonly Unexplained[];
  readonly noise: ReadonlyMap<string, number>;
}

export interface ScanOptions {
  readonly path: string;
  readonly matcher: Matcher;
  readonly times: TimeContext;
}

export class FileScan {
  readonly #options: ScanOptions;
  readonly #parser: LineParser;
  readonly #episodes = new Episodes();
  readonly #templates = new Templates();
  readonly #noise = new Map<string, number>();
  readonly #boots: BootTracker;
  readonly #clockBack;
  #line = 0;
  #understood = 0;
  #lookedAt = 0;
  /** The last line of the block before. */
  #previous: LogLine | undefined;
  #first: number | undefined;
  #last: number | undefined;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#parser = new LineParser(options.times);
    const { signatures } = options.matcher;
    this.#boots = new BootTracker(signatures.find(({ derived }) => derived === 'power-loss'));
    this.#clockBack = signatures.find(({ derived }) => derived === 'clock-back');
  }

  /** Whole lines, each with its newline (the last of a file may lack it). */
  feed(block: string): void {
    if (this.#line < CLOSELY_WATCHED_LINES) this.#watchTimes(block);
    else this.#watchTime(block.slice(0, Math.max(block.indexOf('\n'), 0)), this.#line + 1);
    let position = 0;
    let number = this.#line;
    for (const offset of this.#options.matcher.candidates(block)) {
      const start = block.lastIndexOf('\n', offset - 1) + 1;
      number += newlines(block, position, start);
      position = start;
      const end = block.indexOf('\n', offset);
      this.#look({ block, start, end: end < 0 ? block.length : end, number: number + 1 });
    }
    this.#line = number + newlines(block, position, block.length);
    const last = block.lastIndexOf('\n', block.length - 2) + 1;
    this.#previous = this.#parser.read(block.slice(last, Math.max(block.length - 1, last))) ?? this.#previous;
  }

  end(): FileStory {
    return {
      path: this.#options.path,
      lines: this.#line,
      understood: this.#understood,
      lookedAt: this.#lookedAt,
      ...(this.#first === undefined ? {} : { first: this.#first }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      episodes: this.#episodes.all(),
      unexplained: this.#templates.all(),
      noise: this.#noise,
    };
  }

  #look(at: Located): void {
    const text = detached(at.block.slice(at.start, at.end));
    const line = this.#parser.read(text) ?? this.#continued(at, text);
    this.#lookedAt++;
    if (line.time !== undefined || line.program !== undefined) this.#understood++;
    const matches = this.#options.matcher.matches(line);
    const boot = this.#boots.follow(line, { text, number: at.number, before: () => this.#lineBefore(at) });
    if (boot !== undefined) this.#keep(boot.match, boot.line, { text: boot.text, number: boot.number });
    for (const match of matches) {
      if (match.signature.derived !== undefined) continue;
      if (match.signature.noise === true)
        this.#noise.set(match.signature.id, (this.#noise.get(match.signature.id) ?? 0) + 1);
      else this.#keep(match, line, { text, number: at.number });
    }
    if (matches.length === 0) this.#unexplained(line, at.number);
  }

  #keep(match: Match, line: LogLine, at: { readonly text: string; readonly number: number }): void {
    const time = line.time === undefined ? {} : { time: line.time };
    const evidence = {
      file: this.#options.path,
      line: at.number,
      ...time,
      text: masked(at.text.slice(0, LONGEST_TEXT)),
    };
    this.#episodes.add({ match, host: line.host, evidence });
  }

  #unexplained(line: LogLine, number: number): void {
    if (line.level === undefined || LEVELS.indexOf(line.level) < ERROR || isContinuation(line.message)) return;
    const { program, time } = line;
    this.#templates.add({ program, message: masked(line.message), time, line: number });
  }

  /** A line that no reader knows belongs to the nearest one above that has a time. */
  #continued(at: Located, text: string): LogLine {
    let end = at.start - 1;
    for (let tries = 0; tries < MOST_BACK && end > 0; tries++) {
      const start = at.block.lastIndexOf('\n', end - 1) + 1;
      const above = this.#parser.read(at.block.slice(start, end));
      if (above !== undefined) return { ...above, message: text };
      end = start - 1;
    }
    return { ...this.#previous, message: text };
  }

  #lineBefore(at: Located): { readonly line: LogLine; readonly text: string } | undefined {
    const end = at.start - 1;
    if (end <= 0) return this.#previous === undefined ? undefined : { line: this.#previous, text: '' };
    const text = detached(at.block.slice(at.block.lastIndexOf('\n', end - 1) + 1, end));
    const line = this.#parser.read(text);
    return line === undefined ? undefined : { line, text };
  }

  #watchTimes(block: string): void {
    let start = 0;
    let number = this.#line;
    for (let end = block.indexOf('\n'); end >= 0; end = block.indexOf('\n', start)) {
      number++;
      this.#watchTime(block.slice(start, Math.min(end, start + 400)), number);
      start = end + 1;
    }
  }

  #watchTime(written: string, number: number): void {
    const text = detached(written);
    const line = this.#parser.read(text);
    if (line?.time === undefined) return;
    const back = this.#last === undefined ? 0 : this.#last - line.time;
    if (back > CLOCK_BACK_MS && this.#clockBack !== undefined) {
      const groups = { seconds: String(Math.round(back / 1000)) };
      this.#keep({ signature: this.#clockBack, groups }, line, { text, number });
    }
    this.#first = Math.min(this.#first ?? line.time, line.time);
    this.#last = line.time;
  }
}

interface Located {
  readonly block: string;
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** A copy: a slice of a block keeps the whole block in memory for as long as its line is evidence. */
function detached(slice: string): string {
  return ` ${slice}`.slice(1);
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
