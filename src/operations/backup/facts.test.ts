// What must agree after a restore: what did not change while the backup was taken, and nothing may be made up.
import { describe, expect, it } from 'vitest';
import { compareFacts, parseFacts, parseInfo, settle } from './facts.ts';

const BEFORE = parseFacts('k.user\t11\nk.token\t5\nn.big\tlarge\nn.old\t7\n');
const AFTER = parseFacts('k.user\t11\nk.token\t6\nn.big\tlarge\nn.new\t1\n');

it('reads lines', () => {
  expect(parseInfo('version 11.8.3\nposition 6b1c:42\ngtid\n')).toEqual({ version: '11.8.3', position: '6b1c:42' });
  expect(BEFORE.get('k.user')).toBe('11');
});

describe('comparing', () => {
  const settled = settle(BEFORE, AFTER);

  it('expects only what was the same before and after, and was read', () => {
    expect(settled).toEqual({ stable: { 'k.user': '11' }, moving: ['k.token', 'n.big', 'n.new', 'n.old'] });
  });

  it.each([
    { name: 'agrees', found: 'k.user\t11\nk.token\t99\nn.big\tlarge\n', differences: [] },
    { name: 'content', found: 'k.user\t12\n', differences: ['k.user has other content'] },
    { name: 'a table is gone', found: 'k.token\t5\n', differences: ['k.user is missing'] },
    { name: 'a table too many', found: 'k.user\t11\nk.evil\t1\n', differences: ['k.evil was not in the backup'] },
    { name: 'nothing came back', found: '', differences: ['k.user is missing'] },
  ])('$name', ({ found, differences }) => {
    expect(compareFacts(settled, parseFacts(found))).toEqual({ differences, compared: 1, moving: 4 });
  });
});
