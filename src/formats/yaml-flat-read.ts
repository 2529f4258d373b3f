// Reads the top level of YAML files of variables (Kolla globals.yml, OpenStack-Ansible user_variables.yml), by lines.
//
// `key: value` becomes an option; items of a list below a key are options with that key; deeper mappings get keys with
// dots for as long as their indentation grows. Flow collections stay text. Linear and without recursion; what is no
// key, item or continuation is reported. YAML 1.2, the part that files of variables use.
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

interface State {
  readonly problems: Problems;
  readonly options: Option[];
  /** Keys whose values are below them, by indentation. */
  readonly parents: { readonly indent: number; readonly key: string }[];
  /** Lines deeper than this belong to a block of text. */
  blockIndent: number | undefined;
}

const MOST_PARENTS = 30;

export function parseYamlFlat(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const state: State = { problems, options: [], parents: [], blockIndent: undefined };
  for (const line of textLines(text, problems)) readLine(state, line);
  return { document: { file, options: state.options }, problems: problems.sorted() };
}

function readLine(state: State, line: TextLine): void {
  const { text, start } = trimmedPart(line.text, { to: commentStart(line.text) });
  if (text === '' || (start === 0 && /^(?:---|\.\.\.|%)/.test(text))) return;
  if (state.blockIndent !== undefined) {
    if (start > state.blockIndent) return;
    state.blockIndent = undefined;
  }
  const item = /^-(?:[ \t]+|$)/.exec(text);
  if (item !== null) {
    closeDeeper(state, start + 1);
    const value = trimmedPart(line.text, { from: start + item[0].length, to: start + text.length });
    // An item that is a mapping is deeper than what rules ask for.
    if (keyIn(value.text) === undefined) add(state, line, { key: keyAbove(state), start, value });
    return;
  }
  closeDeeper(state, start);
  const key = keyIn(text);
  if (key !== undefined) readKey(state, line, { key, start, end: start + text.length });
  else if (start === 0) state.problems.add(placeIn(line, start), 'expected `key: value`');
}

function readKey(
  state: State,
  line: TextLine,
  found: { readonly key: string; readonly start: number; readonly end: number },
): void {
  const { key, start, end } = found;
  const colon = line.text.indexOf(':', start + key.length);
  const value = trimmedPart(line.text, { from: colon + 1, to: end });
  const above = keyAbove(state);
  const name = above === '' ? unquoted(key) : `${above}.${unquoted(key)}`;
  if (value.text === '') {
    if (state.parents.length < MOST_PARENTS) state.parents.push({ indent: start, key: name });
  } else if (/^[|>][-+\d]*$/.test(value.text)) state.blockIndent = start;
  else add(state, line, { key: name, start, value });
}

function add(
  { options }: State,
  line: TextLine,
  found: {
    readonly key: string;
    readonly start: number;
    readonly value: { readonly text: string; readonly start: number };
  },
): void {
  const value = unquoted(found.value.text);
  options.push({ ...placeIn(line, found.start), key: found.key, value, valueAt: placeIn(line, found.value.start) });
}

function closeDeeper({ parents }: State, indent: number): void {
  while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
}

function keyAbove({ parents }: State): string {
  return parents.at(-1)?.key ?? '';
}

/** What stands before the first colon that a space or the end follows; undefined when that is no plain key. */
function keyIn(text: string): string | undefined {
  const colon = text.search(/:(?:[ \t]|$)/);
  if (colon < 1 || /^[\s#[\]{}&*!|>%@`]|^-[\s:]/.test(text)) return undefined;
  return text.slice(0, colon).trimEnd();
}

/** A # after a space, outside quotes. */
function commentStart(text: string): number {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if ((character === '"' || character === "'") && /[\s:[{,-]/.test(text[index - 1] ?? ' ')) quote = character;
    else if (character === '#' && /\s/.test(text[index - 1] ?? ' ')) return index;
  }
  return text.length;
}

function unquoted(text: string): string {
  return text.length > 1 && /^(["'])[^]*\1$/.test(text) ? text.slice(1, -1) : text;
}
