import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

/** Applies a unified diff the way patch(1) does, insisting on every line of context. */
function patch(before: readonly string[], diff: string): readonly string[] {
  const lines = diff.split('\n').slice(2, -1);
  const result: string[] = [];
  let position = 0;
  for (const line of lines) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+/.exec(line);
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1);
      while (position < start) result.push(before[position++] ?? 'missing');
      continue;
    }
    if (line.startsWith('+')) {
      result.push(line.slice(1));
      continue;
    }
    expect(line.slice(1)).toBe(before[position]);
    if (line.startsWith(' ')) result.push(line.slice(1));
    position++;
  }
  return [...result, ...before.slice(position)];
}

const texts = fc.array(fc.constantFrom('a', 'b', 'c', '', '[section]'), { maxLength: 40 });
const join = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

it('patching the old text with the diff gives the new text', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const diff = unifiedDiff(join(before), join(after), '/f');
      if (diff === undefined) expect(after).toEqual(before);
      else expect(patch(before, diff)).toEqual(after);
    }),
    { numRuns: 2000 },
  );
});

it('shows three lines around each change and nothing else', () => {
  const before = Array.from({ length: 30 }, (_each, index) => `line ${index}`);
  const after = before.with(5, 'five').with(25, 'twenty-five');
  expect(unifiedDiff(join(before), join(after), '/f')).toBe(`--- /f
+++ /f
@@ -3,7 +3,7 @@
 line 2
 line 3
 line 4
-line 5
+five
 line 6
 line 7
 line 8
@@ -23,7 +23,7 @@
 line 22
 line 23
 line 24
-line 25
+twenty-five
 line 26
 line 27
 line 28
`);
});

it('keeps a missing newline at the end visible, and gives up on very large texts', () => {
  expect(unifiedDiff('a', 'a\n', '/f')).toContain('\\ No newline at end of file');
  const large = (word: string) => Array.from({ length: 3000 }, (_each, index) => `${word} ${index}\n`).join('');
  expect(unifiedDiff(large('a'), large('b'), '/f')).toContain('too many lines');
});
