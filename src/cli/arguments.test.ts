import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hoistGlobalFlags, presentationOf } from './arguments.ts';

describe('hoistGlobalFlags', () => {
  it.each([
    [
      ['--json', 'check', 'x'],
      ['check', 'x', '--json'],
    ],
    [
      ['--state', 'D', '--limit=a,b', 'plan'],
      ['plan', '--state', 'D', '--limit=a,b'],
    ],
    [
      ['--lab', 'lab', 'shell', 'h', '--', '--json'],
      ['lab', 'shell', 'h', '--lab', '--', '--json'],
    ],
    [
      ['check', '--json', 'x'],
      ['check', '--json', 'x'],
    ],
    [['--version'], ['--version']],
    [['--json'], ['--json']],
    [['--state'], ['--state']],
    [[], []],
  ])('%j → %j', (given, expected) => {
    expect(hoistGlobalFlags(given)).toEqual(expected);
  });

  it('loses and invents no word, and keeps what stands behind -- in its place', () => {
    const word = fc.constantFrom('--json', '--state', '--limit=x', '--', 'check', 'a', '-h', '--no-color');
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        const hoisted = hoistGlobalFlags(argv);
        expect(hoisted.toSorted()).toEqual(argv.toSorted());
        const behind = (words: readonly string[]) => (words.includes('--') ? words.slice(words.lastIndexOf('--')) : []);
        if (argv[0] === 'check') expect(behind(hoisted)).toEqual(behind(argv));
      }),
    );
  });
});

describe('presentationOf', () => {
  it('does not take flags that belong to another program', () => {
    expect(presentationOf(['lab', 'shell', 'h', '--', 'jq', '--json'])).toMatchObject({ json: false });
    expect(presentationOf(['chek', '--json'])).toMatchObject({ json: true, noColor: false });
  });
});
