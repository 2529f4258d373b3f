// What a set of failures on one host means for one member of a node: by which kinds of fault it is hit, whether it
// is lost, and whether it is stranded (alive, holding its share, and cut from those it serves).
// Pure and monotone: more failures give more kinds, never fewer.
import type { FaultKind } from '../model/failure.ts';
import { holds } from './bits.ts';
import type { FailureModel, ModelNode } from './model.ts';

export interface MemberFault {
  readonly node: number;
  /** Faults of the member itself. */
  readonly kinds: readonly FaultKind[];
  /** Faults of the proxy beside it; only for VIPs. */
  readonly proxyKinds: readonly FaultKind[];
  readonly lost: boolean;
  readonly stranded: boolean;
  /** It was lost in a way that needs fencing, and nothing can confirm that its host is off. */
  readonly unfenced: boolean;
}

/** Members of nodes on this host that are hit at all. */
export function memberFaults(model: FailureModel, host: number, state: bigint): readonly MemberFault[] {
  const here = model.nodes.filter((node) => node.members.includes(host));
  return here.flatMap((node) => {
    const fault = memberFault(model, node, { host, state });
    return fault.kinds.length + fault.proxyKinds.length > 0 || fault.stranded ? [fault] : [];
  });
}

interface HostState {
  readonly host: number;
  readonly state: bigint;
}

function memberFault(model: FailureModel, node: ModelNode, at: HostState): MemberFault {
  const kinds = faultKinds(model, node, at);
  const proxy = node.proxy === undefined ? undefined : model.nodes[node.proxy];
  const proxyKinds = proxy === undefined ? [] : faultKinds(model, proxy, at);
  const lostTo = (kind: FaultKind): boolean => !(node.rule.survives ?? []).includes(kind);
  const proxyLost = proxyKinds.some((kind) => !(proxy?.rule.survives ?? []).includes(kind));
  const lost = kinds.some(lostTo) || proxyLost;
  return {
    node: node.index,
    kinds,
    proxyKinds,
    lost,
    stranded: isStranded(model, node, at),
    unfenced: lost && node.rule.fenced === true && kinds.some((kind) => NEEDS_FENCING.includes(kind)) && !fenceable(model, at),
  };
}

/** Whoever is silent for the others might still write; a member that only lost a service answers for itself. */
const NEEDS_FENCING: readonly FaultKind[] = ['host-power', 'host-isolated', 'disk-failed'];

/** A board without power answers nobody: a lost rack or feed cannot be confirmed through it. */
function fenceable({ shapes, bit }: FailureModel, { host, state }: HostState): boolean {
  const shape = shapes[host];
  if (shape === undefined || !shape.hasBmc || (state & bit('bmc')) !== 0n) return false;
  return !holds(state, shape.dead.slice(1));
}

function faultKinds(model: FailureModel, node: ModelNode, at: HostState): readonly FaultKind[] {
  const { shapes, bit } = model;
  const { host, state } = at;
  const shape = shapes[host];
  const has = (name: string): boolean => (state & bit(name)) !== 0n;
  const cut = node.networks.filter((name) => holds(state, shape?.links[name]?.filter((mask) => mask !== bit('isolated'))));
  const down = cut.filter((name) => has(`network/${name}`));
  const single = cut.filter((name) =>
    holds(state, shape?.links[name]?.filter((mask) => mask !== bit('isolated') && mask !== bit(`network/${name}`))),
  );
  const kinds: readonly (readonly [FaultKind, boolean])[] = [
    ['process-killed', has(`killed/${node.process}`)],
    ['process-frozen', has(`frozen/${node.process}`)],
    ['host-power', holds(state, shape?.dead)],
    ['host-isolated', isIsolated(model, node, at)],
    ['nic-cut', single.length > 0],
    ['network-down', down.length > 0],
    ['disk-failed', has('disk') || (node.rule.dataDisk === true && has('data-disk'))],
  ];
  return kinds.flatMap(([kind, hit]) => (hit ? [kind] : []));
}

/** Without any network, or without all of those of which one would do. */
function isIsolated({ shapes, bit }: FailureModel, node: ModelNode, { host, state }: HostState): boolean {
  if (node.networks.length + node.anyOf.length === 0) return false;
  if ((state & bit('isolated')) !== 0n) return true;
  const links = shapes[host]?.links ?? {};
  return node.anyOf.length > 0 && node.anyOf.every((name) => holds(state, links[name]));
}

/** Cut by something that leaves the networks alone over which the engine would notice. */
function isStranded({ shapes, bit }: FailureModel, node: ModelNode, { host, state }: HostState): boolean {
  const links = shapes[host]?.links ?? {};
  const noticed = new Set(node.networks.flatMap((name) => links[name] ?? []));
  return node.strands.some((name) =>
    holds(state, links[name]?.filter((mask) => !noticed.has(mask) && mask !== bit('isolated'))),
  );
}
