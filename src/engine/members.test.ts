// Decisions of nextMove, one row each.
import { describe, expect, test } from 'vitest';
import { nextMove } from './members.ts';
import type { MemberView } from './members.ts';

/** r running · s stopped, empty · d stopped with data · f stopped, data, forming · u unread · R needs restart · a needs adjusting · x running, drained */
function members(letters: string): readonly MemberView[] {
  return letters.split('').map((letter, index): MemberView => {
    const host = `h${index + 1}`;
    if (letter === 'u') return { host, read: false, reason: 'unreachable' };
    const running = 'rRax'.includes(letter);
    return {
      host,
      read: true,
      state: { running, trace: running || 'df'.includes(letter), detail: letter },
      forming: letter === 'f',
      drained: letter === 'x',
      needs: letter === 'R' ? 'restart' : letter === 'a' ? 'adjust' : 'nothing',
    };
  });
}

const quorum = { id: 'galera', kind: 'quorum' as const };
const stateless = { id: 'keystone', kind: 'stateless' as const };

describe('quorum', () => {
  test.each([
    ['sss', { kind: 'form', hosts: ['h1', 'h2', 'h3'] }],
    ['fff', { kind: 'form', hosts: ['h1', 'h2', 'h3'] }],
    ['rss', { kind: 'join', hosts: ['h2'] }],
    ['rud', { kind: 'join', hosts: ['h3'] }],
    ['rrr', { kind: 'done', waiting: [] }],
    ['RRR', { kind: 'restart', host: 'h1' }],
    ['rRR', { kind: 'restart', host: 'h2' }],
    ['Rar', { kind: 'adjust', hosts: ['h2'] }],
    ['Rxr', { kind: 'undrain', host: 'h2' }],
    ['Rds', { kind: 'join', hosts: ['h2'] }],
    ['R', { kind: 'restart', host: 'h1' }],
  ])('%s', (letters, move) => {
    expect(nextMove(quorum, members(letters))).toEqual(move);
  });

  test.each([
    ['ssd', /data of an earlier life on h3/],
    ['ffd', /data of an earlier life on h1.*h2.*h3/],
    ['ddd', /data of an earlier life/],
    ['ssu', /h3 cannot be read/],
    ['d', /data of an earlier life/],
  ])('%s is refused and names recover', (letters, reason) => {
    const move = nextMove(quorum, members(letters));
    expect(move).toMatchObject({ kind: 'refuse', reason: expect.stringMatching(reason) as string });
    expect(move.kind === 'refuse' && move.hint).toContain('hastack recover');
  });

  test('a restart waits while a member is unreachable, and says for whom', () => {
    expect(nextMove(quorum, members('RRu'))).toEqual({
      kind: 'done',
      waiting: [
        { host: 'h3', reason: 'unreachable' },
        { host: 'h1', reason: expect.stringContaining('missing: h3') as string },
        { host: 'h2', reason: expect.stringContaining('missing: h3') as string },
      ],
    });
  });
});

describe('stateless', () => {
  test.each([
    ['sss', { kind: 'join', hosts: ['h1', 'h2', 'h3'] }],
    ['sus', { kind: 'join', hosts: ['h1', 'h3'] }],
    ['rRu', { kind: 'restart', host: 'h2' }],
    ['R', { kind: 'restart', host: 'h1' }],
  ])('%s', (letters, move) => {
    expect(nextMove(stateless, members(letters))).toEqual(move);
  });

  test('the last one that serves is not restarted', () => {
    expect(nextMove(stateless, members('Ru'))).toMatchObject({ kind: 'done' });
  });
});
