// The answers: every single failure and, when asked, every pair, as classes of equal effect; single points of failure
// and minimal cut sets; promises; availability. Pure: a model in, a report out; the same model gives the same report.
import { addSeconds, NO_TIME } from '../model/seconds.ts';
import type { Seconds } from '../model/seconds.ts';
import type { Capability } from '../model/capability.ts';
import type {
  CapabilityEffects,
  CutSets,
  Scenario,
  SimulationReport,
  SinglePointOfFailure,
} from '../model/simulation.ts';
import { assumptionsOf } from './assumptions.ts';
import type { Assumptions } from './assumptions.ts';
import { AvailabilitySum, downTogether } from './availability.ts';
import { capacityAfter } from './capacity.ts';
import { effectKey, isNothing, isWholeLoss } from './effect.ts';
import type { RawEffect } from './effect.ts';
import { elementClasses } from './element-classes.ts';
import type { Element } from './elements.ts';
import { Evaluator } from './evaluator.ts';
import { explained } from './explain.ts';
import type { FailureModel } from './model.ts';
import { pairGroups } from './pairs.ts';
import { brokenPromises } from './promises.ts';
import type { SingleResult } from './promises.ts';
import { topologyOf } from './topology.ts';

export interface SimulationOptions {
  readonly failures: 1 | 2;
  /** Also scenarios without effect. */
  readonly all?: boolean;
}

/** Members of a scenario of pairs that are named; `count` says how many there are. Single failures are all named. */
const NAMED_PAIRS = 6;
const NAMED_CUTS = 50;

export function simulate(model: FailureModel, { failures, all = false }: SimulationOptions): SimulationReport {
  const evaluator = new Evaluator(model);
  const run = new Run(model, assumptionsOf(model.cluster));
  const singles = model.elements.map((element) => ({ element, effects: evaluator.effectsOf([element]) }));
  for (const single of singles) run.addSingle(single);
  if (failures === 2) {
    const classes = elementClasses(evaluator);
    const alone = classes.classes.map(({ elements }) => evaluator.effectsOf(elements.slice(0, 1)));
    for (const { first, second, count, failure, example } of pairGroups(evaluator, classes)) {
      const effects = evaluator.effectsOfReduced(failure);
      const together = downTogether(effects, alone[first.index] ?? [], alone[second.index] ?? []);
      run.addPair({ example, count, effects, together });
    }
  }
  return run.report({ failures, all, singles });
}

interface PairResult {
  readonly example: readonly [Element, Element];
  readonly count: number;
  readonly effects: readonly RawEffect[];
  readonly together: readonly boolean[];
}

interface Gathered {
  count: number;
  readonly members: (readonly Element[])[];
  readonly effects: readonly RawEffect[];
}

class Run {
  readonly #model: FailureModel;
  readonly #assumptions: Assumptions;
  readonly #sum: AvailabilitySum;
  readonly #scenarios = new Map<string, Gathered>();
  readonly #keys = new Map<readonly RawEffect[], string>();
  readonly #cuts: { count: number; readonly examples: (readonly string[])[] }[];
  #examined = 0;

  constructor(model: FailureModel, assumptions: Assumptions) {
    this.#model = model;
    this.#assumptions = assumptions;
    this.#sum = new AvailabilitySum(assumptions, capabilitiesOf(model));
    this.#cuts = model.capabilities.map(() => ({ count: 0, examples: [] }));
  }

  addSingle({ element, effects }: SingleResult): void {
    this.#gather([element], { effects, count: 1, named: Number.POSITIVE_INFINITY });
    this.#sum.addSingle(element.kind, 1, effects);
    effects.forEach((effect, index) => {
      if (isWholeLoss(effect)) this.#cut(index, [element.name], 1);
    });
  }

