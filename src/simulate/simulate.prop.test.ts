// Properties over small random clusters: the fast evaluator, the counting of pairs and the cut sets against a second,
// plain implementation; more failures never help; names do not matter.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNothing, isWholeLoss } from './effect.ts';
import type { RawEffect } from './effect.ts';
import { elementClasses } from './element-classes.ts';
import { Evaluator } from './evaluator.ts';
import { failureModel } from './model.ts';
import type { FailureModel } from './model.ts';
import { pairGroups } from './pairs.ts';
import { simulate } from './simulate.ts';
import { bruteForce } from './testing/brute-force.ts';
import type { BruteEffect } from './testing/brute-force.ts';
import type { PlacedRule } from '../model/failure.ts';
import { randomModel } from '../../test/support/random-model.ts';

function plain(effect: RawEffect | undefined): BruteEffect {
  const none = { share: 0, low: 0, expected: 0, high: 0 };
  if (effect === undefined || isNothing(effect)) return { state: 'unaffected', ...none };
  const { loss, slowest } = effect;
  if (loss !== undefined) return { state: 'down', ...none, share: loss.share };
  if (slowest === undefined) return { state: 'unaffected', ...none };
  return {
    state: 'interrupted',
    share: 0,
    low: slowest.low,
    expected: slowest.expected.expected,
    high: slowest.high.high,
  };
}

const rounded = (effect: BruteEffect): string =>
  `${effect.state} ${effect.share.toFixed(6)} ${effect.low} ${effect.expected} ${effect.high}`;

function allPairs(model: FailureModel): (readonly [number, number])[] {
  return model.elements.flatMap((_, a) => model.elements.slice(a + 1).map((__, b) => [a, a + 1 + b] as const));
}

