// The difference of two texts as a unified diff, for plan output.
//
// Shortest edit script (Myers, O(ND)) on lines, after the common start and end are cut off. Texts that differ in
// more than 2,000 lines get one block replaced by another, which keeps time and memory bounded. Equal texts give ''.
// A missing line break at the end of a text is shown as diff(1) shows it.

export interface DiffOptions {
  /** Unchanged lines around changes; default 3. */
  readonly context?: number;
  /** Names for the `---` and `+++` lines; without them there are none. */
  readonly from?: string;
  readonly to?: string;
}

const MOST_EDITS = 2000;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  /** With its line break, if it has one. */
  readonly line: string;
}

export function unifiedDiff(before: string, after: string, options: DiffOptions = {}): string {
  if (before === after) return '';
  const edits = editScript(linesOf(before), linesOf(after));
  const names =
    options.from === undefined && options.to === undefined
      ? ''
      : `--- ${options.from ?? options.to ?? ''}\n+++ ${options.to ?? options.from ?? ''}\n`;
  return names + hunks(edits, options.context ?? 3);
}

/** How many lines were added and removed, for summaries. */
export function diffCounts(before: string, after: string): { readonly added: number; readonly removed: number } {
  const edits = editScript(linesOf(before), linesOf(after));
  return {
    added: edits.filter((edit) => edit.kind === '+').length,
    removed: edits.filter((edit) => edit.kind === '-').length,
  };
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function editScript(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [
    ...marked(' ', a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...marked(' ', a.slice(a.length - end)),
  ];
}

function middle(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const replaced = [...marked('-', a), ...marked('+', b)];
  if (a.length === 0 || b.length === 0) return replaced;
  const trace = searchForward(a, b);
  return trace === undefined ? replaced : walkBack(a, b, trace);
}

/** The furthest x on each diagonal, one snapshot per number of edits; undefined when there are too many. */
function searchForward(a: readonly string[], b: readonly string[]): readonly Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const offset = most + 1;
  const furthest = new Int32Array(2 * offset + 1);
  for (let edits = 0; edits <= most; edits++) {
    // Diagonals -edits-1 to edits+1 are all that walking back reads.
    trace.push(furthest.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const below = furthest[offset + diagonal - 1] ?? 0;
      const above = furthest[offset + diagonal + 1] ?? 0;
      let x = diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest[offset + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
  }
  return undefined;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): readonly Edit[] {
  const reversed: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] ?? new Int32Array();
    const at = (diagonal: number): number => furthest[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const previous = down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : at(previous);
    const fromY = edits === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      reversed.push({ kind: ' ', line: a[--x] ?? '' });
      y--;
    }
    if (edits > 0) reversed.push(down ? { kind: '+', line: b[--y] ?? '' } : { kind: '-', line: a[--x] ?? '' });
  }
  return reversed.toReversed();
}

function hunks(edits: readonly Edit[], context: number): string {
  const changed = edits.flatMap((edit, index) => (edit.kind === ' ' ? [] : [index]));
  const ranges: { start: number; end: number }[] = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    const start = Math.max(0, index - context);
    const end = Math.min(edits.length, index + context + 1);
    if (last !== undefined && start <= last.end) last.end = end;
    else ranges.push({ start, end });
  }
  let oldLine = 0;
  let newLine = 0;
  let next = 0;
  const texts = ranges.map(({ start, end }) => {
    // Everything between hunks is unchanged.
    oldLine += start - next;
    newLine += start - next;
    next = end;
    const body = edits.slice(start, end);
    const oldCount = body.filter((edit) => edit.kind !== '+').length;
    const newCount = body.filter((edit) => edit.kind !== '-').length;
    const head = `@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@\n`;
    oldLine += oldCount;
    newLine += newCount;
    return head + body.map(lineText).join('');
  });
  return texts.join('');
}

/** An empty range names the line before it, as diff(1) does. */
function range(linesBefore: number, count: number): string {
  const start = count === 0 ? linesBefore : linesBefore + 1;
  return count === 1 ? String(start) : `${start},${count}`;
}

function lineText({ kind, line }: Edit): string {
  return line.endsWith('\n') ? kind + line : `${kind}${line}\n\\ No newline at end of file\n`;
}

function marked(kind: Edit['kind'], lines: readonly string[]): readonly Edit[] {
  return lines.map((line) => ({ kind, line }));
}
