// Reads the two formats of words, `;` and braces: drbd.conf (DRBD 8 and 9) and nginx.conf (http and stream).
//
// A statement is its words up to `;`, or up to a block in braces. # starts a comment, quotes join words. Never throws:
// a brace too many, a missing one and a statement that ends without `;` are reported and reading goes on.
// Manuals: drbd.conf(5), https://nginx.org/en/docs/beginners_guide.html#conf_structure
import type { Parsed, Place } from './document.ts';
import { SourceText, matchAt } from './source-text.ts';
import { Problems } from './text-lines.ts';

export interface BraceWord extends Place {
  readonly text: string;
}

export interface BraceStatement extends Place {
  /** Never empty but for a block without a name. */
  readonly words: readonly BraceWord[];
  readonly block?: readonly BraceStatement[];
}

export interface BraceDocument {
  readonly file: string;
  readonly statements: readonly BraceStatement[];
}

type OpenBlock = BraceStatement & { readonly block: BraceStatement[] };

interface State {
  readonly source: SourceText;
  readonly problems: Problems;
  readonly top: BraceStatement[];
  readonly open: OpenBlock[];
  words: BraceWord[];
  tooDeep: number;
}

const SKIP = /(?:[ \t\r\n\f\v]|#[^\n]*)*/y;
const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const PLAIN = /(?:[^ \t\r\n\f\v;{}"'\\]|\\[^]|\$\{[^}\n]*\}|(?<=[^ \t\n;{}])["'])+/y;
const DEEPEST = 100;

export function parseBraceConf(text: string, file: string): Parsed<BraceDocument> {
  const problems = new Problems();
  const state: State = { source: new SourceText(text, problems), problems, top: [], open: [], words: [], tooDeep: 0 };
  let index = 0;
  for (;;) {
    index += (matchAt(state.source.text, SKIP, index) ?? '').length;
    if (index >= state.source.text.length) break;
    index = readToken(state, index);
  }
  endStatement(state, undefined);
  for (const block of state.open) problems.add(block, 'this block is never closed');
  return { document: { file, statements: state.top }, problems: problems.sorted() };
}

/** Statements whose first words are these: statementsOf(block, 'proxy_pass'). */
export function statementsOf(
  statements: readonly BraceStatement[],
  ...words: readonly string[]
): readonly BraceStatement[] {
  return statements.filter((each) => words.every((word, index) => each.words[index]?.text === word));
}

/** The same at any depth. */
export function deepStatementsOf(
  statements: readonly BraceStatement[],
  ...words: readonly string[]
): readonly BraceStatement[] {
  return statements.flatMap((each) => [
    ...statementsOf([each], ...words),
    ...deepStatementsOf(each.block ?? [], ...words),
  ]);
}

/** Reads the token at an offset and returns where to go on. */
function readToken(state: State, index: number): number {
  const { text } = state.source;
  const character = text[index];
  const place = state.source.at(index);
  if (character === ';') {
    if (state.words.length > 0) push(state, { ...firstOf(state.words, place), words: state.words });
    state.words = [];
    return index + 1;
  }
  if (character === '{') {
    openBlock(state, place);
    return index + 1;
  }
  if (character === '}') {
    endStatement(state, place);
    if (state.tooDeep > 0) state.tooDeep--;
    else if (state.open.pop() === undefined) state.problems.add(place, 'this } closes nothing');
    return index + 1;
  }
  const quoted = matchAt(text, QUOTED, index);
  const word = quoted ?? matchAt(text, PLAIN, index) ?? character ?? '';
  if (quoted === undefined && /^["']/.test(word)) state.problems.add(place, 'this quote is never closed');
  state.words.push({ ...place, text: quoted === undefined ? word : quoted.slice(1, -1) });
  return index + word.length;
}

function openBlock(state: State, place: Place): void {
  const block: OpenBlock = { ...firstOf(state.words, place), words: state.words, block: [] };
  state.words = [];
  if (state.open.length >= DEEPEST) {
    if (state.tooDeep++ === 0) state.problems.add(place, `blocks nested deeper than ${DEEPEST}`);
    return;
  }
  push(state, block);
  state.open.push(block);
}

function endStatement(state: State, end: Place | undefined): void {
  if (state.words.length === 0) return;
  const place = firstOf(state.words, end ?? { line: 1, column: 1 });
  state.problems.add(place, 'this statement has no ; at its end');
  push(state, { ...place, words: state.words });
  state.words = [];
}

function push(state: State, statement: BraceStatement): void {
  if (state.tooDeep === 0) (state.open.at(-1)?.block ?? state.top).push(statement);
}

function firstOf(words: readonly BraceWord[], otherwise: Place): Place {
  const { line, column } = words[0] ?? otherwise;
  return { line, column };
}
