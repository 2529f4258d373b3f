// Promises of the spec (availability tiers) against what the simulation found: for every capability with a tier and
// every kind of failure the tier is to survive, the worst that a failure of that kind does. Pure.
import { formatDuration, plural } from '../lib/text.ts';
import type { Capability } from '../model/capability.ts';
import type { Tier } from '../model/cluster.ts';
import type { BrokenPromise, CapabilityEffect } from '../model/simulation.ts';
import type { RawEffect } from './effect.ts';
import type { Element } from './elements.ts';
import { explained } from './explain.ts';
import type { FailureModel } from './model.ts';
import { NO_TIME } from '../model/seconds.ts';

export interface SingleResult {
  readonly element: Element;
  readonly effects: readonly RawEffect[];
}

export function brokenPromises(model: FailureModel, singles: readonly SingleResult[]): readonly BrokenPromise[] {
  const { tiers, capabilities } = model.cluster.availability;
  return model.capabilities.flatMap(({ capability }, index) => {
    const tier = tiers.find((each) => each.name === capabilities[capability]);
    if (tier === undefined) return [];
    return tier.survives.flatMap((kind) => broken(model, { capability, index, tier, kind }, singles));
  });
}

interface Promised {
  readonly capability: Capability;
  readonly index: number;
  readonly tier: Tier;
  readonly kind: string;
}

/** What a word of a tier covers: a host is survived when it dies, and when it is cut off. */
const COVERS: Readonly<Record<string, readonly string[]>> = {
  host: ['host', 'isolated'],
  process: ['process', 'frozen'],
  nic: ['nic', 'bond'],
};

function broken(model: FailureModel, promised: Promised, singles: readonly SingleResult[]): readonly BrokenPromise[] {
  const { capability, index, tier, kind } = promised;
  const kinds = COVERS[kind] ?? [kind];
  const relevant = singles.filter(({ element }) => kinds.includes(element.kind));
  const down = relevant.filter(({ effects }) => effects[index]?.loss !== undefined);
  const slow = relevant.filter(
    ({ effects }) =>
      effects[index]?.loss === undefined && (effects[index]?.slowest?.high.high ?? 0) > tier.withinSeconds,
  );
  const late = slow.filter(({ effects }) => (effects[index]?.slowest?.expected.expected ?? 0) > tier.withinSeconds);
  const deployable = isDeployable(model, index);
  const of = (hit: readonly SingleResult[], certain: boolean): readonly BrokenPromise[] => {
    const [first] = hit;
    const raw = first?.effects[index];
    if (first === undefined || raw === undefined) return [];
    const effect = explained(model, raw, { capability: index, repair: NO_TIME, failed: [first.element.name] });
    return [
      {
        capability,
        tier: tier.name,
        survives: kind,
        failed: [first.element.name],
        count: hit.length,
        severity: certain && deployable ? 'critical' : 'warning',
        message: messageOf(promised, effect, hit),
        remediation: `${effect.improve ?? 'Add a member where the chain is thin'}; or do not promise it.`,
      },
    ];
  };
  if (down.length > 0) return of(down, true);
  return late.length > 0 ? of(late, true) : of(slow, false);
}

function messageOf(
  { capability, tier, kind }: Promised,
  effect: CapabilityEffect,
  hit: readonly SingleResult[],
): string {
  const name = hit[0]?.element.name ?? '';
  const others = hit.length > 1 ? ` (and ${plural(hit.length - 1, 'more failure')} like it)` : '';
  const promise = `The tier ${tier.name} promises ${capability} to survive the loss of a ${kind} within ${formatDuration(tier.withinSeconds)}`;
  const because = effect.because[0]?.name ?? '';
  if (effect.state === 'down') {
    const part = effect.part === undefined ? '' : ` for ${effect.part.what}`;
    return `${promise}, but ${name}${others} takes it down${part}: ${because}.`;
  }
  const { expected, high } = effect.seconds;
  const slow = expected > tier.withinSeconds ? `about ${formatDuration(expected)}` : `up to ${formatDuration(high)}`;
  return `${promise}, but ${name}${others} interrupts it for ${slow}: ${because}.`;
}

/** A promise about what this version does not deploy is a warning: there is nothing yet that could break it. */
function isDeployable(model: FailureModel, index: number): boolean {
  return (model.capabilities[index]?.closure ?? []).every(({ node }) => model.nodes[node]?.deployable ?? true);
}
