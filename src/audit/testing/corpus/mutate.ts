// Accidents in text: what happens to a file between a web page, an editor and a copy. Decided by a seed.
import { seeded } from './random.ts';

const JUNK = [
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '#',
  ';',
  ':',
  '=',
  '\\',
  ' ',
  '\t',
  '\n',
  '!',
  '$',
  '@',
  '<',
  '>',
  'x',
  '\u00A0',
  '“',
];
const HOSTILE = [
  '\0',
  '\r',
  '\uFEFF',
  '\u2028',
  '\uD800',
  '\u{1F600}',
  '__proto__ = 1\n',
  "'''",
  '${A}',
  '.if\n',
  '<!--',
  '"'.repeat(300),
  '{'.repeat(300),
  'x'.repeat(5000),
];

export interface MutateOptions {
  readonly seed: string;
  /** Also what only a broken or malicious file has. */
  readonly hostile?: boolean;
}

/** One to four accidents. */
export function mutate(text: string, { seed, hostile = false }: MutateOptions): string {
  const random = seeded(seed);
  const junk = hostile ? [...JUNK, ...HOSTILE] : JUNK;
  let changed = text;
  for (let times = random.below(4) + 1; times > 0; times -= 1) {
    const at = random.below(changed.length + 1);
    const lines = changed.split('\n');
    const line = random.below(lines.length);
    const accidents: readonly (() => string)[] = [
      () => changed.slice(0, at) + random.pick(junk) + changed.slice(at),
      () => changed.slice(0, at) + changed.slice(at + 1 + random.below(3)),
      () => changed.slice(0, at) + random.pick(junk) + changed.slice(at + 1),
      () => lines.toSpliced(line, 1).join('\n'),
      () => lines.toSpliced(line, 0, lines[line] ?? '').join('\n'),
      () => lines.toSpliced(line, 2, `${lines[line] ?? ''} ${lines[line + 1] ?? ''}`).join('\n'),
      () => lines.toSpliced(line, 1, ...(lines[line] ?? '').split(' ')).join('\n'),
      // Rarely: little is left of a file that is cut.
      () => (random.below(4) === 0 ? changed.slice(0, at) : lines.toReversed().join('\n')),
    ];
    changed = random.pick(accidents)();
  }
  return changed;
} // prettier-ignore
