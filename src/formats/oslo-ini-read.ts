// Reads oslo.config ini files (nova.conf, keystone.conf ...) as oslo.config does.
//
// = or : after the key, whichever comes first; one pair of equal quotes around a value is taken off; an indented line
// continues the value before it (joined by \n), also when it looks like a comment or an option; a blank line or a
// comment ends a value. oslo.config refuses a whole file for one bad line; this reader reports it and goes on.
// Manual: https://docs.openstack.org/oslo.config/latest/configuration/format.html
import type { Option, Parsed, Place, Section, SectionedDocument } from './document.ts';
import { Problems, placeIn, textLines, trimmedBy } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

interface OpenSection extends Place {
  readonly name: string;
  readonly options: Option[];
}

interface OpenOption extends Place {
  readonly key: string;
  readonly valueAt: Place;
  readonly lines: string[];
}

interface State {
  readonly problems: Problems;
  readonly sections: OpenSection[];
  option: OpenOption | undefined;
}

export function parseIni(text: string, file: string): Parsed<SectionedDocument> {
  const problems = new Problems();
  const state: State = { problems, sections: [], option: undefined };
  for (const line of textLines(text, problems)) readLine(state, line);
  endOption(state);
  const sections: readonly Section[] = state.sections;
  return { document: { file, sections }, problems: problems.sorted() };
}

function readLine(state: State, line: TextLine): void {
  const { text, start } = trimmedBy(line.text, {}, isPythonSpace);
  if (text === '') {
    endOption(state);
    return;
  }
  if (line.text.startsWith(' ') || line.text.startsWith('\t')) {
    continueOption(state, placeIn(line, start), text);
    return;
  }
  endOption(state);
  if (line.text.startsWith('[')) beginSection(state, line, text);
  else if (!line.text.startsWith('#') && !line.text.startsWith(';')) beginOption(state, line);
}

function continueOption({ option, problems }: State, place: Place, text: string): void {
  if (option === undefined) {
    problems.add(place, 'an indented line that continues no option: options start at the beginning of the line');
    return;
  }
  if (text.startsWith('#') || text.startsWith(';')) {
    problems.add(place, `an indented comment: oslo.config takes it as part of the value of \`${option.key}\``);
  }
  option.lines.push(text);
}

function beginSection(state: State, line: TextLine, text: string): void {
  const closed = text.endsWith(']');
  // Without its bracket the section is still what the author meant, so that its options are not given to another.
  const name = text.slice(1, closed ? -1 : undefined);
  if (!closed) state.problems.add(placeIn(line, 0), 'a section must end with ]');
  else if (name === '') state.problems.add(placeIn(line, 0), 'a section without a name');
  state.sections.push({ ...placeIn(line, 0), name, options: [] });
}

function beginOption(state: State, line: TextLine): void {
  const separator = line.text.search(/[=:]/);
  const key = trimmedBy(line.text, separator < 0 ? {} : { to: separator }, isPythonSpace);
  const place = placeIn(line, key.start);
  if (separator < 0) state.problems.add(place, 'expected `key = value`');
  else if (key.text === '') state.problems.add(place, 'a value without a key');
  else if (state.sections.length === 0) state.problems.add(place, 'an option before the first [section]');
  else {
    const value = trimmedBy(line.text, { from: separator + 1 }, isPythonSpace);
    const valueAt = placeIn(line, value.text === '' ? separator + 1 : value.start);
    state.option = { ...place, key: key.text, valueAt, lines: [unquoted(value.text)] };
  }
}

function endOption(state: State): void {
  const { option } = state;
  if (option === undefined) return;
  const { lines, ...rest } = option;
  state.sections.at(-1)?.options.push({ ...rest, value: lines.join('\n') });
  state.option = undefined;
}

function unquoted(text: string): string {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** What str.strip() of Python takes off. */
function isPythonSpace(character: string): boolean {
  return character !== '\uFEFF' && (character.trim() === '' || /[\u001C-\u001F\u0085]/.test(character));
}
