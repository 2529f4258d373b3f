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

/** Offset of the first character that is not a space or tab. */
export function indentOf(text: string): number {
  return text.length - text.replace(/^[ \t]+/, '').length;
}

function reportFirst(
  lines: readonly TextLine[],
  what: { readonly find: string; readonly message: string },
  problems: Problems,
): void {
  const line = lines.find(({ text }) => text.includes(what.find));
  if (line !== undefined) problems.add(placeIn(line, line.text.indexOf(what.find)), what.message);
}
