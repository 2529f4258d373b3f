// Properties of nextMove on a model of a group: whatever state it starts in, the moves keep quorum, respect the
// limits of side-by-side work, end, and leave nothing for a second run.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextMove } from './members.ts';
import type { GroupShape, MemberView, Move } from './members.ts';

interface Model {
  readonly host: string;
  reachable: boolean;
  running: boolean;
  trace: boolean;
  forming: boolean;
  drained: boolean;
  needs: 'nothing' | 'restart' | 'adjust';
}

const models = fc
  .array(
    fc.record({
      reachable: fc.boolean(),
      running: fc.boolean(),
      trace: fc.boolean(),
      forming: fc.boolean(),
      drained: fc.boolean(),
      needs: fc.constantFrom('nothing' as const, 'restart' as const, 'adjust' as const),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((list): Model[] => list.map((member, index) => ({ host: `h${index + 1}`, ...member })));

function view(model: Model): MemberView {
  if (!model.reachable) return { host: model.host, read: false, reason: 'unreachable' };
  const { host, running, trace, forming, drained, needs } = model;
  return { host, read: true, state: { running, trace, detail: '' }, forming, drained, needs };
}

/** Makes the move and says what stood while it was made. */
function make(model: Model[], move: Move): { readonly running: number } {
  const named = (hosts: readonly string[]): Model[] => model.filter(({ host }) => hosts.includes(host));
  let running = model.filter((member) => member.running).length;
  const start = (members: Model[]): void => {
    for (const member of members) Object.assign(member, { running: true, trace: true, needs: 'nothing' });
  };
  if (move.kind === 'form') {
    start(named(move.hosts));
    for (const member of model) member.forming = true;
  } else if (move.kind === 'join') start(named(move.hosts));
  else if (move.kind === 'restart') {
    running -= 1;
    start(named([move.host]));
  } else if (move.kind === 'adjust') for (const member of named(move.hosts)) member.needs = 'nothing';
  else if (move.kind === 'undrain') for (const member of named([move.host])) member.drained = false;
  else if (move.kind === 'formed') for (const member of named(move.hosts)) member.forming = false;
  return { running };
}

const shape = (kind: GroupShape['kind']): GroupShape => ({ id: 'g', kind });
const limit = 40;

test.each(['quorum', 'stateless'] as const)('%s: the moves end, and a second run has none', (kind) => {
  fc.assert(
    fc.property(models, (model) => {
      let move = nextMove(shape(kind), model.map(view));
      for (let n = 0; move.kind !== 'done' && move.kind !== 'refuse'; n += 1) {
        expect(n).toBeLessThan(limit);
        make(model, move);
        move = nextMove(shape(kind), model.map(view));
      }
      expect(nextMove(shape(kind), model.map(view))).toEqual(move);
      if (move.kind === 'done' && model.every(({ reachable }) => reachable)) {
        expect(move.waiting).toEqual([]);
        expect(
          model.every(({ running, drained, forming, needs }) => running && !drained && !forming && needs === 'nothing'),
        ).toBe(true);
      }
    }),
  );
});

test('quorum: no move takes a group below its majority, none acts on two members', () => {
  fc.assert(
    fc.property(models, (model) => {
      const majority = Math.floor(model.length / 2) + 1;
      let move = nextMove(shape('quorum'), model.map(view));
      while (move.kind !== 'done' && move.kind !== 'refuse') {
        const before = model.filter((member) => member.running).length;
        if (move.kind === 'join') expect(move.hosts).toHaveLength(1);
        const { running } = make(model, move);
        if (move.kind === 'restart') {
          expect(before).toBe(model.length);
          // Two members cannot restart in any order that keeps a majority; one has nobody to keep it.
          if (model.length > 2) expect(running).toBeGreaterThanOrEqual(majority);
        } else expect(running).toBe(before);
        move = nextMove(shape('quorum'), model.map(view));
      }
    }),
  );
});

test('quorum: formed only when all were read and none holds data that counts', () => {
  fc.assert(
    fc.property(models, (model) => {
      if (nextMove(shape('quorum'), model.map(view)).kind !== 'form') return;
      expect(model.every(({ reachable, running }) => reachable && !running)).toBe(true);
      expect(model.every(({ trace }) => !trace) || model.every(({ forming }) => forming)).toBe(true);
    }),
  );
});

test('stateless: a restart leaves another one serving', () => {
  fc.assert(
    fc.property(models, (model) => {
      const move = nextMove(shape('stateless'), model.map(view));
      if (move.kind !== 'restart') return;
      const others = model.filter(({ host, reachable, running }) => host !== move.host && reachable && running);
      expect(model.length === 1 || others.length > 0).toBe(true);
    }),
  );
});
