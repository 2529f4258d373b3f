// Splits a line of keepalived.conf into words and braces exactly as keepalived does.
//
// `#` and `!` start a comment anywhere outside double quotes, also in the middle of a word; \# and \! are the
// characters themselves. Braces outside quotes stand alone. A double quote in the middle of a word starts a new one.
// Never throws and runs in linear time. Manual: keepalived.conf(5), lib/parser.c
import { HastackError } from '../model/error.ts';

export interface KeepalivedToken {
  readonly kind: 'word' | 'open' | 'close';
  readonly text: string;
  /** Where it starts in the line, from 0. */
  readonly offset: number;
  readonly quoted: boolean;
}

export interface KeepalivedTokens {
  readonly tokens: readonly KeepalivedToken[];
  /** Where the comment starts, when there is one. */
  readonly comment?: number;
  readonly problem?: { readonly offset: number; readonly message: string };
}

const SPACE = /[ \t\f\n\r\v]/;
const WORD_END = /[ \t\f\n\r\v"{}]/;

export function splitKeepalivedLine(line: string): KeepalivedTokens {
  const { end, escapes, openQuote } = findComment(line);
  const tokens: KeepalivedToken[] = [];
  let index = 0;
  while (index < end) {
    const character = line[index] ?? '';
    if (SPACE.test(character)) index++;
    else if (character === '{' || character === '}') {
      tokens.push({ kind: character === '{' ? 'open' : 'close', text: character, offset: index, quoted: false });
      index++;
    } else if (character === '"') {
      const close = line.indexOf('"', index + 1);
      const problem = { offset: index, message: 'this quote is never closed' };
      if (close < 0 || close >= end) return { tokens, problem, ...commentAt(line, end) };
      tokens.push({ kind: 'word', text: line.slice(index + 1, close), offset: index, quoted: true });
      index = close + 1;
    } else {
      const start = index;
      let text = '';
      while (index < end && !WORD_END.test(line[index] ?? '')) {
        if (!escapes.has(index)) text += line[index] ?? '';
        index++;
      }
      tokens.push({ kind: 'word', text, offset: start, quoted: false });
    }
  }
  const problem =
    openQuote === undefined ? {} : { problem: { offset: openQuote, message: 'this quote is never closed' } };
  return { tokens, ...problem, ...commentAt(line, end) };
}

/** Words of a value that a user wrote in the spec. Refuses what would not survive being written back. */
export function parseKeepalivedWords(text: string, where: string): readonly string[] {
  const { tokens, comment, problem } = splitKeepalivedLine(text);
  const why =
    problem?.message ??
    (/[\r\n\0]/.test(text) ? 'a value is one line' : undefined) ??
    (comment === undefined ? undefined : '# and ! start a comment (put the word in double quotes)') ??
    (tokens.some((token) => token.kind !== 'word') ? 'braces must be in double quotes' : undefined);
  if (why !== undefined) {
    throw new HastackError({
      code: 'spec-invalid',
      message: `the override ${where} is not a line that keepalived can read: ${why}`,
      hint: 'Write the words as they stand in keepalived.conf.',
    });
  }
  return tokens.map((token) => token.text);
}

/** keepalived removes comments first, and there a backslash hides a quote, which splitting does not know. */
function findComment(line: string): { end: number; escapes: ReadonlySet<number>; openQuote?: number } {
  const escapes = new Set<number>();
  let quote: number | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? '';
    if (character === '"') quote = quote === undefined ? index : undefined;
    else if (character === '\\') {
      if (quote === undefined && /[#!]/.test(line[index + 1] ?? '')) escapes.add(index);
      index++;
    } else if (quote === undefined && (character === '#' || character === '!')) return { end: index, escapes };
  }
  return { end: line.length, escapes, ...(quote === undefined ? {} : { openQuote: quote }) };
}

function commentAt(line: string, end: number): { comment?: number } {
  return end < line.length ? { comment: end } : {};
}
