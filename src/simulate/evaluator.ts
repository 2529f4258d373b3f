// From a failure to its effects. A failure is reduced to how many hosts of each unit are in which state; the nodes
// are judged one by one from that, and each capability by the nodes it needs: lost when one of them is, else
// interrupted as long as the slowest of them. Pure but for its memory of what it has already worked out.
import { interruptionOf } from '../model/failure.ts';
import type { FailureRule, FaultKind } from '../model/failure.ts';
import { addSeconds, NO_TIME } from '../model/seconds.ts';
import { isNothing, NO_EFFECT, slower, slowerOf } from './effect.ts';
import type { Cause, Loss, RawEffect, Slowest } from './effect.ts';
import type { Element } from './elements.ts';
import { hostMasks, memberFaults } from './host-faults.ts';
import type { MemberFault, MemberMasks } from './host-faults.ts';
import type { FailureModel, ModelNode } from './model.ts';
import { unitsOf } from './units.ts';
import type { Units } from './units.ts';

/** So many hosts of a unit are in this state. */
export interface UnitState {
  readonly unit: number;
  readonly state: bigint;
  readonly count: number;
}

export interface ReducedFailure {
  readonly states: readonly UnitState[];
  /** Indices of externals. */
  readonly externals: readonly number[];
}

/** What one host in one state means for one node. */
interface Hit {
  readonly node: number;
  readonly lost: boolean;
  readonly stranded: boolean;
  readonly unfenced: boolean;
  readonly slowest: Slowest | undefined;
  readonly slowestForReaders: Slowest | undefined;
}

/** How a node stands in a failure. */
interface Standing {
  lost: number;
  stranded: number;
  unfenced: number;
  external: boolean;
  slowest: Slowest | undefined;
  slowestForReaders: Slowest | undefined;
}

export class Evaluator {
  readonly model: FailureModel;
  readonly units: Units;
  readonly #masks: (readonly MemberMasks[])[] = [];
  readonly #hits = new Map<string, readonly Hit[]>();
  readonly #slowest = new Map<string, Slowest | undefined>();
  readonly #effects = new Map<string, readonly RawEffect[]>();

  constructor(model: FailureModel) {
    this.model = model;
    this.units = unitsOf(model);
  }

  effectsOf(elements: readonly Element[]): readonly RawEffect[] {
    return this.effectsOfReduced(this.reduce(elements));
  }

