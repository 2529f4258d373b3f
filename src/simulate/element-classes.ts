// Elements that do the same to the same units: a thousand NICs of equal compute hosts are one class. Only what they
// share with another element differs within a class, and that is counted pair by pair (pairs.ts).
import type { Element } from './elements.ts';
import type { Evaluator, UnitState } from './evaluator.ts';

export interface ElementClass {
  readonly index: number;
  readonly kind: string;
  readonly elements: readonly Element[];
  /** What each of them does, by unit and state. */
  readonly states: readonly UnitState[];
  /** Units of a single host among them. */
  readonly singles: ReadonlySet<number>;
  readonly external: number;
}

export interface ElementClasses {
  readonly classes: readonly ElementClass[];
  /** Class of each element, in the order of the model. */
  readonly classOf: readonly number[];
}

export function elementClasses(evaluator: Evaluator): ElementClasses {
  const groups = new Map<
    string,
    { kind: string; elements: Element[]; states: readonly UnitState[]; external: number }
  >();
  const keys = evaluator.model.elements.map((element) => {
    const { states } = evaluator.reduce([element]);
    const text = states.map(({ unit, state, count }) => `${unit}/${state}/${count}`).toSorted();
    const key = `${element.kind} ${element.external} ${text.join(' ')}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { kind: element.kind, elements: [element], states, external: element.external });
    else group.elements.push(element);
    return key;
  });
  const order = [...groups.keys()];
  const position = new Map(order.map((key, index) => [key, index]));
  return {
    classes: [...groups.values()].map((group, index) => ({
      index,
      ...group,
      singles: singlesOf(evaluator, group.states),
    })),
    classOf: keys.map((key) => position.get(key) ?? 0),
  };
}

function singlesOf({ units }: Evaluator, states: readonly UnitState[]): ReadonlySet<number> {
  return new Set(states.map(({ unit }) => unit).filter((unit) => units.units[unit]?.hosts.length === 1));
}
