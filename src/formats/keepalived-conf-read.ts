// Reads keepalived.conf as keepalived does: nested blocks, quotes, comments, conditions (@id), definitions ($NAME=).
//
// The opening brace may stand on the next line and a block may be on one line. Definitions are replaced
// where they are used; ~SEQ generators and includes stay ordinary lines (`include FILE`). What cannot be read is reported and left out. Manual: keepalived.conf(5)
import type { Parsed, Place } from './document.ts';
import type { KeepalivedNode } from './keepalived-conf-write.ts';
import { substitute } from './keepalived-substitute.ts';
import { splitKeepalivedLine } from './keepalived-words.ts';
import type { KeepalivedToken } from './keepalived-words.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export interface PlacedNode extends KeepalivedNode, Place {
  /** One for each word. */
  readonly wordsAt: readonly Place[];
  readonly block?: readonly PlacedNode[];
}

export interface KeepalivedDefinition extends Place {
  readonly name: string;
  readonly value: string;
}

export interface KeepalivedDocument {
  readonly file: string;
  readonly nodes: readonly PlacedNode[];
  readonly definitions: readonly KeepalivedDefinition[];
}

type Statement = Omit<PlacedNode, 'block'>;

interface State {
  readonly problems: Problems;
  readonly definitions: KeepalivedDefinition[];
  /** The same by name: the last one counts. */
  readonly values: Map<string, string>;
  readonly top: PlacedNode[];
  readonly open: (Statement & { readonly block: PlacedNode[] })[];
  /** A line whose block may open on the next one. */
  pending: Statement | undefined;
  /** Braces beyond the deepest level that is kept. */
  tooDeep: number;
  /** A definition that goes on. */
  continued: { readonly place: Place; readonly name: string; readonly lines: string[] } | undefined;
}

/** Deeper than any real file; keeps whoever walks the tree from running out of stack. */
const DEEPEST = 100;

export function parseKeepalivedConf(text: string, file: string): Parsed<KeepalivedDocument> {
  const problems = new Problems();
  const state: State = {
    problems,
    definitions: [],
    values: new Map(),
    top: [],
    open: [],
    pending: undefined,
    tooDeep: 0,
    continued: undefined,
  };
  for (const line of textLines(text, problems)) readLine(state, line);
  endDefinition(state);
  flush(state);
  state.tooDeep = 0;
  for (const block of state.open)
    problems.add(block, `the block ${block.words.join(' ').slice(0, 60)} is never closed`);
  while (state.open.length > 0) closeBlock(state);
  return { document: { file, nodes: state.top, definitions: state.definitions }, problems: problems.sorted() };
}

/** The nodes without places, as writeKeepalivedConf takes them. */
export function keepalivedNodes(nodes: readonly PlacedNode[]): readonly KeepalivedNode[] {
  return nodes.map(({ words, block, condition }) => ({
    words,
    ...(block === undefined ? {} : { block: keepalivedNodes(block) }),
    ...(condition === undefined ? {} : { condition }),
  }));
}

/** Nodes that start with these words: nodesOf(document.nodes, 'vrrp_instance'). */
export function nodesOf(nodes: readonly PlacedNode[], ...words: readonly string[]): readonly PlacedNode[] {
  return nodes.filter((node) => words.every((word, index) => node.words[index] === word));
}

function readLine(state: State, line: TextLine): void {
  const statement = trimmedPart(line.text);
  if (continueDefinition(state, statement.text)) return;
  const condition = /^@\^?\S*/.exec(statement.text)?.[0];
  const start = statement.start + (condition?.length ?? 0);
  const rest = trimmedPart(line.text, { from: start });
  if (condition !== undefined && rest.text === '') {
    state.problems.add(placeIn(line, statement.start), 'nothing follows the condition');
    return;
  }
  const definition = /^\$([A-Za-z_]\w*)[ \t]*=/.exec(rest.text);
  if (definition !== null) {
    beginDefinition(state, placeIn(line, rest.start), {
      name: definition[1] ?? '',
      text: rest.text.slice(definition[0].length),
    });
    return;
  }
  const { text, originOf, overflow } = substitute(rest.text, state.values);
  if (overflow) state.problems.add(placeIn(line, rest.start), 'the definitions used here go in circles');
  let begin = 0;
  for (const part of text.split('\n')) {
    const { tokens, problem } = splitKeepalivedLine(part);
    const base = begin;
    const placeOf = (offset: number): Place => placeIn(line, rest.start + originOf(base + offset));
    if (problem !== undefined) state.problems.add(placeOf(problem.offset), problem.message);
    readTokens(state, tokens, { placeOf, condition });
    begin += part.length + 1;
  }
}

function readTokens(
  state: State,
  tokens: readonly KeepalivedToken[],
  line: { readonly placeOf: (offset: number) => Place; readonly condition: string | undefined },
): void {
  let words: KeepalivedToken[] = [];
  const statement = (): Statement | undefined => {
    const [first] = words;
    if (first === undefined) return undefined;
    const made = {
      ...line.placeOf(first.offset),
      words: words.map(({ text }) => text),
      wordsAt: words.map(({ offset }) => line.placeOf(offset)),
      ...(line.condition === undefined ? {} : { condition: line.condition }),
    };
    words = [];
    return made;
  };
  for (const token of tokens) {
    if (token.kind === 'word') words.push(token);
    else {
      const before = statement();
      if (before !== undefined) setPending(state, before);
      if (token.kind === 'open') openBlock(state, line.placeOf(token.offset));
      else {
        flush(state);
        if (!closeBlock(state)) state.problems.add(line.placeOf(token.offset), 'this } closes nothing');
      }
    }
  }
  const last = statement();
  if (last !== undefined) setPending(state, last);
}

function setPending(state: State, statement: Statement): void {
  flush(state);
  state.pending = statement;
}

/** The pending line opens no block: it is complete. */
function flush(state: State): void {
  if (state.pending !== undefined) siblings(state).push(state.pending);
  state.pending = undefined;
}

function openBlock(state: State, place: Place): void {
  const statement = state.pending ?? { ...place, words: [], wordsAt: [] };
  state.pending = undefined;
  if (state.open.length < DEEPEST) state.open.push({ ...statement, block: [] });
  else if (state.tooDeep++ === 0) state.problems.add(place, `blocks nested deeper than ${DEEPEST}`);
}

function closeBlock(state: State): boolean {
  if (state.tooDeep > 0) {
    state.tooDeep--;
    return true;
  }
  const block = state.open.pop();
  if (block !== undefined) siblings(state).push(block);
  return block !== undefined;
}

function siblings(state: State): PlacedNode[] {
  return state.open.at(-1)?.block ?? state.top;
}

function beginDefinition(state: State, place: Place, { name, text }: { name: string; text: string }): void {
  state.continued = { place, name, lines: [] };
  continueDefinition(state, text);
}

/** True when the line belongs to the definition that goes on. */
function continueDefinition(state: State, written: string): boolean {
  if (state.continued === undefined) return false;
  const { comment } = splitKeepalivedLine(written);
  const text = written.slice(0, comment).trim();
  // A comment on a line of its own does not end the definition; an empty line does.
  const goesOn = text.endsWith('\\') || (text === '' && written !== '');
  if (text !== '') state.continued.lines.push(goesOn ? text.slice(0, -1).trimEnd() : text);
  if (!goesOn) endDefinition(state);
  return true;
}

function endDefinition(state: State): void {
  if (state.continued === undefined) return;
  const { place, name, lines } = state.continued;
  const value = lines.join('\n');
  state.definitions.push({ ...place, name, value });
  state.values.set(name, value);
  state.continued = undefined;
}
