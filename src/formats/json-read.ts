// Reads JSON with places (RabbitMQ definitions, Ceph and cluster dumps).
//
// Never throws: what stands where a value should be is reported, reading ends there and what was read is kept.
// Nesting deeper than any real file is refused, so that nobody who walks the tree runs out of stack. RFC 8259.
import type { Parsed, Place } from './document.ts';
import { SourceText, matchAt } from './source-text.ts';
import { Problems } from './text-lines.ts';

export interface JsonMember extends Place {
  readonly key: string;
  readonly value: JsonNode;
}

export type JsonNode = Place &
  (
    | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
  );

export interface JsonDocument {
  readonly file: string;
  /** Absent for an empty or unreadable text. */
  readonly root?: JsonNode;
}

interface Reading {
  readonly source: SourceText;
  readonly problems: Problems;
  index: number;
  stopped: boolean;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
const WORD = /[A-Za-z0-9+.-]+/y;
const DEEPEST = 60;

export function parseJson(text: string, file: string): Parsed<JsonDocument> {
  const problems = new Problems();
  const reading: Reading = { source: new SourceText(text, problems), problems, index: 0, stopped: false };
  const root = readValue(reading, 0);
  skipSpace(reading);
  if (!reading.stopped && reading.index < reading.source.text.length) stop(reading, 'text after the end of the value');
  return { document: { file, ...(root === undefined ? {} : { root }) }, problems: problems.sorted() };
}

/** The member of an object that counts: the last one with that key. */
export function jsonMember(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.key === key)?.value : undefined;
}

export function jsonItems(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}

export function jsonText(node: JsonNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

function readValue(reading: Reading, depth: number): JsonNode | undefined {
  skipSpace(reading);
  const place = reading.source.at(reading.index);
  const character = reading.source.text[reading.index];
  if (depth > DEEPEST) return stop(reading, `values nested deeper than ${DEEPEST}`);
  if (character === '{') return { ...place, kind: 'object', members: readMembers(reading, depth) };
  if (character === '[') return { ...place, kind: 'array', items: readItems(reading, depth) };
  if (character === '"') {
    const value = readString(reading);
    return value === undefined ? undefined : { ...place, kind: 'scalar', value };
  }
  const word = matchAt(reading.source.text, WORD, reading.index) ?? '';
  const value = scalarOf(word);
  if (value === undefined)
    return stop(reading, word === '' ? 'expected a value' : `\`${word.slice(0, 40)}\` is no value`);
  reading.index += word.length;
  return { ...place, kind: 'scalar', value };
}

function readMembers(reading: Reading, depth: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  reading.index++;
  while (!closes(reading, '}', members.length > 0)) {
    const place = reading.source.at(reading.index);
    const key = readString(reading);
    if (key === undefined) break;
    skipSpace(reading);
    if (reading.source.text[reading.index] !== ':') {
      stop(reading, 'expected : after the name');
      break;
    }
    reading.index++;
    const value = readValue(reading, depth + 1);
    if (value === undefined) break;
    members.push({ ...place, key, value });
  }
  return members;
}

function readItems(reading: Reading, depth: number): readonly JsonNode[] {
  const items: JsonNode[] = [];
  reading.index++;
  while (!closes(reading, ']', items.length > 0)) {
    const value = readValue(reading, depth + 1);
    if (value === undefined) break;
    items.push(value);
  }
  return items;
}

/** Takes the closing bracket, or the comma before the next value. Also true when reading has stopped. */
function closes(reading: Reading, bracket: string, comma: boolean): boolean {
  if (reading.stopped) return true;
  skipSpace(reading);
  const character = reading.source.text[reading.index];
  if (character === bracket) {
    reading.index++;
    return true;
  }
  if (!comma) return false;
  if (character !== ',') {
    stop(reading, `expected , or ${bracket}`);
    return true;
  }
  reading.index++;
  skipSpace(reading);
  return false;
}

function readString(reading: Reading): string | undefined {
  const text = matchAt(reading.source.text, STRING, reading.index);
  if (text === undefined) return stop(reading, 'expected a string in double quotes');
  try {
    const value: unknown = JSON.parse(text);
    reading.index += text.length;
    return String(value);
  } catch {
    return stop(reading, 'a string with a character or escape that JSON does not have');
  }
}

function scalarOf(word: string): number | boolean | null | undefined {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

function skipSpace(reading: Reading): void {
  reading.index += (matchAt(reading.source.text, SPACE, reading.index) ?? '').length;
}

function stop(reading: Reading, message: string): undefined {
  if (!reading.stopped) reading.problems.add(reading.source.at(reading.index), message);
  reading.stopped = true;
  return undefined;
}
