// Effects in words: the chain from what failed to the capability, with the terms that add up to the seconds, and the
// change of the spec that helps most. Pure.
import type { Because, CapabilityEffect } from '../model/simulation.ts';
import { addSeconds, NO_TIME } from '../model/seconds.ts';
import type { Seconds } from '../model/seconds.ts';
import { adviceFor } from './advice.ts';
import type { Cause, Loss, RawEffect, Slowest } from './effect.ts';
import { isNothing } from './effect.ts';
import type { FailureModel, ModelNode } from './model.ts';
import { listed } from '../lib/text.ts';

export interface Asked {
  /** Index into the model's capabilities. */
  readonly capability: number;
  /** How long what failed stays away. */
  readonly repair: Seconds;
  /** Names of what failed. */
  readonly failed: readonly string[];
}

export function explained(model: FailureModel, effect: RawEffect, asked: Asked): CapabilityEffect {
  if (isNothing(effect)) return { state: 'unaffected', seconds: NO_TIME, because: [] };
  const { loss, slowest } = effect;
  if (loss !== undefined) return lost(model, loss, asked);
  if (slowest === undefined) return { state: 'unaffected', seconds: NO_TIME, because: [] };
  return interrupted(model, slowest, asked);
}

function interrupted(model: FailureModel, slowest: Slowest, { failed }: Asked): CapabilityEffect {
  const { low, expected, high } = slowest;
  const worst = high === expected ? [] : termsOf(model, high, 'worst');
  const node = model.nodes[expected.node];
  return {
    state: 'interrupted',
    seconds: { low, expected: rounded(expected.expected), high: rounded(high.high) },
    because: [...termsOf(model, expected, 'expected'), ...worst],
    improve: adviceFor({ failed, stated: node?.rule.improve, title: node?.title ?? '' }),
  };
}

function termsOf(model: FailureModel, cause: Cause, explains: Because['explains']): readonly Because[] {
  const title = model.nodes[cause.node]?.title ?? '';
  return cause.interruption.terms.map(({ name, seconds, source }) => ({
    name: `${title}: ${name}`,
    seconds,
    source,
    explains,
  }));
}

function lost(model: FailureModel, loss: Loss, { capability, repair, failed }: Asked): CapabilityEffect {
  const node = model.nodes[loss.node];
  if (node === undefined) return { state: 'down', seconds: repair, because: [] };
  const chain = wayTo(model, capability, node.index);
  const steps: readonly Because[] = [
    { name: reasonOf(node, loss), seconds: repair, source: 'the failure rule of the component', explains: 'down' },
    ...chain.map(({ from, to }): Because => ({
      name: `${from.title} needs ${to.title}`,
      seconds: NO_TIME,
      source: 'the failure rule of the component',
      explains: 'down',
    })),
  ];
  const what = node.rule.part ?? `a part of what ${node.title} serves`;
  return {
    state: 'down',
    seconds: repair,
    because: steps,
    ...(loss.share < 1 ? { part: { what, share: loss.share } } : {}),
    improve: adviceFor({ failed, reason: loss.reason, stated: node.rule.improve, title: node.title }),
  };
}

function reasonOf(node: ModelNode, loss: Loss): string {
  const all = node.members.length;
  switch (loss.reason) {
    case 'external':
      return `${node.title} needs ${listed(node.rule.externals ?? [])} from outside`;
    case 'unfenced':
      return `${node.title}: nothing confirms that the lost host is off, so nothing is started elsewhere`;
    case 'part':
      return `${node.title}: what is on the failed hosts is nowhere else`;
    case 'stranded':
      return `${node.title}: cut off from outside, and nobody notices`;
    case 'members':
      if (node.rule.needs.kind === 'majority' && all > 1)
        return `${node.title}: no majority of its ${all} members is left`;
      return all === 1
        ? `${node.title}: its only host is lost`
        : `${node.title}: fewer than ${node.needed} of its ${all} members are left`;
  }
}

/** The shortest way of requirements from a provider of the capability to the node, from the node upwards. */
function wayTo(model: FailureModel, capability: number, target: number) {
  const previous = new Map<number, number>();
  const queue = [...(model.capabilities[capability]?.providers ?? [])];
  const seen = new Set(queue);
  for (const index of queue) {
    for (const { node } of model.nodes[index]?.requires ?? []) {
      if (seen.has(node)) continue;
      seen.add(node);
      previous.set(node, index);
      queue.push(node);
    }
  }
  const way: { readonly from: ModelNode; readonly to: ModelNode }[] = [];
  for (let at = target; previous.has(at);) {
    const above = previous.get(at) ?? at;
    const [from, to] = [model.nodes[above], model.nodes[at]];
    if (from === undefined || to === undefined) break;
    way.push({ from, to });
    at = above;
  }
  return way;
}

/** The sum of terms of an interruption, for those who check it. */
export function sumOf(because: readonly Because[], explains: Because['explains']): Seconds {
  return because
    .filter((each) => each.explains === explains)
    .reduce((sum, each) => addSeconds(sum, each.seconds), NO_TIME);
}

/** Binary sums of decimal seconds. */
function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}
