// Reads rabbitmq.conf as its parser (cuttlefish) does: `key = value`, comments, includes, quoted values.
//
// # starts a comment also in the middle of an unquoted value. Values in single quotes are literal, in triple single
// quotes they may span lines. The server refuses a whole file for one bad line; this reports it and goes on.
// Manual: https://www.rabbitmq.com/docs/configure#config-file
import type { FlatDocument, Option, Parsed, Place } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export interface RabbitmqDocument extends FlatDocument {
  readonly includes: readonly (Place & { readonly path: string })[];
}

interface State {
  readonly lines: readonly TextLine[];
  readonly problems: Problems;
  readonly options: Option[];
  readonly includes: (Place & { path: string })[];
}

interface Value {
  readonly text: string;
  /** Index of the line after it. */
  readonly next: number;
  /** What stands after a quoted value. */
  readonly rest: string;
}

const KEY = /^(?:\\\.|[A-Za-z0-9_-])+(?:\.(?:\\\.|[A-Za-z0-9_-])+)*$/;
const MULTILINE = "'''";

export function parseRabbitmqConf(text: string, file: string): Parsed<RabbitmqDocument> {
  const problems = new Problems();
  const state: State = { lines: textLines(text, problems), problems, options: [], includes: [] };
  let index = 0;
  for (let line = state.lines[index]; line !== undefined; line = state.lines[index]) {
    index = readLine(state, line, index);
  }
  return { document: { file, options: state.options, includes: state.includes }, problems: problems.sorted() };
}

/** Gives the index of the next line to read. */
function readLine(state: State, line: TextLine, index: number): number {
  const { text, start } = trimmedPart(line.text);
  if (text === '' || text.startsWith('#')) return index + 1;
  const equals = line.text.indexOf('=');
  const key = trimmedPart(line.text, equals < 0 ? {} : { to: equals });
  const include = /^include[ \t]+([-\w.*/]+)[ \t]*(?:#|$)/.exec(text);
  if (equals < 0 && include !== null) {
    state.includes.push({ ...placeIn(line, start), path: include[1] ?? '' });
    return index + 1;
  }
  const place = placeIn(line, start);
  if (equals < 0 || !KEY.test(key.text)) {
    state.problems.add(place, 'expected `key = value` with a key of words joined by dots');
    return index + 1;
  }
  const value = readValue(state, index, equals + 1);
  const written = trimmedPart(line.text, { from: equals + 1 });
  const valueAt = placeIn(line, written.text === '' ? equals + 1 : written.start);
  if (value === undefined || !/^[ \t]*(?:#|$)/.test(value.rest)) {
    state.problems.add(valueAt, value === undefined ? 'this quote is never closed' : 'text after the closing quote');
    return index + 1;
  }
  if (written.text === '' || written.text.startsWith('#')) {
    state.problems.add(valueAt, `\`${key.text}\` has no value; an empty one is written ''`);
  }
  state.options.push({ ...place, key: key.text, value: value.text, valueAt });
  return value.next;
}

/** Undefined for a quote that is never closed; without a closing quote on the line, ' is an ordinary character. */
function readValue({ lines }: State, index: number, from: number): Value | undefined {
  const line = lines[index]?.text ?? '';
  const { text, start } = trimmedPart(line, { from });
  if (text.startsWith(MULTILINE)) return readMultiline(lines, index, start + MULTILINE.length);
  const close = text.startsWith("'") ? line.indexOf("'", start + 1) : -1;
  if (close >= 0) return { text: line.slice(start + 1, close), next: index + 1, rest: line.slice(close + 1) };
  const hash = line.indexOf('#', from);
  const plain = trimmedPart(line, hash < 0 ? { from } : { from, to: hash });
  return { text: plain.text, next: index + 1, rest: '' };
}

function readMultiline(lines: readonly TextLine[], index: number, from: number): Value | undefined {
  const parts: string[] = [];
  for (let at = index; at < lines.length; at++) {
    const line = lines[at]?.text ?? '';
    const begin = at === index ? from : 0;
    const close = line.indexOf(MULTILINE, begin);
    parts.push(line.slice(begin, close < 0 ? undefined : close));
    if (close >= 0) {
      const text = parts.join('\n').replace(/^[\n\r']+/, '');
      return { text: withoutEnd(text), next: at + 1, rest: line.slice(close + MULTILINE.length) };
    }
  }
  return undefined;
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\n\r']/.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
