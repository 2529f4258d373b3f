// Which signatures a line has, and where in a text lines worth reading are. Pure.
//
// A log is mostly uneventful: one search for all hints, and for the marks of errors, finds the lines that are worth
// taking apart; the others are never looked at one by one.
import { HintFinder } from './hint-finder.ts';
import type { LogLine } from './line.ts';
import type { Signature } from './signature.ts';

export interface Match {
  readonly signature: Signature;
  /** What the named groups of the pattern caught. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Marks of an error in the formats that write a level; and of a shutdown, which tells a power cut from a reboot. */
const MARKS = [
  ' ERROR ',
  ' CRITICAL ',
  '[ERROR]',
  '[error]',
  '[crit',
  '[emerg',
  '[alert]',
  '|ERR|',
  '|EMER|',
  '] error:',
  ': error:',
  ' -1 ',
  '[ERR]',
  '"PRIORITY":"3"',
  '"PRIORITY" : "3"',
  '"levelname": "ERROR"',
];
const SHUTDOWNS = ['Journal stopped', 'Shutting down.', 'systemd-shutdown'];

export class Matcher {
  readonly signatures: readonly Signature[];
  readonly #candidates: HintFinder;

  constructor(signatures: readonly Signature[]) {
    this.signatures = signatures;
    const hints = new Set([...signatures.flatMap(({ hints: own }) => own), ...MARKS, ...SHUTDOWNS]);
    this.#candidates = new HintFinder([...hints]);
  }

  /** Offsets inside the lines of the text on which something may be, one per line, ascending. */
  candidates(text: string): Iterable<number> {
    return this.#candidates.lines(text);
  }

  matches(line: LogLine): readonly Match[] {
    const found: Match[] = [];
    for (const signature of this.signatures) {
      if (signature.programs !== undefined && line.program !== undefined && !signature.programs.test(line.program))
        continue;
      if (!signature.hints.some((hint) => line.message.includes(hint))) continue;
      const match = signature.pattern.exec(line.message);
      if (match !== null) found.push({ signature, groups: defined(match.groups ?? {}) });
    }
    return found;
  }
}

function defined(groups: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(groups).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(pairs.map(([name, text]) => [name, text.trim().slice(0, 120)]));
}
