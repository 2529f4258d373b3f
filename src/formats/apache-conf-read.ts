// Reads Apache's configuration: directives with words, <Section arguments> ... </Section>, lines continued by \.
//
// Conditions (<IfModule>) are sections like others. Never throws: a section that is never closed or closed by another
// name is reported. Manual: https://httpd.apache.org/docs/2.4/configuring.html
import type { BraceStatement, BraceWord } from './brace-conf-read.ts';
import type { Parsed, Place } from './document.ts';
import { Problems, placeIn, textLines } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export interface ApacheDocument {
  readonly file: string;
  /** The first word is the directive or the name of the section, in lower case. */
  readonly statements: readonly BraceStatement[];
}

interface State {
  readonly problems: Problems;
  readonly top: BraceStatement[];
  readonly open: (BraceStatement & { readonly block: BraceStatement[] })[];
  /** Words of lines that end in a backslash. */
  pending: readonly BraceWord[];
}

const DEEPEST = 100;

export function parseApacheConf(text: string, file: string): Parsed<ApacheDocument> {
  const problems = new Problems();
  const state: State = { problems, top: [], open: [], pending: [] };
  for (const line of textLines(text, problems)) readLine(state, line);
  if (state.pending.length > 0) addDirective(state, state.pending);
  for (const section of state.open) problems.add(section, `<${section.words[0]?.text ?? ''}> is never closed`);
  return { document: { file, statements: state.top }, problems: problems.sorted() };
}

function readLine(state: State, line: TextLine): void {
  if (state.pending.length === 0 && /^[ \t]*#/.test(line.text)) return;
  const continued = line.text.endsWith('\\');
  const text = continued ? line.text.slice(0, -1) : line.text;
  const all = [...state.pending, ...wordsOf(state, { ...line, text })];
  state.pending = [];
  const [first] = all;
  if (first === undefined) return;
  if (continued) state.pending = all;
  else if (first.text.startsWith('</')) closeSection(state, first);
  else if (first.text.startsWith('<')) openSection(state, all);
  else addDirective(state, all);
}

function wordsOf(state: State, line: TextLine): readonly BraceWord[] {
  return [...line.text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^ \t\v\f\r]+/g)].map((match) => {
    const [word] = match;
    const quoted = word.length > 1 && /^(["'])[^]*\1$/.test(word);
    if (!quoted && /^["']/.test(word)) state.problems.add(placeIn(line, match.index), 'this quote is never closed');
    return { ...placeIn(line, match.index), text: quoted ? word.slice(1, -1) : word };
  });
}

function openSection(state: State, words: readonly BraceWord[]): void {
  const [first, ...rest] = words;
  if (first === undefined) return;
  const last = words.at(-1);
  if (last?.text.endsWith('>') !== true) state.problems.add(first, 'a section must end with >');
  const name = first.text.replace(/^</, '').replace(/>$/, '').toLowerCase();
  const section = {
    ...at(first),
    words: [
      { ...at(first), text: name },
      ...rest.map((word) => ({ ...word, text: word === last ? word.text.replace(/>$/, '') : word.text })),
    ],
    block: [] as BraceStatement[],
  };
  if (state.open.length >= DEEPEST) {
    state.problems.add(first, `sections nested deeper than ${DEEPEST}`);
    return;
  }
  (state.open.at(-1)?.block ?? state.top).push(section);
  state.open.push(section);
}

function closeSection(state: State, word: BraceWord): void {
  const name = word.text.slice(2).replace(/>$/, '').toLowerCase();
  const open = state.open.pop();
  if (open === undefined) state.problems.add(word, `</${name.slice(0, 40)}> closes nothing`);
  else if (open.words[0]?.text !== name) {
    state.problems.add(word, `</${name.slice(0, 40)}> closes <${open.words[0]?.text ?? ''}>`);
  }
}

function addDirective(state: State, words: readonly BraceWord[]): void {
  const [first, ...rest] = words;
  if (first === undefined) return;
  const statement = { ...at(first), words: [{ ...first, text: first.text.toLowerCase() }, ...rest] };
  (state.open.at(-1)?.block ?? state.top).push(statement);
}

function at({ line, column }: Place): Place {
  return { line, column };
}