describe('the evaluator', () => {
  it('agrees with brute force on every single failure, sampled pairs and triples', () => {
    fc.assert(
      fc.property(
        randomModel,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 60, maxLength: 60 }),
        ({ cluster, rules }, picks) => {
          const model = failureModel(cluster, rules);
          const evaluator = new Evaluator(model);
          const brute = bruteForce(cluster, rules);
          const { elements } = model;
          const at = (index: number) => elements.slice(index % elements.length, (index % elements.length) + 1);
          const sets = [
            ...elements.map((element) => [element]),
            ...picks.map(([a, b, c]) => [...at(a), ...at(b), ...(c % 3 === 0 ? at(c) : [])]),
          ];
          for (const set of sets) {
            const effects = evaluator.effectsOf(set);
            const names = set.map((element) => element.name);
            model.capabilities.forEach(({ capability }, index) => {
              expect(`${names.join()} ${capability} ${rounded(plain(effects[index]))}`).toBe(
                `${names.join()} ${capability} ${rounded(brute(names, capability))}`,
              );
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('never lets more failures help', () => {
    fc.assert(
      fc.property(
        randomModel,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 40, maxLength: 40 }),
        ({ cluster, rules }, picks) => {
          const model = failureModel(cluster, rules);
          const evaluator = new Evaluator(model);
          const { elements } = model;
          for (const [a, b, c] of picks) {
            const few = [a, b].flatMap((index) => elements[index % elements.length] ?? []);
            const more = [...few, ...[c].flatMap((index) => elements[index % elements.length] ?? [])];
            const [before, after] = [evaluator.effectsOf(few), evaluator.effectsOf(more)];
            before.forEach((effect, index) => {
              const [was, is] = [plain(effect), plain(after[index])];
              expect(is.share).toBeGreaterThanOrEqual(was.share - 1e-9);
              if (is.state !== 'down') expect(is.expected).toBeGreaterThanOrEqual(was.expected);
              if (is.state !== 'down') expect(is.high).toBeGreaterThanOrEqual(was.high);
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('counting pairs', () => {
  it('gives every pair to exactly one group, with its effect', () => {
    fc.assert(
      fc.property(randomModel, ({ cluster, rules }) => {
        const model = failureModel(cluster, rules);
        const evaluator = new Evaluator(model);
        const keyOf = (effects: readonly RawEffect[]): string =>
          effects.map((effect) => rounded(plain(effect))).join('|');
        const counted = new Map<string, number>();
        const add = (map: Map<string, number>, key: string, count: number): void =>
          void map.set(key, (map.get(key) ?? 0) + count);
        for (const { failure, count, example } of pairGroups(evaluator, elementClasses(evaluator))) {
          const effects = evaluator.effectsOfReduced(failure);
          expect(keyOf(effects)).toBe(keyOf(evaluator.effectsOf(example)));
          add(counted, keyOf(effects), count);
        }
        const oneByOne = new Map<string, number>();
        for (const [a, b] of allPairs(model)) {
          const pair = [a, b].flatMap((index) => model.elements[index] ?? []);
          add(oneByOne, keyOf(evaluator.effectsOf(pair)), 1);
        }
        expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(oneByOne));
      }),
      { numRuns: 12 },
    );
  });

  it('finds all minimal cut sets of one and two, and only those', () => {
    fc.assert(
      fc.property(randomModel, ({ cluster, rules }) => {
        const model = failureModel(cluster, rules);
        const brute = bruteForce(cluster, rules);
        const report = simulate(model, { failures: 2, all: true });
        const n = model.elements.length;
        expect(report.examined).toBe(n + (n * (n - 1)) / 2);
        expect(report.scenarios.reduce((sum, { count }) => sum + count, 0)).toBe(report.examined);
        for (const { capability } of model.capabilities) {
          const down = (names: readonly string[]): boolean => brute(names, capability).share === 1;
          const names = model.elements.map((element) => element.name);
          const singles = names.filter((name) => down([name]));
          const rest = names.filter((name) => !singles.includes(name));
          const pairs = rest.flatMap((a, at) => rest.slice(at + 1).filter((b) => down([a, b])));
          const cut = report.cutSets.find((each) => each.capability === capability);
          expect(`${capability} ${cut?.count ?? 0}`).toBe(`${capability} ${singles.length + pairs.length}`);
          for (const example of cut?.examples ?? []) {
            expect(down(example)).toBe(true);
            for (const left of example)
              expect(example.length === 1 || !down(example.filter((name) => name !== left))).toBe(true);
          }
        }
        const alone = report.singlePointsOfFailure.map(({ element }) => element);
        const classes = new Evaluator(model);
        expect(alone).toEqual(
          model.elements.filter((element) => classes.effectsOf([element]).some(isWholeLoss)).map(({ name }) => name),
        );
      }),
      { numRuns: 5 },
    );
  });
});

describe('names and members', () => {
  it('never lets another member of a service that shares its work hurt', () => {
    fc.assert(
      fc.property(randomModel, fc.nat(), ({ cluster, rules }, pick) => {
        const [first] = cluster.hosts;
        const rule = rules[pick % rules.length];
        // Only where members are alike: an odd majority, no order, no part of its own, nothing to fence.
        fc.pre(first !== undefined && rule !== undefined && rule.id !== 'keepalived' && rule.id !== 'haproxy');
        const plainRule = {
          ...rule,
          serves: 'all' as const,
          strands: [],
          fenced: false,
          needs: { kind: 'at-least', count: 1 } as const,
        };
        const fresh = { ...first, name: 'fresh', domains: { rack: 'fresh' } };
        const grown = { ...plainRule, hosts: [...rule.hosts, 'fresh'] };
        const larger = { ...cluster, hosts: [...cluster.hosts, fresh] };
        const swap = (by: PlacedRule) => rules.map((each) => (each.id === rule.id ? by : each));
        const before = new Evaluator(failureModel(cluster, swap(plainRule)));
        const after = new Evaluator(failureModel(larger, swap(grown)));
        for (const element of before.model.elements) {
          const same = after.model.elements.filter(({ name }) => name === element.name);
          const [was, is] = [before.effectsOf([element]), after.effectsOf(same)];
          was.forEach((effect, index) => {
            if (element.kind === 'network' || element.kind === 'rack') return;
            expect(plain(is[index]).share).toBeLessThanOrEqual(plain(effect).share + 1e-9);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same answers when hosts are renamed', () => {
    fc.assert(
      fc.property(randomModel, ({ cluster, rules }) => {
        const rename = (name: string): string => `z-${name}`;
        const hosts = cluster.hosts.map((host) => ({ ...host, name: rename(host.name) }));
        const renamed = rules.map((rule) => ({
          ...rule,
          hosts: rule.hosts.map(rename),
          ...(rule.writer === undefined ? {} : { writer: rename(rule.writer) }),
        }));
        const before = simulate(failureModel(cluster, rules), { failures: 2 });
        const after = simulate(failureModel({ ...cluster, hosts }, renamed), { failures: 2 });
        expect(after.scenarios.map(({ count, capabilities }) => ({ count, capabilities }))).toEqual(
          before.scenarios.map(({ count, capabilities }) => ({ count, capabilities })),
        );
      }),
      { numRuns: 25 },
    );
  });
});
