// Where in a YAML text a path of keys stands. Follows aliases and merge keys; a path that does not exist gives
// the place of the nearest enclosing thing that does, so there is always a position.
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { Position } from '../model/error.ts';

export type SpecPath = readonly (string | number)[];

export interface Locator {
  /** Where the value begins; the key's place when the value is empty. */
  value(path: SpecPath): Position;
  /** Where the last key of the path stands. */
  key(path: SpecPath): Position;
  /** Where a character of the text stands. */
  offset(offset: number): Position;
}

interface Found {
  readonly node: Node | undefined;
  readonly keyOffset: number;
  readonly valueOffset: number;
}

export function createLocator(document: Document, lines: LineCounter, file: string): Locator {
  const offset = (at: number): Position => {
    const { line, col } = lines.linePos(at);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const find = (path: SpecPath): Found => {
    const root = document.contents ?? undefined;
    let found: Found = { node: root, keyOffset: startOf(root) ?? 0, valueOffset: startOf(root) ?? 0 };
    for (const key of path) {
      const next = step(document, found, key);
      if (next === undefined) return found;
      found = next;
    }
    return found;
  };
  return { offset, value: (path) => offset(find(path).valueOffset), key: (path) => offset(find(path).keyOffset) };
}

function step(document: Document, from: Found, key: string | number): Found | undefined {
  const node = resolved(document, from.node);
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    const start = startOf(item);
    return start === undefined ? undefined : { node: item, keyOffset: start, valueOffset: start };
  }
  const pair = isMap(node) ? pairOf({ document, items: node.items, depth: 0 }, String(key)) : undefined;
  if (pair === undefined) return undefined;
  const keyOffset = startOf(pair.key as Node) ?? from.keyOffset;
  const value = (pair.value ?? undefined) as Node | undefined;
  return { node: value, keyOffset, valueOffset: isEmpty(value) ? keyOffset : (startOf(value) ?? keyOffset) };
}

const MERGE_DEPTH = 20;

interface Level {
  readonly document: Document;
  readonly items: readonly unknown[];
  /** How many merge keys were followed: aliases can form a ring. */
  readonly depth: number;
}

function pairOf({ document, items, depth }: Level, key: string): Pair | undefined {
  const pairs = items.filter((item): item is Pair => isPair(item));
  const own = pairs.find((pair) => keyText(pair.key) === key);
  if (own !== undefined || depth > MERGE_DEPTH) return own;
  for (const pair of pairs.filter((candidate) => keyText(candidate.key) === '<<')) {
    const merged = resolved(document, pair.value as Node);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const map = resolved(document, source as Node);
      const inherited = isMap(map) ? pairOf({ document, items: map.items, depth: depth + 1 }, key) : undefined;
      if (inherited !== undefined) return inherited;
    }
  }
  return undefined;
}

function resolved(document: Document, node: Node | null | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : (node ?? undefined);
}

function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  if (value === null) return '';
  // The merge key is a symbol once it is read.
  if (typeof value === 'symbol') return value.description;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

function isEmpty(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

/** `hosts.ctl1.roles[0]`; keys that contain dots are quoted. */
export function pathText(path: SpecPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}
