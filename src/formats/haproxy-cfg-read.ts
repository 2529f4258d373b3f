// Reads haproxy.cfg as HAProxy does: sections, keyword lines, quotes and escapes, comments, .if blocks.
//
// HAProxy refuses a file for one bad line; this reports the line, leaves it out and goes on. Conditions (.if ...) are
// not evaluated: their lines stay in place and everything inside is marked `conditional`. Variables of the
// environment stay as written (`expands`). Manual: https://docs.haproxy.org/3.0/configuration.html#2
import type { Parsed, Place } from './document.ts';
import type { HaproxySection } from './haproxy-cfg-write.ts';
import { splitHaproxyLine } from './haproxy-words.ts';
import { Problems, placeIn, textLines } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export interface HaproxyPlacedWord extends Place {
  readonly text: string;
  /** Has a variable of the environment, which is not expanded here. */
  readonly expands: boolean;
}

export interface HaproxyLine extends Place {
  /** All words, also a leading `no` or `default`. */
  readonly words: readonly HaproxyPlacedWord[];
  readonly modifier?: 'no' | 'default';
  /** The first word after the modifier: `timeout`, `server`, `.if`. */
  readonly keyword: string;
  readonly conditional: boolean;
}

export interface HaproxyReadSection extends Place {
  /** '' for lines before the first section, which only .if and its like may be. */
  readonly keyword: string;
  readonly name?: string;
  readonly nameAt?: Place;
  /** Words after the name: `from base`. */
  readonly arguments: readonly HaproxyPlacedWord[];
  readonly lines: readonly HaproxyLine[];
  readonly conditional: boolean;
}

export interface HaproxyDocument {
  readonly file: string;
  readonly sections: readonly HaproxyReadSection[];
}

interface State {
  readonly problems: Problems;
  readonly sections: (HaproxyReadSection & { readonly lines: HaproxyLine[] })[];
  /** Places of the .if that are open, and whether their .else was seen. */
  readonly conditions: { readonly place: Place; elseSeen: boolean }[];
}

const SECTIONS: ReadonlySet<string> = new Set(
  (
    'global defaults frontend backend listen peers userlist resolvers mailers http-errors cache ring program fcgi-app ' +
    'log-forward log-profile crt-store traces acme namespace_list healthcheck'
  ).split(' '),
);
const NEGATABLE: ReadonlySet<string> = new Set(
  'option log busy-polling set-dumpable strict-limits insecure-fork-wanted numa-cpu-mapping'.split(' '),
);
const MOST_WORDS = 64;
const DEEPEST_CONDITION = 15;

export function parseHaproxyCfg(text: string, file: string): Parsed<HaproxyDocument> {
  const problems = new Problems();
  const state: State = { problems, sections: [], conditions: [] };
  const lines = textLines(text, problems);
  for (const line of lines) readLine(state, line);
  for (const { place } of state.conditions) problems.add(place, 'this .if has no .endif');
  const last = lines.at(-1);
  if (last !== undefined && last.text !== '') {
    problems.add(placeIn(last, last.text.length), 'no line break at the end: HAProxy takes the file for truncated');
  }
  return { document: { file, sections: state.sections }, problems: problems.sorted() };
}

/** The sections without places, as writeHaproxyCfg takes them. Words that expand become literal. */
export function haproxySections(document: HaproxyDocument): readonly HaproxySection[] {
  return document.sections.map((section) => ({
    keyword: section.keyword,
    ...(section.name === undefined ? {} : { name: section.name }),
    ...(section.arguments.length === 0 ? {} : { arguments: section.arguments.map(({ text }) => text) }),
    lines: section.lines.map(({ words }) => words.map(({ text }) => text)),
  }));
}

/** Lines of a section that start with these words, `no` and `default` aside: linesOf(section, 'timeout', 'client'). */
export function linesOf(section: HaproxyReadSection, ...keyword: readonly string[]): readonly HaproxyLine[] {
  return section.lines.filter((line) => {
    const words = line.modifier === undefined ? line.words : line.words.slice(1);
    return keyword.every((word, index) => words[index]?.text === word);
  });
}

