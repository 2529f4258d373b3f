// Hosts that are interchangeable for every answer, as units: a thousand equal compute hosts are one unit of a
// thousand, a controller with its place in the order of VIPs is a unit of one. What a failure does depends only on how
// many hosts of each unit are in which state; that is what makes all pairs of a large cluster countable.
import type { FailureModel, ModelNode } from './model.ts';

export interface Unit {
  readonly index: number;
  /** Host indices. */
  readonly hosts: readonly number[];
}

export interface Units {
  readonly units: readonly Unit[];
  /** Unit of each host. */
  readonly unitOf: readonly number[];
}

export function unitsOf(model: FailureModel): Units {
  const groups = new Map<string, number[]>();
  const byHost = nodesByHost(model);
  model.hosts.forEach((_, host) => {
    const nodes = byHost[host] ?? [];
    const key = nodes.some((node) => hasPlace(node, model, host)) ? `host ${host}` : shapeKey(model, nodes, host);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [host]);
    else group.push(host);
  });
  const units = [...groups.values()].map((hosts, index) => ({ index, hosts }));
  const unitOf = model.hosts.map(() => 0);
  for (const unit of units) for (const host of unit.hosts) unitOf[host] = unit.index;
  return { units, unitOf };
}

function nodesByHost(model: FailureModel): readonly (readonly ModelNode[])[] {
  const byHost: ModelNode[][] = model.hosts.map(() => []);
  for (const node of model.nodes) for (const host of node.members) byHost[host]?.push(node);
  return byHost;
}

/** Where it matters which of the members this one is. */
function hasPlace(node: ModelNode, model: FailureModel, host: number): boolean {
  return node.rule.serves === 'one' || node.rule.writer === model.hosts[host]?.name;
}

function shapeKey(model: FailureModel, nodes: readonly ModelNode[], host: number): string {
  const shape = model.shapes[host];
  const links = Object.entries(shape?.links ?? {}).map(([name, masks]) => `${name}:${masks.join('/')}`);
  const ids = nodes.map((node) => node.index);
  return [ids.join(), shape?.dead.join('/'), links.toSorted().join(), String(shape?.hasBmc)].join(' ');
}
