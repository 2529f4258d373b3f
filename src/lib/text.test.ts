import { describe, expect, it } from 'vitest';

import { formatDuration, indent, listed, plural, table } from './text.ts';

describe('text', () => {
  it('aligns tables by what is seen', () => {
    expect(
      table([
        ['host', 'state', ''],
        ['ctl1', 'up → down'],
        ['é', '', 'x'],
      ]),
    ).toBe('host  state\nctl1  up → down\né                x');
    expect(table([])).toBe('');
  });

  it('indents lines that are not empty', () => {
    expect(indent('a\n\n b\n')).toBe('  a\n\n   b\n');
    expect(indent('a', '> ')).toBe('> a');
  });

  it('counts and lists', () => {
    expect([plural(0, 'host'), plural(1, 'host'), plural(2, 'copy', 'copies')]).toEqual([
      '0 hosts',
      '1 host',
      '2 copies',
    ]);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });

  it.each([
    [0, '0 s'],
    [0.254, '0.25 s'],
    [4.16, '4.2 s'],
    [9.96, '10 s'],
    [59.9, '60 s'],
    [59.96, '1 min'],
    [72, '1 min 12 s'],
    [3599.6, '1 h'],
    [7500, '2 h 5 min'],
    [-4, '-4 s'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('%f seconds: %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
