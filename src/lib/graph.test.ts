import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CycleError, levels, topologicalOrder } from './graph.ts';

const after =
  (edges: Readonly<Record<string, readonly string[]>>) =>
  (node: string): readonly string[] =>
    edges[node] ?? [];

describe('topologicalOrder', () => {
  it('keeps the given order where it may', () => {
    expect(topologicalOrder(['c', 'b', 'a'], after({}))).toEqual(['c', 'b', 'a']);
    expect(topologicalOrder(['api', 'db', 'mq'], after({ api: ['mq', 'db', 'not-deployed'] }))).toEqual([
      'mq',
      'db',
      'api',
    ]);
  });

  it('names the cycle', () => {
    const edges = after({ a: ['b'], b: ['c'], c: ['b'], d: ['d'] });
    expect(() => topologicalOrder(['a', 'b', 'c'], edges)).toThrow('circle: b → c → b');
    expect(() => topologicalOrder(['d'], edges)).toThrow(CycleError);
  });

  it('takes long chains', () => {
    const nodes = Array.from({ length: 50_000 }, (_, index) => String(index));
    const order = topologicalOrder(nodes, (node) => (node === '49999' ? [] : [String(Number(node) + 1)]));
    expect(order[0]).toBe('49999');
  });
});

describe('levels', () => {
  it('puts every node right after the last it waits for', () => {
    expect(levels(['a', 'b', 'c', 'd'], after({ b: ['a'], c: ['a'], d: ['b', 'a'] }))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
    ]);
    expect(levels([], after({}))).toEqual([]);
  });

  it('agrees with the order for any graph without a cycle', () => {
    const graph = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(graph, (raw) => {
        // Only edges to smaller numbers: no cycle.
        const edges = raw.map((targets, index) => targets.filter((target) => target < index).map(String));
        const nodes = raw.map((_, index) => String(index)).toReversed();
        const edgesOf = (node: string): readonly string[] => edges[Number(node)] ?? [];
        const order = topologicalOrder(nodes, edgesOf);
        expect(order.toSorted()).toEqual(nodes.toSorted());
        const grouped = levels(nodes, edgesOf);
        const levelOf = new Map(grouped.flatMap((group, level) => group.map((node) => [node, level] as const)));
        for (const node of nodes) {
          const before = edgesOf(node);
          for (const other of before) expect(order.indexOf(other)).toBeLessThan(order.indexOf(node));
          const expected = Math.max(-1, ...before.map((other) => levelOf.get(other) ?? -1)) + 1;
          expect(levelOf.get(node)).toBe(expected);
        }
      }),
    );
  });
});
