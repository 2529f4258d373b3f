import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { diffCounts, unifiedDiff } from './unified-diff.ts';

describe('unifiedDiff', () => {
  it('looks as diff -u', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n';
    const after = 'a\nB\nc\nd\ne\nf\ng\nh\ni\nk\nl';
    expect(unifiedDiff(before, after, { context: 1, from: 'old', to: 'new' })).toBe(
      '--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n@@ -9,3 +9,3 @@\n i\n-j\n k\n+l\n\\ No newline at end of file\n',
    );
    expect(unifiedDiff('', 'a\n')).toBe('@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff('a\n', '')).toBe('@@ -1 +0,0 @@\n-a\n');
    expect(unifiedDiff('a', 'a\n')).toBe('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
    expect(unifiedDiff('a\n', 'a\n', { from: 'x' })).toBe('');
  });

  it('turns the first text into the second, with as few changes as the longest common part allows', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 })
      .chain((lines) => fc.constantFrom('', '\n').map((end) => lines.join('\n') + (lines.length > 0 ? end : '')));
    fc.assert(
      fc.property(text, text, fc.nat(4), (before, after, context) => {
        const diff = unifiedDiff(before, after, { context });
        expect(applied(before, diff)).toBe(after);
        const { added, removed } = diffCounts(before, after);
        const a = linesOf(before);
        const b = linesOf(after);
        expect([added, removed]).toEqual([b.length - common(a, b), a.length - common(a, b)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is fast for large files, also for those that have nothing in common', () => {
    const large = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    const changed = large.map((line, index) => (index % 10 === 0 ? `${line} changed` : line));
    const other = Array.from({ length: 2000 }, (_, index) => `other ${index}`);
    const started = performance.now();
    expect(diffCounts(large.join('\n'), changed.join('\n'))).toEqual({ added: 200, removed: 200 });
    expect(applied(large.join('\n'), unifiedDiff(large.join('\n'), other.join('\n')))).toBe(other.join('\n'));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A patch(1) for tests: checks every context and removed line. */
function applied(before: string, diff: string): string {
  const source = linesOf(before);
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(0, -1)) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (at < start) out.push(source[at++] ?? '');
      expect(out.length).toBe(Number(head[3]) - (head[4] === '0' ? 0 : 1));
    } else if (line.startsWith('\\')) {
      // The line before it has no line break; in the source that is already so.
      const last = out.at(-1);
      if (last !== undefined && at <= source.length && lastWas === '+') out[out.length - 1] = last.slice(0, -1);
    } else if (line.startsWith('+')) out.push(`${line.slice(1)}\n`);
    else {
      expect((source[at] ?? '').replace(/\n$/, '')).toBe(line.slice(1));
      if (line.startsWith(' ')) out.push(source[at] ?? '');
      at++;
    }
    lastWas = line[0] ?? '';
  }
  while (at < source.length) out.push(source[at++] ?? '');
  return out.join('');
}

let lastWas = '';

function common(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  a.forEach((line, i) => {
    b.forEach((other, j) => {
      const row = rows[i + 1];
      if (row !== undefined)
        row[j + 1] = line === other ? (rows[i]?.[j] ?? 0) + 1 : Math.max(rows[i]?.[j + 1] ?? 0, row[j] ?? 0);
    });
  });
  return rows.at(-1)?.at(-1) ?? 0;
}
