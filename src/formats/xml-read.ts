// Reads XML as far as a CIB needs it: elements, attributes, the five entities, comments, no DTD.
//
// Never throws: a tag that does not fit is reported and reading goes on; elements that are never closed end with
// the file. External entities do not exist here, so a file cannot make the reader open another. W3C XML 1.0.
import type { Option, Parsed, Place } from './document.ts';
import { SourceText, matchAt } from './source-text.ts';
import { Problems } from './text-lines.ts';

export interface XmlElement extends Place {
  readonly name: string;
  readonly attributes: readonly Option[];
  readonly children: readonly XmlElement[];
}

export interface XmlDocument {
  readonly file: string;
  readonly elements: readonly XmlElement[];
}

type OpenElement = XmlElement & { readonly children: XmlElement[] };

interface Reading {
  readonly source: SourceText;
  readonly problems: Problems;
  readonly top: XmlElement[];
  readonly open: OpenElement[];
  tooDeep: number;
}

const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;
const CLOSE = /<\/([A-Za-z_][\w.:-]*)[ \t\n]*>/y;
const OPEN = /<[A-Za-z_][\w.:-]*/y;
const ATTRIBUTE = /[ \t\n]+[A-Za-z_][\w.:-]*[ \t\n]*=[ \t\n]*(?:"[^"<]*"|'[^'<]*')/y;
const END = /[ \t\n]*(?:\/>|>)/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const DEEPEST = 100;

export function parseXml(text: string, file: string): Parsed<XmlDocument> {
  const problems = new Problems();
  const reading: Reading = { source: new SourceText(text, problems), problems, top: [], open: [], tooDeep: 0 };
  let index = 0;
  for (;;) {
    const next = reading.source.text.indexOf('<', index);
    if (next < 0) break;
    index = readMarkup(reading, next);
  }
  for (const element of reading.open) problems.add(element, `<${element.name}> is never closed`);
  return { document: { file, elements: reading.top }, problems: problems.sorted() };
}

export function xmlAttribute(element: XmlElement, name: string): Option | undefined {
  return element.attributes.find(({ key }) => key === name);
}

/** All elements with a name, at any depth, in order. */
export function xmlElements(elements: readonly XmlElement[], name: string): readonly XmlElement[] {
  return elements.flatMap((element) => [
    ...(element.name === name ? [element] : []),
    ...xmlElements(element.children, name),
  ]);
}

/** Reads what starts at a < and returns where to go on. */
function readMarkup(reading: Reading, index: number): number {
  const { text } = reading.source;
  for (const [start, end] of SKIPPED) {
    if (!text.startsWith(start, index)) continue;
    const close = text.indexOf(end, index + start.length);
    if (close < 0) reading.problems.add(reading.source.at(index), `${start} has no ${end}`);
    return close < 0 ? text.length : close + end.length;
  }
  const closing = matchAt(text, CLOSE, index);
  if (closing !== undefined) {
    closeElement(reading, { name: closing.slice(2, -1).trimEnd(), at: reading.source.at(index) });
    return index + closing.length;
  }
  const opening = matchAt(text, OPEN, index);
  if (opening === undefined) {
    reading.problems.add(reading.source.at(index), 'this < starts no tag (write &lt;)');
    return index + 1;
  }
  return openElement(reading, index, opening);
}

function openElement(reading: Reading, start: number, opening: string): number {
  const { text } = reading.source;
  const attributes: Option[] = [];
  let index = start + opening.length;
  for (let next = matchAt(text, ATTRIBUTE, index); next !== undefined; next = matchAt(text, ATTRIBUTE, index)) {
    attributes.push(attributeOf(reading.source, index, next));
    index += next.length;
  }
  const end = matchAt(text, END, index);
  if (end === undefined) reading.problems.add(reading.source.at(index), 'expected an attribute, > or />');
  const place = reading.source.at(start);
  const element: OpenElement = { ...place, name: opening.slice(1), attributes, children: [] };
  const closed = end?.endsWith('/>') ?? false;
  if (reading.open.length >= DEEPEST) {
    if (reading.tooDeep === 0) reading.problems.add(place, `elements nested deeper than ${DEEPEST}`);
    if (!closed) reading.tooDeep++;
  } else {
    (reading.open.at(-1)?.children ?? reading.top).push(element);
    if (!closed) reading.open.push(element);
  }
  return index + (end?.length ?? 0);
}

function attributeOf(source: SourceText, start: number, written: string): Option {
  const equals = written.indexOf('=');
  const keyStart = written.length - written.trimStart().length;
  const quote = written.slice(equals + 1).search(/["']/) + equals + 1;
  return {
    ...source.at(start + keyStart),
    key: written.slice(keyStart, equals).trimEnd(),
    value: decoded(written.slice(quote + 1, -1)),
    valueAt: source.at(start + quote + 1),
  };
}

function closeElement(reading: Reading, tag: { readonly name: string; readonly at: Place }): void {
  if (reading.tooDeep > 0) {
    reading.tooDeep--;
    return;
  }
  const index = reading.open.findLastIndex(({ name }) => name === tag.name);
  if (index < 0) {
    reading.problems.add(tag.at, `</${tag.name.slice(0, 40)}> closes nothing`);
    return;
  }
  for (const element of reading.open.splice(index).slice(1)) {
    reading.problems.add(element, `<${element.name}> is not closed before </${tag.name.slice(0, 40)}>`);
  }
}

function decoded(text: string): string {
  return text.replaceAll(/&(#x?[0-9A-Fa-f]{1,6}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
