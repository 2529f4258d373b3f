// Composed scripts, run by a real shell.
import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchSections, readSections } from './sections.ts';
import type { Sections } from './sections.ts';

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);

function run(sections: Sections) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', sections.script.text], { encoding: 'utf8' });
  return sections.parse({ code: status ?? 137, stdout, stderr });
}

describe('reads', () => {
  test('all run, each with its own output and status', () => {
    const scripts = [
      'echo a; echo e >&2',
      'x=1; exit 3',
      'echo "${x:-unset}"',
      "cat <<'E'\n)\nE",
      'set -e; false; echo no',
    ];
    expect(
      run(
        readSections(
          scripts.map((text) => ({ text })),
          random,
        ),
      ),
    ).toEqual([
      { code: 0, stdout: 'a\n', stderr: 'e\n' },
      { code: 3, stdout: '', stderr: '' },
      { code: 0, stdout: 'unset\n', stderr: '' },
      { code: 0, stdout: ')\n', stderr: '' },
      { code: 1, stdout: '', stderr: '' },
    ]);
  });

  test('any output comes back exactly, with or without a line end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '\n', ' ', '\\', '%', 'hastack-') }), { maxLength: 5 }),
        (texts) => {
          const scripts = texts.map((text) => ({ text: `printf '%s' '${text}'` }));
          expect(run(readSections(scripts, random)).map(({ stdout }) => stdout)).toEqual(texts);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the deadline is the sum of theirs', () => {
    expect(readSections([{ text: '', timeout: 100 }, { text: '' }], random).script.timeout).toBe(160);
  });
});

describe('a batch', () => {
  test('stops at the first that fails; what follows was not begun', () => {
    const marker = execFileSync('mktemp', ['-u']).toString().trim();
    const scripts = ['echo one', 'echo two; false; echo not', `: > ${marker}`].map((text) => ({ text }));
    expect(run(batchSections(scripts, random))).toEqual([
      { code: 0, stdout: 'one\n', stderr: '' },
      { code: 1, stdout: 'two\n', stderr: '' },
      { code: undefined, stdout: '', stderr: '' },
    ]);
    expect(spawnSync('test', ['-e', marker]).status).toBe(1);
  });
});
