// What a limited run may do: only its hosts are moved, on what all members say, and nothing is formed.
import { describe, expect, test } from 'vitest';
import { limitTo } from './limit.ts';
import { nextMove } from './members.ts';
import type { MemberView } from './members.ts';

/** r running · s stopped, empty · u unread · R needs restart · a needs adjusting · x running, drained */
function members(letters: string): readonly MemberView[] {
  return letters.split('').map((letter, index): MemberView => {
    const host = `h${index + 1}`;
    if (letter === 'u') return { host, read: false, reason: 'unreachable' };
    const running = 'rRax'.includes(letter);
    return {
      host,
      read: true,
      state: { running, trace: running, detail: letter },
      forming: false,
      drained: letter === 'x',
      needs: letter === 'R' ? 'restart' : letter === 'a' ? 'adjust' : 'nothing',
    };
  });
}

const done = { kind: 'done', waiting: [] };

describe('a quorum under --limit', () => {
  test.each([
    ['RRR', ['h2'], { kind: 'restart', host: 'h2' }],
    ['rss', ['h3'], { kind: 'join', hosts: ['h3'] }],
    ['xRr', ['h2'], { kind: 'restart', host: 'h2' }],
    ['aar', ['h2'], { kind: 'adjust', hosts: ['h2'] }],
    ['rrs', ['h1'], done],
    // Nothing of it is ours: what it needs is none of this run's business, not even a refusal.
    ['sss', ['h9'], done],
    ['sss', ['h1', 'h2', 'h3'], { kind: 'form', hosts: ['h1', 'h2', 'h3'] }],
  ])('%s limited to %j', (letters, limit, move) => {
    expect(nextMove({ id: 'galera', kind: 'quorum', limit }, members(letters))).toEqual(move);
  });

  test('is never formed by it', () => {
    const move = nextMove({ id: 'galera', kind: 'quorum', limit: ['h1', 'h2'] }, members('sss'));
    expect(move).toMatchObject({ kind: 'refuse', hint: 'Run it without --limit.' });
    expect(move.kind === 'refuse' && move.reason).toContain('leaves out h3');
  });

  test('does not restart its member while another one that is left out is down', () => {
    expect(nextMove({ id: 'galera', kind: 'quorum', limit: ['h1'] }, members('Rrs'))).toEqual({
      kind: 'done',
      waiting: [{ host: 'h1', reason: expect.stringContaining('missing: h3') as string }],
    });
    expect(nextMove({ id: 'galera', kind: 'quorum', limit: ['h1'] }, members('Rru'))).toMatchObject({ kind: 'done' });
  });
});

test('a limited stateless group starts its own members only', () => {
  expect(nextMove({ id: 'keystone', kind: 'stateless', limit: ['h2'] }, members('sss'))).toEqual({
    kind: 'join',
    hosts: ['h2'],
  });
});

test('resources of other hosts and those done once for the cluster are left out; places stay', () => {
  const resource = { id: 'file:/a', kind: 'file', desired: {} };
  const limited = limitTo(
    {
      hosts: ['h1', 'h2'],
      lockHosts: ['h1', 'h2'],
      components: [
        {
          id: 'a',
          title: 'A',
          after: [],
          steps: [
            { on: 'one', candidates: ['h1', 'h2'], resources: [resource] },
            {
              on: 'each',
              resources: new Map([
                ['h1', [resource]],
                ['h2', [resource]],
              ]),
            },
          ],
        },
      ],
    },
    ['h2'],
  );
  expect(limited.limit).toEqual(['h2']);
  expect(limited.components[0]?.steps).toEqual([
    { on: 'one', candidates: ['h1', 'h2'], resources: [] },
    { on: 'each', resources: new Map([['h2', [resource]]]) },
  ]);
});
