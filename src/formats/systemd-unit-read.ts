// Reads systemd units and drop-ins: sections, repeated options, continuation lines, comments.
//
// A backslash at the end of a line continues it (the backslash becomes a space); comment lines inside a continuation
// are skipped. An empty assignment is kept: it resets a list. Quotes inside values are the option's own matter.
// systemd ignores what it cannot read; so does this, with a problem. Manual: systemd.syntax(7)
import type { Option, Parsed, Place, SectionedDocument } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

interface State {
  readonly problems: Problems;
  readonly sections: (Place & { readonly name: string; readonly options: Option[] })[];
}

export function parseSystemdUnit(text: string, file: string): Parsed<SectionedDocument> {
  const problems = new Problems();
  const state: State = { problems, sections: [] };
  let started: TextLine | undefined;
  let parts: string[] = [];
  for (const line of textLines(text, problems)) {
    if (isComment(line.text)) continue;
    started ??= line;
    const goesOn = endsInBackslash(line.text);
    parts.push(goesOn ? `${line.text.slice(0, -1)} ` : line.text);
    if (goesOn) continue;
    readStatement(state, started, parts.join(''));
    started = undefined;
    parts = [];
  }
  if (started !== undefined) readStatement(state, started, parts.join(''));
  return { document: { file, sections: state.sections }, problems: problems.sorted() };
}

/** The value that counts for an option that is no list: the last one; '' when it was reset. */
export function lastValue(document: SectionedDocument, section: string, key: string): Option | undefined {
  return document.sections
    .filter(({ name }) => name === section)
    .flatMap(({ options }) => options)
    .findLast((option) => option.key === key);
}

function readStatement({ sections, problems }: State, line: TextLine, whole: string): void {
  const { text, start } = trimmedPart(whole);
  if (text === '') return;
  const place = placeIn(line, start);
  if (text.startsWith('[')) {
    if (!text.endsWith(']') || text.length < 3) problems.add(place, 'a section is a name in brackets: [Service]');
    sections.push({ ...place, name: text.endsWith(']') ? text.slice(1, -1) : text.slice(1), options: [] });
    return;
  }
  const equals = whole.indexOf('=');
  const key = trimmedPart(whole, equals < 0 ? {} : { to: equals }).text;
  const section = sections.at(-1);
  if (section === undefined) problems.add(place, 'an option before the first [Section]');
  else if (equals < 0) problems.add(place, 'expected `Key=value`');
  else if (key === '') problems.add(place, 'a value without a key');
  else {
    const value = trimmedPart(whole, { from: equals + 1 });
    // A value that starts on a continuation line has its place at the end of the first one.
    const valueAt = placeIn(line, value.text === '' ? equals + 1 : value.start);
    section.options.push({ ...place, key, value: value.text, valueAt });
  }
}

function isComment(text: string): boolean {
  return /^[ \t]*[#;]/.test(text);
}

/** An odd number of them: two backslashes are one that was written. */
function endsInBackslash(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}
