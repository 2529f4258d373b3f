// Overrides for haproxy.cfg and keepalived.conf, whose lines are a keyword and words instead of key = value.
//
// Section: `global`, `defaults`, `backend keystone`; `global_defs`, `vrrp_instance internal`. Key: the keyword,
// one or more words (`timeout client`, `option httpchk`). The value is the rest of the line, split as the format
// splits it; it replaces the first line with that keyword (further ones go) or is appended. A list gives
// several lines, `true` the bare keyword, `false` and null remove. An unknown section is created.
import { parseHaproxyWords } from './haproxy-words.ts';
import type { HaproxySection } from './haproxy-cfg-write.ts';
import { parseKeepalivedWords } from './keepalived-words.ts';
import type { KeepalivedNode } from './keepalived-conf-write.ts';
import { overrideValue } from './overrides.ts';
import type { ConfigOverrides, OverrideValue } from './overrides.ts';

type Words = readonly string[];
/** Splits the text of a value into words the way the format does. */
type Split = (text: string, where: string) => Words;

export function mergeHaproxyOverrides(
  sections: readonly HaproxySection[],
  overrides: ConfigOverrides,
): readonly HaproxySection[] {
  let merged = [...sections];
  for (const [title, changes] of Object.entries(overrides)) {
    const [keyword = '', name] = title.trim().split(/\s+/);
    const matches = (section: HaproxySection): boolean => section.keyword === keyword && section.name === name;
    if (!merged.some(matches)) merged.push({ keyword, ...(name === undefined ? {} : { name }), lines: [] });
    merged = merged.map((section) =>
      matches(section)
        ? {
            ...section,
            lines: mergeLines(section.lines, replacements(title, changes, parseHaproxyWords), (words) => words),
          }
        : section,
    );
  }
  return merged;
}

export function mergeKeepalivedOverrides(
  nodes: readonly KeepalivedNode[],
  overrides: ConfigOverrides,
): readonly KeepalivedNode[] {
  let merged = [...nodes];
  for (const [title, changes] of Object.entries(overrides)) {
    const words = title.trim().split(/\s+/);
    const matches = (node: KeepalivedNode): boolean => node.block !== undefined && startsWith(node.words, words);
    if (!merged.some(matches)) merged.push({ words, block: [] });
    merged = merged.map((node) =>
      node.block !== undefined && matches(node) ? { ...node, block: mergeNodes(node.block, title, changes) } : node,
    );
  }
  return merged;
}

function mergeNodes(
  nodes: readonly KeepalivedNode[],
  title: string,
  changes: Readonly<Record<string, unknown>>,
): readonly KeepalivedNode[] {
  const replaced = replacements(title, changes, parseKeepalivedWords).map(({ keyword, lines }) => ({
    keyword,
    lines: lines.map((words): KeepalivedNode => ({ words })),
  }));
  return mergeLines(nodes, replaced, (node) => node.words);
}

interface Replacement<L> {
  readonly keyword: Words;
  readonly lines: readonly L[];
}

function mergeLines<L>(
  lines: readonly L[],
  replaced: readonly Replacement<L>[],
  wordsOf: (line: L) => Words,
): readonly L[] {
  let merged = [...lines];
  for (const { keyword, lines: instead } of replaced) {
    const first = merged.findIndex((line) => startsWith(wordsOf(line), keyword));
    const before = first < 0 ? merged : merged.slice(0, first);
    const after = first < 0 ? [] : merged.slice(first).filter((line) => !startsWith(wordsOf(line), keyword));
    merged = [...before, ...instead, ...after];
  }
  return merged;
}

function replacements(
  title: string,
  changes: Readonly<Record<string, unknown>>,
  split: Split,
): readonly Replacement<Words>[] {
  return Object.entries(changes).map(([key, unchecked]) => {
    const where = `${title}.${key}`;
    const keyword = key.trim().split(/\s+/);
    return {
      keyword,
      lines: valueLines(overrideValue(where, unchecked), (text) => [...keyword, ...split(text, where)]),
    };
  });
}

function valueLines(value: OverrideValue, toLine: (text: string) => Words): readonly Words[] {
  if (value === null || value === false) return [];
  if (value === true) return [toLine('')];
  if (typeof value === 'object') return value.flatMap((item) => valueLines(item, toLine));
  return [toLine(String(value))];
}

/** `option httpchk GET /` starts with `option httpchk`; a leading `no` counts as the same keyword. */
function startsWith(words: Words, keyword: Words): boolean {
  const bare = words[0] === 'no' && keyword[0] !== 'no' ? words.slice(1) : words;
  return keyword.every((word, index) => bare[index] === word);
}
