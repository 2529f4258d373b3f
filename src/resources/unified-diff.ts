// A unified diff of two texts, three lines of context. Pure. Texts too large to compare line by line show as a
// summary instead. Format: diff -u of diffutils.

const CONTEXT = 3;
/** Cells of the comparison table after equal heads and tails are cut off. */
const MAX_CELLS = 4_000_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Undefined when the texts are equal. */
export function unifiedDiff(before: string, after: string, path: string): string | undefined {
  if (before === after) return undefined;
  const lines = compare(splitLines(before), splitLines(after));
  if (lines === undefined) return `--- ${path}\n+++ ${path}\n(too many lines differ to show them)\n`;
  return `--- ${path}\n+++ ${path}\n${hunks(lines)}`;
}

function splitLines(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  // Two texts may differ in nothing but the newline at the end: keep that visible.
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}\n\\ No newline at end of file`];
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] | undefined {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const middle = compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  if (middle === undefined) return undefined;
  return [...before.slice(0, head).map(kept), ...middle, ...before.slice(before.length - tail).map(kept)];
}

/** Longest common subsequence by dynamic programming. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] | undefined {
  const width = after.length + 1;
  if ((before.length + 1) * width > MAX_CELLS) return undefined;
  const length = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      length[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(kept(before[i] ?? ''));
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: before[i++] ?? '' });
    } else {
      lines.push({ sign: '+', text: after[j++] ?? '' });
    }
  }
  return lines;
}

function kept(text: string): Line {
  return { sign: ' ', text };
}

function hunks(lines: readonly Line[]): string {
  let text = '';
  let oldLine = 1;
  let newLine = 1;
  let index = 0;
  while (index < lines.length) {
    const end = hunkEnd(lines, index);
    if (end === undefined) break;
    const { start, stop } = end;
    for (; index < start; index++) {
      oldLine++;
      newLine++;
    }
    const hunk = lines.slice(start, stop);
    const oldCount = hunk.filter((line) => line.sign !== '+').length;
    const newCount = hunk.filter((line) => line.sign !== '-').length;
    text += `@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@\n`;
    text += hunk.map((line) => `${line.sign}${line.text}\n`).join('');
    oldLine += oldCount;
    newLine += newCount;
    index = stop;
  }
  return text;
}

/** The next group of changes from `from` on that stand no more than two contexts apart, with its context. */
function hunkEnd(lines: readonly Line[], from: number): { readonly start: number; readonly stop: number } | undefined {
  const first = lines.findIndex((line, index) => index >= from && line.sign !== ' ');
  if (first < 0) return undefined;
  let last = first;
  for (let index = first; index < lines.length && index - last <= 2 * CONTEXT; index++) {
    if (lines[index]?.sign !== ' ') last = index;
  }
  return { start: Math.max(from, first - CONTEXT), stop: Math.min(lines.length, last + 1 + CONTEXT) };
}

function range(start: number, count: number): string {
  if (count === 1) return String(start);
  return `${count === 0 ? start - 1 : start},${count}`;
}
