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
  const { text, origins, comment, openQuote } = withoutComment(line);
  const originOf = (index: number): number => origins?.[index] ?? index;
  const tokens: KeepalivedToken[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text[index] ?? '';
    const start = index;
    const offset = originOf(start);
    if (SPACE.test(character)) index++;
    else if (character === '{' || character === '}') {
      tokens.push({ kind: character === '{' ? 'open' : 'close', text: character, offset, quoted: false });
      index++;
    } else if (character === '"') {
      const close = text.indexOf('"', start + 1);
      const problem = { offset, message: 'this quote is never closed' };
      if (close < 0) return { tokens, problem, ...(comment === undefined ? {} : { comment }) };
      tokens.push({ kind: 'word', text: text.slice(start + 1, close), offset, quoted: true });
      index = close + 1;
    } else {
      while (index < text.length && !WORD_END.test(text[index] ?? '')) index++;
      tokens.push({ kind: 'word', text: text.slice(start, index), offset, quoted: false });
    }
  }
  const problem =
    openQuote === undefined ? {} : { problem: { offset: openQuote, message: 'this quote is never closed' } };
  return { tokens, ...problem, ...(comment === undefined ? {} : { comment }) };
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

interface Uncommented {
  readonly text: string;
  /** Offset in the line of every character of `text`; absent when they are equal. */
  readonly origins?: readonly number[];
  readonly comment?: number;
  readonly openQuote?: number;
}

/** keepalived removes comments first, and there a backslash hides a quote, which splitting does not know. */
function withoutComment(line: string): Uncommented {
  const dropped: number[] = [];
  let quote: number | undefined;
  let end = line.length;
  for (let index = 0; index < end; index++) {
    const character = line[index] ?? '';
    if (character === '"') quote = quote === undefined ? index : undefined;
    else if (character === '\\') {
      const next = line[index + 1];
      if (next === undefined) addBlanksBefore(line, index, dropped);
      else if (quote === undefined && (next === '#' || next === '!')) dropped.push(index);
      index++;
    } else if (quote === undefined && (character === '#' || character === '!')) end = index;
  }
  return {
    ...without(line.slice(0, end), dropped),
    ...(end < line.length ? { comment: end } : {}),
    ...(quote === undefined ? {} : { openQuote: quote }),
  };
}

/** Blanks before a backslash at the end of a line go: it takes its place right after the last word. */
function addBlanksBefore(line: string, at: number, dropped: number[]): void {
  for (let index = at - 1; line[index] === ' ' || line[index] === '\t'; index--) dropped.push(index);
}

function without(text: string, dropped: readonly number[]): { text: string; origins?: readonly number[] } {
  if (dropped.length === 0) return { text };
  const gone = new Set(dropped);
  const origins = Array.from({ length: text.length }, (_, index) => index).filter((index) => !gone.has(index));
  return { text: origins.map((index) => text[index] ?? '').join(''), origins };
}
