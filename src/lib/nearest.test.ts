import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { editDistance, nearest } from './nearest.ts';

describe('nearest', () => {
  const keys = ['cluster', 'release', 'networks', 'vips', 'hosts', 'availability', 'services', 'config'];

  it.each([
    ['hots', 'hosts'],
    ['netwroks', 'networks'],
    ['Service', 'services'],
    ['availabilty', 'availability'],
    ['vip', 'vips'],
    ['hosts', 'hosts'],
    ['kubernetes', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%j: %s', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  it('does not spend time on long words', () => {
    expect(nearest('x'.repeat(10_000), ['x'.repeat(10_001)])).toBeUndefined();
  });
});

describe('editDistance', () => {
  it('counts one for each kind of typing error', () => {
    expect(['abcd', 'abd', 'axc', 'acb', 'abc'].map((word) => editDistance('abc', word))).toEqual([1, 1, 1, 1, 0]);
  });

  it('is symmetric, zero only for equal words and never more than the longer word', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
