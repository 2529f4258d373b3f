// Order of things that come after other things: components, phases, steps.
//
// Both functions keep the given order wherever the dependencies leave a choice, so that plans and logs read the
// same every time. Names in `after` that are not nodes are ignored (a component that is not deployed).
// A cycle is an error that names it: a → b → a.

export class CycleError extends Error {
  readonly cycle: readonly string[];

  constructor(cycle: readonly string[]) {
    super(`these depend on each other in a circle: ${cycle.join(' → ')}`);
    this.name = 'CycleError';
    this.cycle = cycle;
  }
}

/** Every node after all that `after` names for it. Throws CycleError. */
export function topologicalOrder(
  nodes: readonly string[],
  after: (node: string) => readonly string[],
): readonly string[] {
  return visit(nodes, after).order;
}

/** Groups that can go side by side: every node is in the first level after the levels of all it comes after. */
export function levels(
  nodes: readonly string[],
  after: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const { order, before } = visit(nodes, after);
  const levelOf = new Map<string, number>();
  for (const node of order) {
    const deepest = Math.max(-1, ...(before.get(node) ?? []).map((other) => levelOf.get(other) ?? -1));
    levelOf.set(node, deepest + 1);
  }
  const groups: string[][] = [];
  for (const node of new Set(nodes)) {
    const level = levelOf.get(node) ?? 0;
    while (groups.length <= level) groups.push([]);
    groups[level]?.push(node);
  }
  return groups;
}

interface Visited {
  readonly order: readonly string[];
  /** What each node comes after, nodes of the graph only. */
  readonly before: ReadonlyMap<string, readonly string[]>;
}

function visit(nodes: readonly string[], after: (node: string) => readonly string[]): Visited {
  const known = new Set(nodes);
  const before = new Map([...known].map((node) => [node, after(node).filter((other) => known.has(other))] as const));
  const order: string[] = [];
  const done = new Set<string>();
  for (const root of known) {
    // Depth first with a stack of its own: long chains must not exhaust the call stack.
    const path: { readonly node: string; next: number }[] = done.has(root) ? [] : [{ node: root, next: 0 }];
    const onPath = new Set(path.map(({ node }) => node));
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = before.get(top.node)?.[top.next++];
      if (dependency === undefined) {
        order.push(top.node);
        done.add(top.node);
        onPath.delete(top.node);
        path.pop();
      } else if (onPath.has(dependency)) {
        const names = path.map(({ node }) => node);
        throw new CycleError([...names.slice(names.indexOf(dependency)), dependency].toReversed());
      } else if (!done.has(dependency)) {
        path.push({ node: dependency, next: 0 });
        onPath.add(dependency);
      }
    }
  }
  return { order, before };
}
