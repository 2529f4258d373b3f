// Reads KEY="value" files (/etc/default/*, EnvironmentFile=, openrc) with systemd's rules of quoting.
//
// Quotes, escapes, values over several lines, joined pieces ("a"'b'). `export KEY=...` is accepted, as such files
// are also read by shells, and noted in `exported`. Nothing is expanded or run. Manual: systemd.exec(5)
import type { FlatDocument, Option, Parsed, Place } from './document.ts';
import { Problems, textLines } from './text-lines.ts';

export interface EnvDocument extends FlatDocument {
  /** Keys that were written with `export`. */
  readonly exported: ReadonlySet<string>;
}

interface Cursor {
  readonly text: string;
  index: number;
  line: number;
  lineStart: number;
}

const ESCAPED_IN_DOUBLE_QUOTES = '"\\`$';

export function parseEnvFile(text: string, file: string): Parsed<EnvDocument> {
  const problems = new Problems();
  const clean = textLines(text, problems)
    .map((line) => line.text)
    .join('\n');
  const cursor: Cursor = { text: clean, index: 0, line: 1, lineStart: 0 };
  const options: Option[] = [];
  const exported = new Set<string>();
  while (cursor.index < clean.length) {
    const character = clean[cursor.index] ?? '';
    if (isBlank(character) || character === '\n') step(cursor);
    else if (character === '#' || character === ';') skipLine(cursor);
    else readAssignment(cursor, { problems, options, exported });
  }
  return { document: { file, options, exported }, problems: problems.sorted() };
}

function readAssignment(
  cursor: Cursor,
  out: { readonly problems: Problems; readonly options: Option[]; readonly exported: Set<string> },
): void {
  const place = placeOf(cursor);
  const start = cursor.index;
  while (cursor.index < cursor.text.length && !'=\n'.includes(cursor.text[cursor.index] ?? '')) step(cursor);
  const written = cursor.text.slice(start, cursor.index).trimEnd();
  const key = written.replace(/^export[ \t]+/, '');
  if (cursor.text[cursor.index] !== '=') {
    out.problems.add(place, 'expected KEY="value"');
    return;
  }
  step(cursor);
  const named = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
  if (!named) out.problems.add(place, 'a variable has letters, digits and _ only');
  const { value, valueAt } = readValue(cursor, out.problems);
  if (!named) return;
  if (written !== key) out.exported.add(key);
  out.options.push({ ...place, key, value, valueAt });
}

function readValue(cursor: Cursor, problems: Problems): { readonly value: string; readonly valueAt: Place } {
  while (isBlank(cursor.text[cursor.index] ?? '')) step(cursor);
  const valueAt = placeOf(cursor);
  const pieces: string[] = [];
  while (cursor.index < cursor.text.length && cursor.text[cursor.index] !== '\n') {
    const character = cursor.text[cursor.index] ?? '';
    if (character === "'" || character === '"') pieces.push(readQuoted(cursor, character, problems));
    else if (isBlank(character)) step(cursor);
    else {
      // Once plain text has begun, quotes in it are ordinary characters and the value ends with the line.
      pieces.push(readPlain(cursor));
      break;
    }
  }
  return { value: pieces.join(''), valueAt };
}

function readQuoted(cursor: Cursor, quote: string, problems: Problems): string {
  const place = placeOf(cursor);
  let text = '';
  step(cursor);
  while (cursor.index < cursor.text.length) {
    const character = cursor.text[cursor.index] ?? '';
    step(cursor);
    if (character === quote) return text;
    if (character !== '\\' || quote === "'") text += character;
    else {
      const next = cursor.text[cursor.index] ?? '';
      if (next !== '\n') text += ESCAPED_IN_DOUBLE_QUOTES.includes(next) ? next : `\\${next}`;
      step(cursor);
    }
  }
  problems.add(place, 'this quote is never closed');
  return text;
}

function readPlain(cursor: Cursor): string {
  let text = '';
  // Spaces at the end go, unless they were escaped.
  let kept = 0;
  while (cursor.index < cursor.text.length && cursor.text[cursor.index] !== '\n') {
    const character = cursor.text[cursor.index] ?? '';
    step(cursor);
    if (character === '\\') {
      const next = cursor.text[cursor.index] ?? '';
      if (next !== '\n') text += next;
      step(cursor);
      kept = text.length;
    } else {
      text += character;
      if (!isBlank(character)) kept = text.length;
    }
  }
  return text.slice(0, kept);
}

function skipLine(cursor: Cursor): void {
  while (cursor.index < cursor.text.length && cursor.text[cursor.index] !== '\n') step(cursor);
}

function step(cursor: Cursor): void {
  if (cursor.index >= cursor.text.length) return;
  const isBreak = cursor.text[cursor.index] === '\n';
  cursor.index++;
  if (!isBreak) return;
  cursor.line++;
  cursor.lineStart = cursor.index;
}

function placeOf(cursor: Cursor): Place {
  return { line: cursor.line, column: cursor.index - cursor.lineStart + 1 };
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r';
}
