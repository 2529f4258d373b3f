// Reads corosync.conf as corosync does: nested sections, `key: value` lines, # comments at the start of a line.
//
// A line with { opens a section, whatever else it has; without it, a line with : is an option; else } closes.
// corosync stops at the first bad line; this reports it and goes on. Sections that are never closed end with the
// file. Manual: corosync.conf(5)
import type { CorosyncNode, CorosyncOption, CorosyncSection } from './corosync-conf-write.ts';
import type { Parsed, Place } from './document.ts';
import { Problems, placeIn, textLines, trimmedBy } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export interface PlacedOption extends CorosyncOption, Place {
  readonly valueAt: Place;
}

export interface PlacedSection extends CorosyncSection, Place {
  readonly nodes: readonly PlacedNode[];
}

export type PlacedNode = PlacedOption | PlacedSection;

export interface CorosyncDocument {
  readonly file: string;
  readonly nodes: readonly PlacedNode[];
}

interface OpenSection extends Place {
  readonly name: string;
  readonly nodes: PlacedNode[];
}

interface State {
  readonly problems: Problems;
  readonly top: PlacedNode[];
  readonly open: OpenSection[];
  /** Braces beyond the deepest level that is kept. */
  tooDeep: number;
}

const LONGEST_LINE = 511;
/** Deeper than any real file; keeps whoever walks the tree from running out of stack. */
const DEEPEST = 100;

export function parseCorosyncConf(text: string, file: string): Parsed<CorosyncDocument> {
  const problems = new Problems();
  const state: State = { problems, top: [], open: [], tooDeep: 0 };
  for (const line of textLines(text, problems)) readLine(state, line);
  state.tooDeep = 0;
  for (const section of state.open) problems.add(section, `the section ${section.name} is never closed`);
  while (state.open.length > 0) close(state);
  return { document: { file, nodes: state.top }, problems: problems.sorted() };
}

/** All sections at a path such as `totem.interface`, in order. */
export function sectionsAt(nodes: readonly PlacedNode[], path: string): readonly PlacedSection[] {
  const [name = '', ...rest] = path.split('.');
  const found = nodes.filter((node): node is PlacedSection => node.kind === 'section' && node.name === name);
  return rest.length === 0 ? found : found.flatMap((section) => sectionsAt(section.nodes, rest.join('.')));
}

/** The option that counts: the last one with that key. */
export function optionIn(nodes: readonly PlacedNode[], key: string): PlacedOption | undefined {
  return nodes.findLast((node): node is PlacedOption => node.kind === 'option' && node.key === key);
}

/** The same tree without places, as writeCorosyncConf takes it. */
export function corosyncNodes(nodes: readonly PlacedNode[]): readonly CorosyncNode[] {
  return nodes.map((node) =>
    node.kind === 'option'
      ? { kind: 'option', key: node.key, value: node.value }
      : { kind: 'section', name: node.name, nodes: corosyncNodes(node.nodes) },
  );
}

function readLine(state: State, line: TextLine): void {
  const { text, start } = trimmedBy(line.text, {}, isSpace);
  if (text === '' || text.startsWith('#')) return;
  const place = placeIn(line, start);
  if (Buffer.byteLength(line.text) > LONGEST_LINE)
    state.problems.add(place, 'corosync refuses lines of 512 bytes and more');
  if (line.text.includes('{')) openSection(state, line, place);
  else if (line.text.includes(':')) readOption(state, line, place);
  else if (!line.text.includes('}')) state.problems.add(place, 'expected `key: value`, `section {` or }');
  else {
    if (text !== '}') state.problems.add(place, 'text beside the closing }');
    if (state.open.length === 0) state.problems.add(place, 'this } closes nothing');
    close(state);
  }
}

function openSection(state: State, line: TextLine, place: Place): void {
  const brace = line.text.indexOf('{');
  const name = withoutEnd(trimmedBy(line.text, { to: brace }, isSpace).text);
  if (name === '') state.problems.add(place, 'a section without a name');
  const after = trimmedBy(line.text, { from: brace + 1 }, isSpace);
  if (after.text !== '') state.problems.add(placeIn(line, after.start), 'text after {');
  if (state.open.length < DEEPEST) state.open.push({ ...place, name, nodes: [] });
  else if (state.tooDeep++ === 0) state.problems.add(place, `sections nested deeper than ${DEEPEST}`);
}

function readOption(state: State, line: TextLine, place: Place): void {
  const colon = line.text.indexOf(':');
  const key = withoutEnd(trimmedBy(line.text, { to: colon }, isSpace).text);
  const value = trimmedBy(line.text, { from: colon + 1 }, isSpace);
  if (key === '') {
    state.problems.add(place, 'a value without a key');
    return;
  }
  const valueAt = placeIn(line, value.text === '' ? colon + 1 : value.start);
  (state.open.at(-1)?.nodes ?? state.top).push({ kind: 'option', ...place, key, value: value.text, valueAt });
}

function close(state: State): void {
  if (state.tooDeep > 0) {
    state.tooDeep--;
    return;
  }
  const section = state.open.pop();
  if (section === undefined) return;
  (state.open.at(-1)?.nodes ?? state.top).push({ kind: 'section', ...section });
}

/** corosync takes colons and braces off the end of names as well. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (isSpace(name[end - 1] ?? '') || name[end - 1] === ':')) end--;
  return name.slice(0, end);
}

/** Space, tab and the no-break space, which pasted configurations have. */
function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\u00A0';
}
