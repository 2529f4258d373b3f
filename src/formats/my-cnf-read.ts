// Reads MariaDB option files (my.cnf) as the server does, without following includes.
//
// Groups, options with = or bare, quotes and escapes (\n \t \r \b \s \" \' \\), comments: # and ; at the start of a
// line, # also after a value. `!include` and `!includedir` are listed with their places. Later options win; - and _
// in names are equal, so look options up with lastOption(). The server stops at a bad line; this goes on.
// Manual: https://mariadb.com/kb/en/configuring-mariadb-with-option-files/
import type { Option, Parsed, Place, SectionedDocument } from './document.ts';
import { mariadbName } from './overrides.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { Part, TextLine } from './text-lines.ts';

export interface MyCnfInclude extends Place {
  readonly kind: 'include' | 'includedir';
  readonly path: string;
}

export interface MyCnfDocument extends SectionedDocument {
  readonly includes: readonly MyCnfInclude[];
}

interface State {
  readonly problems: Problems;
  readonly sections: (Place & { readonly name: string; readonly options: Option[] })[];
  readonly includes: MyCnfInclude[];
}

const LONGEST_LINE = 4094;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

export function parseMyCnf(text: string, file: string): Parsed<MyCnfDocument> {
  const problems = new Problems();
  const state: State = { problems, sections: [], includes: [] };
  for (const line of textLines(text, problems)) readLine(state, line);
  return { document: { file, sections: state.sections, includes: state.includes }, problems: problems.sorted() };
}

/** The option that counts for a program that reads these groups: the last one in the file, whatever its spelling. */
export function lastOption(document: MyCnfDocument, groups: readonly string[], key: string): Option | undefined {
  return document.sections
    .filter(({ name }) => groups.includes(name))
    .flatMap(({ options }) => options)
    .findLast((option) => mariadbName(option.key) === mariadbName(key));
}

function readLine(state: State, line: TextLine): void {
  const { text, start } = trimmedPart(line.text);
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return;
  if (line.text.length > LONGEST_LINE) {
    state.problems.add(placeIn(line, LONGEST_LINE), `the server cuts lines after ${LONGEST_LINE} characters`);
  }
  if (text.startsWith('!')) readInclude(state, line, start);
  else if (text.startsWith('[')) beginGroup(state, line, { text, start });
  else readOption(state, line, start);
}

function readInclude({ includes, problems }: State, line: TextLine, start: number): void {
  const directive = trimmedPart(line.text, { from: start + 1 });
  const match = /^(includedir|include)\s/.exec(directive.text);
  const path = trimmedPart(line.text, { from: directive.start + (match?.[1]?.length ?? 0) }).text;
  if (match === null || path === '') {
    problems.add(placeIn(line, start), 'expected `!include FILE` or `!includedir DIRECTORY`');
    return;
  }
  includes.push({ ...placeIn(line, start), kind: match[1] === 'include' ? 'include' : 'includedir', path });
}

function beginGroup({ sections, problems }: State, line: TextLine, { text, start }: Part): void {
  const close = text.indexOf(']');
  if (close < 0) problems.add(placeIn(line, start), 'a group must end with ]');
  const name = text.slice(1, close < 0 ? undefined : close).trimEnd();
  sections.push({ ...placeIn(line, start), name, options: [] });
}

function readOption({ sections, problems }: State, line: TextLine, start: number): void {
  const end = commentStart(line.text, start);
  const equals = line.text.indexOf('=', start);
  const hasValue = equals >= 0 && equals < end;
  const key = trimmedPart(line.text, { from: start, to: hasValue ? equals : end });
  const place = placeIn(line, key.start);
  const section = sections.at(-1);
  if (section === undefined) {
    problems.add(place, 'an option before the first [group]');
  } else if (key.text === '') {
    problems.add(place, 'a value without a name');
  } else if (!hasValue) {
    section.options.push({ ...place, key: key.text, value: '', valueAt: placeIn(line, end), bare: true });
  } else {
    const value = trimmedPart(line.text, { from: equals + 1, to: end });
    const valueAt = placeIn(line, value.text === '' ? equals + 1 : value.start);
    section.options.push({ ...place, key: key.text, value: unescaped(unquoted(value.text)), valueAt });
  }
}

/** Where a comment after a value starts. Quotes anywhere in the line hide a #, also unbalanced ones. */
function commentStart(text: string, from: number): number {
  let quote = '';
  let escaped = false;
  for (let index = from; index < text.length; index++) {
    const character = text[index] ?? '';
    if ((character === '"' || character === "'") && !escaped) {
      if (quote === '') quote = character;
      else if (quote === character) quote = '';
    }
    if (quote === '' && character === '#') return index;
    escaped = quote !== '' && character === '\\' && !escaped;
  }
  return text.length;
}

function unquoted(text: string): string {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (whole, character: string) => {
    return Object.hasOwn(ESCAPES, character) ? (ESCAPES[character] ?? whole) : whole;
  });
}