  addPair({ example, count, effects, together }: PairResult): void {
    this.#gather(example, { effects, count, named: NAMED_PAIRS });
    this.#sum.addPair([example[0].kind, example[1].kind], count, together);
    together.forEach((down, index) => {
      if (down)
        this.#cut(
          index,
          example.map((element) => element.name),
          count,
        );
    });
  }

  report({
    failures,
    all,
    singles,
  }: Required<SimulationOptions> & { readonly singles: readonly SingleResult[] }): SimulationReport {
    const model = this.#model;
    return {
      cluster: model.cluster.name,
      failures,
      elements: model.elements.length,
      examined: this.#examined,
      capabilities: capabilitiesOf(model),
      scenarios: [...this.#scenarios.values()]
        .filter(({ effects }) => all || !effects.every(isNothing))
        .map((each) => this.#scenario(each)),
      singlePointsOfFailure: pointsOfFailure(model, singles),
      cutSets: this.#cutSets(),
      availability: Object.fromEntries(this.#sum.estimates()),
      assumptions: this.#assumptions.listed,
      brokenPromises: brokenPromises(model, singles),
      capacity: capacityAfter(model),
      notOffered: model.notOffered,
      topology: topologyOf(model),
    };
  }

  #gather(
    members: readonly Element[],
    {
      effects,
      count,
      named,
    }: { readonly effects: readonly RawEffect[]; readonly count: number; readonly named: number },
  ): void {
    this.#examined += count;
    const key = `${members.length} ${this.#keyOf(effects)}`;
    const known = this.#scenarios.get(key);
    if (known === undefined) {
      this.#scenarios.set(key, { count, members: [members], effects });
      return;
    }
    known.count += count;
    if (known.members.length < named) known.members.push(members);
  }

  /** The evaluator gives the same array for the same failure, so most keys are made once. */
  #keyOf(effects: readonly RawEffect[]): string {
    const known = this.#keys.get(effects);
    if (known !== undefined) return known;
    const key = effectKey(effects);
    this.#keys.set(effects, key);
    return key;
  }

  #cut(index: number, names: readonly string[], count: number): void {
    const cut = this.#cuts[index];
    if (cut === undefined) return;
    cut.count += count;
    if (cut.examples.length < NAMED_CUTS) cut.examples.push(names);
  }

  #cutSets(): readonly CutSets[] {
    return this.#model.capabilities.flatMap(({ capability }, index) => {
      const cut = this.#cuts[index];
      return cut === undefined || cut.count === 0 ? [] : [{ capability, count: cut.count, examples: cut.examples }];
    });
  }

  #scenario({ count, members, effects }: Gathered): Scenario {
    const names = members.map((each) => each.map((element) => element.name));
    return {
      failed: names[0] ?? [],
      count,
      members: names,
      capabilities: effectsInWords(this.#model, effects, {
        repair: repairOf(members[0] ?? [], this.#assumptions),
        failed: names[0] ?? [],
      }),
    };
  }
}

/** What failed last is back last: the longest repair counts. */
function repairOf(elements: readonly Element[], { repairMinutes }: Assumptions): Seconds {
  const longest = elements
    .map((element) => repairMinutes(element.kind))
    .reduce((a, b) => (b.expected > a.expected ? b : a), NO_TIME);
  const seconds = (minutes: number): number => Math.round(minutes * 60);
  return addSeconds(NO_TIME, {
    low: seconds(longest.low),
    expected: seconds(longest.expected),
    high: seconds(longest.high),
  });
}

function effectsInWords(
  model: FailureModel,
  effects: readonly RawEffect[],
  what: { readonly repair: Seconds; readonly failed: readonly string[] },
): CapabilityEffects {
  return Object.fromEntries(
    model.capabilities.map(({ capability }, index) => [
      capability,
      explained(model, effects[index] ?? { loss: undefined, slowest: undefined }, { capability: index, ...what }),
    ]),
  );
}

function capabilitiesOf(model: FailureModel): readonly Capability[] {
  return model.capabilities.map(({ capability }) => capability);
}

function pointsOfFailure(model: FailureModel, singles: readonly SingleResult[]): readonly SinglePointOfFailure[] {
  return singles.flatMap(({ element, effects }) => {
    const capabilities = model.capabilities.flatMap(({ capability }, index) =>
      isWholeLoss(effects[index]) ? [capability] : [],
    );
    return capabilities.length === 0 ? [] : [{ element: element.name, capabilities }];
  });
}
