// Every pair of elements, exactly, without looking at each: pairs of the same two classes that share no host of a
// larger unit have the same effect and are counted by multiplication; those that do share hosts (a NIC and a process
// of one host, a rack and a host in it) are found host by host and counted by what they share.
import type { ElementClass, ElementClasses } from './element-classes.ts';
import type { Element } from './elements.ts';
import type { Evaluator, ReducedFailure, UnitState } from './evaluator.ts';

/** So many pairs of these classes are this failure. */
export interface PairGroup {
  readonly first: ElementClass;
  readonly second: ElementClass;
  readonly count: number;
  readonly failure: ReducedFailure;
  readonly example: readonly [Element, Element];
}

/** A pair that shares hosts of units with more than one host: how many, by unit and both states. */
interface Overlap {
  readonly a: number;
  readonly b: number;
  readonly shared: Map<string, { readonly unit: number; readonly a: bigint; readonly b: bigint; count: number }>;
}

export function* pairGroups(evaluator: Evaluator, { classes, classOf }: ElementClasses): Generator<PairGroup> {
  const { elements } = evaluator.model;
  const overlaps = overlapsOf(evaluator);
  const overlapping = new Map<string, number>();
  const groups = new Map<string, { overlap: Overlap; count: number }>();
  for (const overlap of overlaps.values()) {
    const [first, second] = inOrder(classOf[overlap.a] ?? 0, classOf[overlap.b] ?? 0);
    const classKey = `${first}/${second}`;
    overlapping.set(classKey, (overlapping.get(classKey) ?? 0) + 1);
    const shared = [...overlap.shared.values()].map(({ unit, a, b, count }) => `${unit}/${a}/${b}/${count}`);
    const key = `${classOf[overlap.a] ?? 0} ${classOf[overlap.b] ?? 0} ${shared.toSorted().join(' ')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { overlap, count: 1 });
    else group.count += 1;
  }
  for (const { overlap, count } of groups.values()) {
    const [a, b] = [elements[overlap.a], elements[overlap.b]];
    const [first, second] = [classes[classOf[overlap.a] ?? 0], classes[classOf[overlap.b] ?? 0]];
    if (!a || !b || !first || !second) continue;
    yield { first, second, count, failure: evaluator.reduce([a, b]), example: [a, b] };
  }
  yield* disjointGroups({ classes, overlapping, overlaps, position: new Map(elements.map((each, at) => [each, at])) });
}

interface Disjoint {
  readonly classes: readonly ElementClass[];
  /** How many pairs of two classes overlap. */
  readonly overlapping: ReadonlyMap<string, number>;
  readonly overlaps: ReadonlyMap<number, Overlap>;
  readonly position: ReadonlyMap<Element, number>;
}

function* disjointGroups(input: Disjoint): Generator<PairGroup> {
  const { classes, overlapping } = input;
  for (const first of classes) {
    for (const second of classes.slice(first.index)) {
      const n = first.elements.length;
      const all = first === second ? (n * (n - 1)) / 2 : n * second.elements.length;
      const count = all - (overlapping.get(`${first.index}/${second.index}`) ?? 0);
      const example = count === 0 ? undefined : disjointExample(input, first, second);
      if (example !== undefined) yield { first, second, count, failure: merged(first, second), example };
    }
  }
}

/** Both at once, where they share no host of a larger unit; a unit of one host is in both states. */
function merged(first: ElementClass, second: ElementClass): ReducedFailure {
  const states: UnitState[] = [...first.states];
  for (const each of second.states) {
    const single = first.singles.has(each.unit) ? states.findIndex((other) => other.unit === each.unit) : -1;
    const same = states.findIndex((other) => other.unit === each.unit && other.state === each.state);
    const other = states[single];
    if (other !== undefined) states[single] = { ...other, state: other.state | each.state };
    else if (same >= 0) states[same] = { ...each, count: each.count + (states[same]?.count ?? 0) };
    else states.push(each);
  }
  const externals = [first.external, second.external].filter((external) => external >= 0).toSorted((a, b) => a - b);
  return { states, externals };
}

function disjointExample(
  input: Disjoint,
  first: ElementClass,
  second: ElementClass,
): readonly [Element, Element] | undefined {
  for (const a of first.elements) {
    for (const b of second.elements) {
      if (a === b) continue;
      const [low, high] = inOrder(input.position.get(a) ?? 0, input.position.get(b) ?? 0);
      if (!input.overlaps.has(pairKey(low, high, input.position.size))) return [a, b];
    }
  }
  return undefined;
}

function overlapsOf({ model, units }: Evaluator): ReadonlyMap<number, Overlap> {
  const touching: { element: number; bits: bigint }[][] = model.hosts.map(() => []);
  model.elements.forEach((element, index) => {
    for (const { host, bits } of element.hits) touching[host]?.push({ element: index, bits });
  });
  const overlaps = new Map<number, Overlap>();
  for (const unit of units.units.filter(({ hosts }) => hosts.length > 1)) {
    for (const host of unit.hosts) {
      const here = touching[host] ?? [];
      here.forEach((a, at) => {
        for (const b of here.slice(at + 1))
          share(overlaps, [a, b], { unit: unit.index, elements: model.elements.length });
      });
    }
  }
  return overlaps;
}

interface Touch {
  readonly element: number;
  readonly bits: bigint;
}

function share(
  overlaps: Map<number, Overlap>,
  [a, b]: readonly [Touch, Touch],
  { unit, elements }: { readonly unit: number; readonly elements: number },
): void {
  const key = pairKey(a.element, b.element, elements);
  const overlap = overlaps.get(key) ?? { a: a.element, b: b.element, shared: new Map() };
  const sharedKey = `${unit}/${a.bits}/${b.bits}`;
  const entry = overlap.shared.get(sharedKey) ?? { unit, a: a.bits, b: b.bits, count: 0 };
  entry.count += 1;
  overlap.shared.set(sharedKey, entry);
  overlaps.set(key, overlap);
}

/** `low` is smaller than `high`: elements touch hosts in the order of the model. */
function pairKey(low: number, high: number, elements: number): number {
  return low * elements + high;
}

function inOrder(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