/** The defaults section that a proxy inherits from: the one it names with `from`, else the last one before it. */
export function defaultsOf(document: HaproxyDocument, proxy: HaproxyReadSection): HaproxyReadSection | undefined {
  const before = document.sections.slice(0, document.sections.indexOf(proxy)).filter((s) => s.keyword === 'defaults');
  const [from, name] = proxy.arguments;
  if (from?.text === 'from') return before.findLast((section) => section.name === name?.text);
  // Only proxies inherit without being told to.
  return ['frontend', 'backend', 'listen'].includes(proxy.keyword) ? before.at(-1) : undefined;
}

function readLine(state: State, line: TextLine): void {
  const { words, problem } = splitHaproxyLine(line.text);
  if (problem !== undefined) {
    state.problems.add(placeIn(line, problem.offset), problem.message);
    return;
  }
  const placed = words.map(({ text, offset, expands }) => ({ ...placeIn(line, offset), text, expands }));
  const [first, second] = placed;
  if (first === undefined) return;
  if (line.text[words[0]?.offset ?? 0] === '[') {
    state.problems.add(first, 'scopes ([...]) are not read');
    return;
  }
  const empty = placed.find((word) => word.text === '');
  if (empty !== undefined) state.problems.add(empty, 'an empty word: HAProxy takes it for the end of the line');
  if (first.text === '') return;
  const extra = placed[MOST_WORDS];
  if (extra !== undefined) {
    state.problems.add(extra, `HAProxy reads at most ${MOST_WORDS} words on a line`);
    return;
  }
  const modifier = first.text === 'no' || first.text === 'default' ? first.text : undefined;
  const keyword = modifier === undefined ? first.text : (second?.text ?? '');
  if (modifier !== undefined && !NEGATABLE.has(keyword)) {
    state.problems.add(first, `HAProxy does not know \`${modifier}\` before \`${keyword.slice(0, 40)}\``);
  }
  if (modifier === undefined && SECTIONS.has(keyword)) beginSection(state, placed);
  else addLine(state, { ...placeIn(line, words[0]?.offset ?? 0), words: placed, keyword, modifier });
}

function beginSection(state: State, [first, ...rest]: readonly HaproxyPlacedWord[]): void {
  if (first === undefined) return;
  // `defaults from base` has no name.
  const named = rest.length > 0 && !(first.text === 'defaults' && rest[0]?.text === 'from' && rest.length === 2);
  const name = named ? rest[0] : undefined;
  state.sections.push({
    line: first.line,
    column: first.column,
    keyword: first.text,
    ...(name === undefined ? {} : { name: name.text, nameAt: { line: name.line, column: name.column } }),
    arguments: named ? rest.slice(1) : rest,
    lines: [],
    conditional: state.conditions.length > 0,
  });
}

function addLine(
  state: State,
  line: Place & Pick<HaproxyLine, 'words' | 'keyword'> & { readonly modifier: 'no' | 'default' | undefined },
): void {
  const { modifier, ...rest } = line;
  const directive = line.keyword.startsWith('.');
  if (state.sections.length === 0) {
    if (!directive) {
      state.problems.add(line, `\`${line.keyword.slice(0, 40)}\` stands before the first section`);
      return;
    }
    state.sections.push({ line: line.line, column: 1, keyword: '', arguments: [], lines: [], conditional: false });
  }
  if (directive) followCondition(state, line);
  const conditional = state.conditions.length > (line.keyword === '.if' ? 1 : 0);
  state.sections.at(-1)?.lines.push({ ...rest, ...(modifier === undefined ? {} : { modifier }), conditional });
}

function followCondition(
  { conditions, problems }: State,
  { keyword, line, column }: Place & { keyword: string },
): void {
  const place = { line, column };
  const open = conditions.at(-1);
  if (keyword === '.if') {
    conditions.push({ place, elseSeen: false });
    if (conditions.length === DEEPEST_CONDITION + 1) problems.add(place, 'too many .if inside each other');
  } else if (keyword === '.elif' || keyword === '.else' || keyword === '.endif') {
    if (open === undefined) problems.add(place, `this ${keyword} has no .if`);
    else if (keyword === '.endif') conditions.pop();
    else {
      if (open.elseSeen) problems.add(place, `${keyword} after .else`);
      if (keyword === '.else') open.elseSeen = true;
    }
  } else if (!/^\.(?:alert|warning|notice|diag)$/.test(keyword)) problems.add(place, 'an unknown directive');
}
