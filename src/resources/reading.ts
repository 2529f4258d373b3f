// Small makers of `Reading` and helpers to split what read scripts print.
// A read script prints records `<index> <rest>`, one per line, where the index counts the items it was given:
// names never appear in the output, so nothing a name contains can break the parsing.
import type { Reading } from '../model/resource.ts';

export function known<S>(state: S): Reading<S> {
  return { known: true, state };
}

export function unknown(reason: string): Reading<never> {
  return { known: false, reason };
}

/** Records of an output by their item index; lines that are no records are left out. */
export function recordsByIndex(output: string): ReadonlyMap<number, readonly string[]> {
  const records = new Map<number, string[]>();
  for (const line of output.split('\n')) {
    const match = /^(\d+) (.*)$/.exec(line);
    if (match === null) continue;
    const index = Number(match[1]);
    const lines = records.get(index) ?? [];
    lines.push(match[2] ?? '');
    records.set(index, lines);
  }
  return records;
}

/** Text after `prefix` in the first line that starts with it. */
export function lineAfter(lines: readonly string[], prefix: string): string | undefined {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}

/** A read script that was not cut off prints `end` last. */
export function whole(output: string): boolean {
  return /(^|\n)end\n?$/.test(output);
}
