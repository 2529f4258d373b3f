// What a set of failures on one host means for one member of a node: by which kinds of fault it is hit, whether it
// is lost, and whether it is stranded (alive, holding its share, and cut from those it serves).
// Pure and monotone: more failures give more kinds, never fewer. Masks are made once per host and node, as every pair
// of failures asks again.
import type { FaultKind } from '../model/failure.ts';
import { holds } from './bits.ts';
import type { HostShape } from './bits.ts';
import type { FailureModel, ModelNode } from './model.ts';

export interface MemberFault {
  readonly node: number;
  /** Faults of the member itself, in the order of KINDS. */
  readonly kinds: readonly FaultKind[];
  /** Faults of the proxy beside it; only for VIPs. */
  readonly proxyKinds: readonly FaultKind[];
  readonly lost: boolean;
  readonly stranded: boolean;
  /** It was lost in a way that needs fencing, and nothing can confirm that its host is off. */
  readonly unfenced: boolean;
}

/** What may happen to one member, as masks over the bits of its host: any mask that holds entirely hits. */
export interface MemberMasks {
  readonly node: ModelNode;
  readonly own: readonly KindMasks[];
  readonly proxy: readonly KindMasks[];
  readonly lostTo: ReadonlySet<FaultKind>;
  readonly proxyLostTo: ReadonlySet<FaultKind>;
  readonly strands: readonly bigint[];
  /** Nothing can confirm that the host is off. */
  readonly blind: readonly bigint[];
}

interface KindMasks {
  readonly kind: FaultKind;
  readonly masks: readonly bigint[];
}

const KINDS: readonly FaultKind[] = [
  ...(['process-killed', 'process-frozen', 'host-power', 'host-isolated', 'nic-cut', 'network-down'] as const),
  'disk-failed',
];

/** Whoever is silent for the others might still write; a member that only lost a service answers for itself. */
const NEEDS_FENCING: readonly FaultKind[] = ['host-power', 'host-isolated', 'disk-failed'];

/** Masks of every node that has a member on this host. */
export function hostMasks(model: FailureModel, host: number): readonly MemberMasks[] {
  const shape = model.shapes[host];
  if (shape === undefined) return [];
  return model.nodes
    .filter((node) => node.members.includes(host))
    .map((node) => {
      const proxy = node.proxy === undefined ? undefined : model.nodes[node.proxy];
      return {
        node,
        own: kindMasks(model, shape, node),
        proxy: proxy === undefined ? [] : kindMasks(model, shape, proxy),
        lostTo: lostTo(node),
        proxyLostTo: proxy === undefined ? new Set() : lostTo(proxy),
        strands: strandMasks(model, shape, node),
        // A board without power answers nobody: a lost rack or feed cannot be confirmed through it.
        blind: shape.hasBmc ? [model.bit('bmc'), ...shape.dead.slice(1)] : [0n],
      };
    });
}

/** Members of nodes on this host that are hit at all. */
export function memberFaults(masks: readonly MemberMasks[], state: bigint): readonly MemberFault[] {
  return masks.flatMap((each) => {
    const kinds = kindsOf(each.own, state);
    const proxyKinds = kindsOf(each.proxy, state);
    const stranded = holds(state, each.strands);
    if (kinds.length + proxyKinds.length === 0 && !stranded) return [];
    const lost = kinds.some((kind) => each.lostTo.has(kind)) || proxyKinds.some((kind) => each.proxyLostTo.has(kind));
    const silent = lost && each.node.rule.fenced === true && kinds.some((kind) => NEEDS_FENCING.includes(kind));
    const unfenced = silent && holds(state, each.blind);
    return [{ node: each.node.index, kinds, proxyKinds, lost, stranded, unfenced }];
  });
}

function kindsOf(all: readonly KindMasks[], state: bigint): readonly FaultKind[] {
  return all.flatMap(({ kind, masks }) => (holds(state, masks) ? [kind] : []));
}

function lostTo({ rule }: ModelNode): ReadonlySet<FaultKind> {
  return new Set(KINDS.filter((kind) => !(rule.survives ?? []).includes(kind)));
}

function kindMasks({ bit }: FailureModel, shape: HostShape, node: ModelNode): readonly KindMasks[] {
  const isolated = bit('isolated');
  const linked = (name: string): readonly bigint[] => (shape.links[name] ?? []).filter((mask) => mask !== isolated);
  const whole = node.networks.map((name) => bit(`network/${name}`));
  const masks: Readonly<Record<FaultKind, readonly bigint[]>> = {
    'process-killed': [bit(`killed/${node.process}`)],
    'process-frozen': [bit(`frozen/${node.process}`)],
    'process-stopped': [],
    'host-power': shape.dead,
    'host-isolated': isolationMasks(shape, node, isolated),
    'nic-cut': node.networks.flatMap(linked).filter((mask) => !whole.includes(mask)),
    'network-down': node.networks.flatMap((name) => linked(name).filter((mask) => mask === bit(`network/${name}`))),
    'disk-failed': node.rule.dataDisk === true ? [bit('disk'), bit('data-disk')] : [bit('disk')],
  };
  return KINDS.map((kind) => ({ kind, masks: masks[kind] })).filter(({ masks: each }) => each.length > 0);
}

/** Without any network, or without all of those of which one would do. */
function isolationMasks(shape: HostShape, node: ModelNode, isolated: bigint): readonly bigint[] {
  if (node.networks.length + node.anyOf.length === 0) return [];
  const ways = node.anyOf.map((name) => shape.links[name] ?? []);
  // Every combination of one way to cut each network.
  const all = ways.reduce<readonly bigint[]>(
    (combined, masks) => combined.flatMap((one) => masks.map((mask) => one | mask)),
    [0n],
  );
  return [isolated, ...(node.anyOf.length === 0 ? [] : all)];
}

/** Cut by something that leaves the networks alone over which the engine would notice. */
function strandMasks({ bit }: FailureModel, shape: HostShape, node: ModelNode): readonly bigint[] {
  const noticed = new Set(node.networks.flatMap((name) => shape.links[name] ?? []));
  return node.strands
    .flatMap((name) => shape.links[name] ?? [])
    .filter((mask) => !noticed.has(mask) && mask !== bit('isolated'));
}
