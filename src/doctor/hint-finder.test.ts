// The automaton finds what a plain search finds, in every line.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HintFinder } from './hint-finder.ts';

function linesWith(texts: readonly string[], block: string): readonly number[] {
  return block.split('\n').flatMap((line, index) => (texts.some((text) => line.includes(text)) ? [index] : []));
}

function found(texts: readonly string[], block: string): readonly number[] {
  return [...new HintFinder(texts).lines(block)].map((offset) => block.slice(0, offset + 1).split('\n').length - 1);
}

describe('HintFinder', () => {
  it.each<[readonly string[], string]>([
    [['he', 'she', 'his', 'hers'], 'ushers\nnothing\nthis\nhi s'],
    [['abcd', 'bc'], 'abce\nxbcx'],
    [['a'], 'é\n😀a\n'],
  ])('%j in %j', (texts, block) => {
    expect(found(texts, block)).toEqual(linesWith(texts, block));
  });

  it('agrees with a plain search', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), minLength: 1, maxLength: 5 });
    const block = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\n', 'ß'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), block, (texts, text) => {
        expect(found(texts, text)).toEqual(linesWith(texts, text));
      }),
      { numRuns: 2000 },
    );
  });
});
