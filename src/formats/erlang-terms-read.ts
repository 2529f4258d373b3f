// Reads files of Erlang terms: classic rabbitmq.config, advanced.config, enabled_plugins, TLS option files.
//
// Lists, tuples, maps, atoms, strings, binaries, numbers; each top term ends with a full stop. Never throws: at what it
// does not know it reports the place, skips to the next term and goes on. Manual: https://www.rabbitmq.com/docs/configure
import type { Parsed, Place } from './document.ts';
import { SourceText, matchAt } from './source-text.ts';
import { Problems } from './text-lines.ts';

export type ErlangTerm = Place &
  (
    | { readonly kind: 'list' | 'tuple' | 'map'; readonly items: readonly ErlangTerm[] }
    | { readonly kind: 'atom' | 'string' | 'binary' | 'number'; readonly text: string }
  );

export interface ErlangDocument {
  readonly file: string;
  readonly terms: readonly ErlangTerm[];
}

interface Reading {
  readonly source: SourceText;
  readonly problems: Problems;
  index: number;
  stopped: boolean;
}

const SPACE = /(?:[ \t\r\n\f\v]|%[^\n]*)*/y;
const PLAIN = /[a-z][A-Za-z0-9_@]*|[+-]?\d+(?:#[0-9A-Za-z]+|\.\d+(?:[eE][+-]?\d+)?)?|\$\\?[^\n]/y;
const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const BRACKETS = { '[': [']', 'list'], '{': ['}', 'tuple'], '#{': ['}', 'map'] } as const;
const DEEPEST = 60;

export function parseErlangTerms(text: string, file: string): Parsed<ErlangDocument> {
  const problems = new Problems();
  const reading: Reading = { source: new SourceText(text, problems), problems, index: 0, stopped: false };
  const terms: ErlangTerm[] = [];
  skipSpace(reading);
  while (reading.index < reading.source.text.length) {
    reading.stopped = false;
    const term = readTerm(reading, 0);
    if (term !== undefined) terms.push(term);
    skipSpace(reading);
    if (!reading.stopped && reading.source.text[reading.index] !== '.')
      stop(reading, 'expected a full stop after the term');
    nextTerm(reading);
  }
  return { document: { file, terms }, problems: problems.sorted() };
}

/** The value of `{key, Value}` in a list of pairs: the last one, as proplists that are merged do. */
export function erlangValue(term: ErlangTerm | undefined, ...path: readonly string[]): ErlangTerm | undefined {
  let current = term;
  for (const key of path) {
    const items: readonly ErlangTerm[] = current !== undefined && 'items' in current ? current.items : [];
    const pair = items.findLast(
      (item) => item.kind === 'tuple' && item.items.length === 2 && erlangText(item.items[0]) === key,
    );
    current = pair !== undefined && 'items' in pair ? pair.items[1] : undefined;
  }
  return current;
}

export function erlangText(term: ErlangTerm | undefined): string | undefined {
  return term !== undefined && 'text' in term ? term.text : undefined;
}

function readTerm(reading: Reading, depth: number): ErlangTerm | undefined {
  skipSpace(reading);
  const { text } = reading.source;
  const place = reading.source.at(reading.index);
  if (depth > DEEPEST) return stop(reading, `terms nested deeper than ${DEEPEST}`);
  const opening = text.startsWith('#{', reading.index) ? '#{' : text[reading.index];
  if (opening === '[' || opening === '{' || opening === '#{') {
    const [close, kind] = BRACKETS[opening];
    reading.index += opening.length;
    return { ...place, kind, items: readItems(reading, close, depth) };
  }
  if (text.startsWith('<<', reading.index)) return readBinary(reading, place);
  const quoted = matchAt(text, QUOTED, reading.index);
  if (quoted !== undefined) {
    reading.index += quoted.length;
    const inside = quoted.slice(1, -1).replaceAll(/\\([^])/g, '$1');
    return { ...place, kind: quoted.startsWith('"') ? 'string' : 'atom', text: inside };
  }
  const plain = matchAt(text, PLAIN, reading.index);
  if (plain === undefined) return stop(reading, 'expected an Erlang term');
  reading.index += plain.length;
  return { ...place, kind: /^[a-z]/.test(plain) ? 'atom' : 'number', text: plain };
}

function readItems(reading: Reading, close: string, depth: number): readonly ErlangTerm[] {
  const items: ErlangTerm[] = [];
  const opened = reading.index - 1;
  for (;;) {
    skipSpace(reading);
    const character = reading.source.text[reading.index];
    if (character === close) {
      reading.index++;
      return items;
    }
    if (character === undefined) {
      if (!reading.stopped) reading.problems.add(reading.source.at(opened), `this bracket has no ${close}`);
      reading.stopped = true;
      return items;
    }
    if (items.length > 0) {
      if (!/^(?:,|\||=>|:=)/.test(reading.source.text.slice(reading.index, reading.index + 2))) {
        stop(reading, `expected , or ${close}`);
        return items;
      }
      reading.index += character === '=' || character === ':' ? 2 : 1;
    }
    const item = readTerm(reading, depth + 1);
    if (item !== undefined) items.push(item);
    if (reading.stopped) return items;
  }
}

function readBinary(reading: Reading, place: Place): ErlangTerm | undefined {
  const { text } = reading.source;
  const start = reading.index;
  reading.index += 2;
  skipSpace(reading);
  const quoted = matchAt(text, QUOTED, reading.index);
  reading.index += quoted?.length ?? 0;
  skipSpace(reading);
  if (!text.startsWith('>>', reading.index)) {
    reading.index = start;
    return stop(reading, 'expected <<"text">>');
  }
  reading.index += 2;
  return { ...place, kind: 'binary', text: (quoted ?? '""').slice(1, -1) };
}

/** Goes behind the full stop that ends the term. One in a number or string is not one: it has no space after it. */
function nextTerm(reading: Reading): void {
  const rest = reading.source.text;
  let end = reading.index;
  while (end < rest.length && !(rest[end] === '.' && /^(?:\s|%|$)/.test(rest.slice(end + 1, end + 2)))) end++;
  reading.index = Math.min(end + 1, rest.length);
  skipSpace(reading);
}

function skipSpace(reading: Reading): void {
  reading.index += (matchAt(reading.source.text, SPACE, reading.index) ?? '').length;
}

function stop(reading: Reading, message: string): undefined {
  if (!reading.stopped) reading.problems.add(reading.source.at(reading.index), message);
  reading.stopped = true;
  return undefined;
}