  reduce(elements: readonly Element[]): ReducedFailure {
    const byHost = new Map<number, bigint>();
    for (const element of elements) {
      for (const { host, bits } of element.hits) byHost.set(host, (byHost.get(host) ?? 0n) | bits);
    }
    const counts = new Map<string, UnitState>();
    for (const [host, state] of byHost) {
      const unit = this.units.unitOf[host] ?? 0;
      const key = `${unit}/${state}`;
      counts.set(key, { unit, state, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return { states: [...counts.values()], externals: externalsOf(elements) };
  }

  /** One effect per capability of the model, in its order. The same array for the same reduced failure. */
  effectsOfReduced(failure: ReducedFailure): readonly RawEffect[] {
    const key = reducedKey(failure);
    const known = this.#effects.get(key);
    if (known !== undefined) return known;
    const effects = this.#evaluate(failure);
    this.#effects.set(key, effects);
    return effects;
  }

  #evaluate({ states, externals }: ReducedFailure): readonly RawEffect[] {
    const standings = new Map<number, Standing>();
    for (const each of states) {
      for (const hit of this.#hitsOf(each)) add(standingOf(standings, hit.node), hit, each.count);
    }
    if (externals.length > 0) this.#addExternals(standings, externals);
    return this.model.capabilities.map((each) => this.#capability(each, standings));
  }

  /** What the hosts of a unit in a state mean for each node: worked out once. */
  #hitsOf({ unit, state }: UnitState): readonly Hit[] {
    const key = `${unit}/${state}`;
    const known = this.#hits.get(key);
    if (known !== undefined) return known;
    const host = this.units.units[unit]?.hosts[0] ?? 0;
    const masks = (this.#masks[unit] ??= hostMasks(this.model, host));
    const hits = memberFaults(masks, state).flatMap((fault) => {
      const node = this.model.nodes[fault.node];
      return node === undefined ? [] : [this.#hit(node, fault, host)];
    });
    this.#hits.set(key, hits);
    return hits;
  }

  #hit(node: ModelNode, fault: MemberFault, host: number): Hit {
    const { lost, stranded } = fault;
    const serving = node.rule.serves !== 'one' || node.members[0] === host;
    const writes = node.rule.writer === undefined || node.rule.writer === this.model.hosts[host]?.name;
    const slowest = serving ? this.#slowestOf(node, fault) : undefined;
    const unfenced = serving && fault.unfenced;
    return { node: node.index, lost, stranded, unfenced, slowest, slowestForReaders: writes ? slowest : undefined };
  }

  #slowestOf(node: ModelNode, fault: MemberFault): Slowest | undefined {
    const key = `${node.index} ${fault.kinds.join()} ${fault.proxyKinds.join()}`;
    if (this.#slowest.has(key)) return this.#slowest.get(key);
    const own = causes(node.index, node.rule, fault.kinds);
    const proxy = node.proxy === undefined ? undefined : this.model.nodes[node.proxy];
    const watched = { ...node.rule.watches, ...proxy?.rule.interruption };
    const besides = proxy === undefined ? [] : causes(proxy.index, { interruption: watched }, fault.proxyKinds);
    const slowest = [...own, ...besides].reduce<Slowest | undefined>((all, cause) => slower(all, cause), undefined);
    this.#slowest.set(key, slowest);
    return slowest;
  }

  #addExternals(standings: Map<number, Standing>, failed: readonly number[]): void {
    for (const node of this.model.nodes) {
      const hit = (node.rule.externals ?? []).some((name) => failed.includes(this.model.externals.indexOf(name)));
      if (hit) standingOf(standings, node.index).external = true;
    }
  }

  #capability(
    { providers, closure }: FailureModel['capabilities'][number],
    standings: ReadonlyMap<number, Standing>,
  ): RawEffect {
    const { nodes } = this.model;
    const waits = providers.every((index) => nodes[index]?.rule.onlyWhenHit === true);
    if (waits && !providers.some((index) => (standings.get(index)?.lost ?? 0) > 0)) return NO_EFFECT;
    let loss: Loss | undefined;
    let slowest: Slowest | undefined;
    for (const { node: index, readsOnly } of closure) {
      const standing = standings.get(index);
      const node = nodes[index];
      if (standing === undefined || node === undefined) continue;
      loss = united(loss, lossOf(node, standing));
      slowest = slowerOf(slowest, readsOnly ? standing.slowestForReaders : standing.slowest);
    }
    const effect: RawEffect = { loss, slowest };
    return isNothing(effect) ? NO_EFFECT : effect;
  }
}

function externalsOf(elements: readonly Element[]): readonly number[] {
  return elements.flatMap(({ external }) => (external < 0 ? [] : [external])).toSorted((a, b) => a - b);
}

function reducedKey({ states, externals }: ReducedFailure): string {
  const parts = states.map(({ unit, state, count }) => `${unit}/${state}/${count}`).toSorted();
  return `${parts.join(' ')} ${externals.join()}`;
}

function standingOf(standings: Map<number, Standing>, node: number): Standing {
  const known = standings.get(node);
  if (known !== undefined) return known;
  const fresh = {
    lost: 0,
    stranded: 0,
    unfenced: 0,
    external: false,
    slowest: undefined,
    slowestForReaders: undefined,
  };
  standings.set(node, fresh);
  return fresh;
}

function add(standing: Standing, hit: Hit, count: number): void {
  if (hit.lost) standing.lost += count;
  if (hit.stranded) standing.stranded += count;
  if (hit.unfenced) standing.unfenced += count;
  standing.slowest = slowerOf(standing.slowest, hit.slowest);
  standing.slowestForReaders = slowerOf(standing.slowestForReaders, hit.slowestForReaders);
}

function causes(node: number, rule: Pick<FailureRule, 'interruption'>, kinds: readonly FaultKind[]): readonly Cause[] {
  return kinds.flatMap((kind) => {
    const interruption = interruptionOf(rule, kind);
    if (interruption === undefined || interruption.terms.length === 0) return [];
    const sum = interruption.terms.reduce((total, term) => addSeconds(total, term.seconds), NO_TIME);
    return [{ node, kind, interruption, ...sum }];
  });
}

function lossOf(node: ModelNode, standing: Standing): Loss | undefined {
  const all = node.members.length;
  const loss = (reason: Loss['reason'], count: number, share: number): Loss => ({
    node: node.index,
    reason,
    share: Math.min(1, share),
    count,
  });
  if (standing.external) return loss('external', 0, 1);
  if (all - standing.lost < node.needed) return loss('members', standing.lost, 1);
  const parts = [
    loss('unfenced', standing.unfenced, node.rule.serves === 'one' ? standing.unfenced : standing.unfenced / all),
    loss('part', standing.lost, node.rule.serves === 'own' ? standing.lost / all : 0),
    loss('stranded', standing.stranded, standing.stranded / all),
  ];
  return parts.filter((part) => part.share > 0).toSorted((a, b) => b.share - a.share)[0];
}

/** Thirds do not add up to one in binary. */
const ALMOST_ALL = 1 - 1e-9;

/** The larger loss speaks; parts of different things add up, as they hit different users. */
function united(a: Loss | undefined, b: Loss | undefined): Loss | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const larger = b.share > a.share ? b : a;
  const share = a.share + b.share;
  return { ...larger, share: share > ALMOST_ALL ? 1 : share };
}
