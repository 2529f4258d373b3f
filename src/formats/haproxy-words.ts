// Splits a line of haproxy.cfg into words exactly as HAProxy does: quotes, escapes, comments, hexadecimal escapes.
//
// Never throws and runs in linear time. A word is the text HAProxy sees, except that variables of the environment
// ("$NAME" in double quotes) stay as they are written and the word says so in `expands`.
// Manual: https://docs.haproxy.org/3.0/configuration.html#2.2
import { HastackError } from '../model/error.ts';

export interface HaproxyWord {
  readonly text: string;
  /** Where it starts in the line, from 0. */
  readonly offset: number;
  /** Has a variable of the environment that HAProxy expands when it starts. */
  readonly expands: boolean;
}

export interface HaproxyWords {
  readonly words: readonly HaproxyWord[];
  /** Where the comment starts, when there is one. */
  readonly comment?: number;
  readonly problem?: { readonly offset: number; readonly message: string };
}

interface Reading {
  readonly words: HaproxyWord[];
  text: string;
  start: number;
  inWord: boolean;
  expands: boolean;
  quote: '' | '"' | "'";
  quoteStart: number;
}

const LETTERS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

export function splitHaproxyLine(line: string): HaproxyWords {
  const reading: Reading = { words: [], text: '', start: 0, inWord: false, expands: false, quote: '', quoteStart: 0 };
  let index = 0;
  while (index < line.length) {
    const character = line[index] ?? '';
    if (character === '\n' || character === '\r' || character === '\0') break;
    if (character === '#' && reading.quote === '') {
      endWord(reading);
      return { words: reading.words, comment: index };
    }
    if (isQuote(character) && (reading.quote === '' || reading.quote === character)) {
      beginWord(reading, index);
      if (reading.quote === '') reading.quoteStart = index;
      reading.quote = reading.quote === '' ? character : '';
      index++;
    } else if (character === '\\' && reading.quote !== "'") {
      beginWord(reading, index);
      const escape = readEscape(line, index, reading.quote);
      if (escape === undefined) return stopped(reading, index, 'expected two hexadecimal digits after \\x');
      reading.text += escape.text;
      index = escape.next;
    } else if (reading.quote === '' && isSpace(character)) {
      endWord(reading);
      // A carriage return ends the line, but not after a space.
      while (isSpace(line[index] ?? '') || line[index] === '\r') index++;
    } else {
      beginWord(reading, index);
      if (character === '$' && reading.quote === '"') {
        if (!/^\$(?:[A-Za-z_.]|\{[A-Za-z_.])/.test(line.slice(index, index + 3))) {
          return stopped(reading, index, 'expected the name of a variable after $ (or write \\$)');
        }
        reading.expands = true;
      }
      reading.text += character;
      index++;
    }
  }
  if (reading.quote !== '') return stopped(reading, reading.quoteStart, 'this quote is never closed');
  endWord(reading);
  return { words: reading.words };
}

/** Words of a value that a user wrote in the spec. Refuses what would not survive being written back. */
export function parseHaproxyWords(text: string, where: string): readonly string[] {
  const { words, comment, problem } = splitHaproxyLine(text);
  const why =
    problem?.message ??
    (/[\r\n\0]/.test(text) ? 'a value is one line' : undefined) ??
    (comment === undefined ? undefined : '# starts a comment (quote it or write \\#)') ??
    (words.some((word) => word.expands) ? 'variables of the environment are not supported here' : undefined);
  if (why !== undefined) {
    throw new HastackError({
      code: 'spec-invalid',
      message: `the override ${where} is not a line that HAProxy can read: ${why}`,
      hint: 'Write the words as they stand in haproxy.cfg.',
    });
  }
  return words.map((word) => word.text);
}

function readEscape(line: string, at: number, quote: string): { text: string; next: number } | undefined {
  const next = line[at + 1] ?? '';
  if (next === 'x') {
    const digits = line.slice(at + 2, at + 4);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined;
    return { text: String.fromCodePoint(Number.parseInt(digits, 16)), next: at + 4 };
  }
  const letter = Object.hasOwn(LETTERS, next) ? LETTERS[next] : undefined;
  if (letter !== undefined) return { text: letter, next: at + 2 };
  const literal = next !== '' && (' \\#\'"'.includes(next) || (next === '$' && quote === '"'));
  return literal ? { text: next, next: at + 2 } : { text: '\\', next: at + 1 };
}

function stopped(reading: Reading, offset: number, message: string): HaproxyWords {
  endWord(reading);
  return { words: reading.words, problem: { offset, message } };
}

function beginWord(reading: Reading, index: number): void {
  if (reading.inWord) return;
  reading.inWord = true;
  reading.start = index;
}

function endWord(reading: Reading): void {
  if (!reading.inWord) return;
  reading.words.push({ text: reading.text, offset: reading.start, expands: reading.expands });
  reading.text = '';
  reading.inWord = false;
  reading.expands = false;
}

function isQuote(character: string): character is '"' | "'" {
  return character === '"' || character === "'";
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\v' || character === '\f';
}
