// The lines of a configuration file and the list of its problems, shared by all readers.
//
// Lines end at \n; one \r before it belongs to the line break. A byte order mark is taken off. What no program reads
// well (the mark, NUL bytes, lone carriage returns) is reported once each. Problems are limited in number, so that
// a binary file does not give a million of them.
import type { Place, Problem } from './document.ts';

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

const MOST_PROBLEMS = 100;

export class Problems {
  readonly #list: Problem[] = [];

  add(place: Place, message: string): void {
    if (this.#list.length < MOST_PROBLEMS) this.#list.push({ line: place.line, column: place.column, message });
    else if (this.#list.length === MOST_PROBLEMS) {
      this.#list.push({ line: place.line, column: place.column, message: 'more problems follow that are not listed' });
    }
  }

  /** In the order of the file. */
  sorted(): readonly Problem[] {
    return this.#list.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

export function textLines(text: string, problems: Problems): readonly TextLine[] {
  const marked = text.startsWith('\uFEFF');
  if (marked) problems.add({ line: 1, column: 1 }, 'a byte order mark, which most programs take as text');
  const lines = (marked ? text.slice(1) : text)
    .split('\n')
    .map((line, index) => ({ text: line.endsWith('\r') ? line.slice(0, -1) : line, number: index + 1 }));
  reportFirst(lines, { find: '\0', message: 'a NUL byte: programs stop reading the line or the file here' }, problems);
  reportFirst(lines, { find: '\r', message: 'a carriage return in the middle of a line' }, problems);
  return lines;
}

/** The place of a character of a line, given its offset from 0. */
export function placeIn(line: TextLine, offset: number): Place {
  return { line: line.number, column: Math.min(offset, line.text.length) + 1 };
}

/** A part of a line without the spaces around it. */
export interface Part {
  readonly text: string;
  /** Where it starts in the line, from 0. */
  readonly start: number;
}

/** The part of a line between two offsets, without spaces at its ends. Linear, unlike a pattern that ends in $. */
export function trimmedPart(line: string, range: { readonly from?: number; readonly to?: number } = {}): Part {
  return trimmedBy(line, range, isAsciiSpace);
}

export function trimmedBy(
  line: string,
  range: { readonly from?: number; readonly to?: number },
  isSpace: (character: string) => boolean,
): Part {
  let start = range.from ?? 0;
  let end = range.to ?? line.length;
  while (start < end && isSpace(line[start] ?? '')) start++;
  while (end > start && isSpace(line[end - 1] ?? '')) end--;
  return { text: line.slice(start, end), start };
}

/** What isspace(3) says in the C locale. */
function isAsciiSpace(character: string): boolean {
  return character === ' ' || (character >= '\t' && character <= '\r');
}

function reportFirst(
  lines: readonly TextLine[],
  what: { readonly find: string; readonly message: string },
  problems: Problems,
): void {
  const line = lines.find(({ text }) => text.includes(what.find));
  if (line !== undefined) problems.add(placeIn(line, line.text.indexOf(what.find)), what.message);
}
