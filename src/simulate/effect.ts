// What a failure costs, in numbers: one entry per capability, comparable and small, without words.
// `explain.ts` puts it into words; equal keys are equal effects.
import type { FaultKind, Interruption } from '../model/failure.ts';

/** An interruption and who causes it. */
export interface Cause {
  readonly node: number;
  readonly kind: FaultKind;
  readonly interruption: Interruption;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** What is slowest of several that happen side by side: bound by bound, with who sets it. */
export interface Slowest {
  readonly low: number;
  readonly expected: Cause;
  readonly high: Cause;
}

export type LossReason = 'members' | 'external' | 'unfenced' | 'part' | 'stranded';

export interface Loss {
  readonly node: number;
  readonly reason: LossReason;
  /** 1: everybody; less: the part of the users that is hit. */
  readonly share: number;
  /** Members that are lost. */
  readonly count: number;
}

export interface RawEffect {
  readonly loss: Loss | undefined;
  readonly slowest: Slowest | undefined;
}

export const NO_EFFECT: RawEffect = { loss: undefined, slowest: undefined };

export function slower(a: Slowest | undefined, cause: Cause): Slowest {
  if (a === undefined) return { low: cause.low, expected: cause, high: cause };
  return {
    low: Math.max(a.low, cause.low),
    expected: isSlower(cause, a.expected, 'expected') ? cause : a.expected,
    high: isSlower(cause, a.high, 'high') ? cause : a.high,
  };
}

/** Ties go to the node that comes first, so that the order of evaluation does not show. */
function isSlower(a: Cause, b: Cause, bound: 'expected' | 'high'): boolean {
  if (a[bound] !== b[bound]) return a[bound] > b[bound];
  return a.node === b.node ? a.kind < b.kind : a.node < b.node;
}

export function slowerOf(a: Slowest | undefined, b: Slowest | undefined): Slowest | undefined {
  if (b === undefined || a === b) return a;
  if (a === undefined) return b;
  const merged = slower(slower(a, b.expected), b.high);
  return { ...merged, low: Math.max(merged.low, b.low) };
}

export function isNothing(effect: RawEffect): boolean {
  return effect.loss === undefined && (effect.slowest === undefined || effect.slowest.high.high === 0);
}

export function isWholeLoss(effect: RawEffect | undefined): boolean {
  return effect?.loss?.share === 1;
}

/** Equal texts: the same state, seconds and reasons for every capability. */
export function effectKey(effects: readonly RawEffect[]): string {
  return effects
    .map((effect) => {
      if (isNothing(effect)) return '';
      const { loss, slowest } = effect;
      if (loss !== undefined) return `${loss.node}:${loss.reason}:${loss.share.toFixed(6)}`;
      if (slowest === undefined) return '';
      const { low, expected, high } = slowest;
      return `${low}:${expected.node}${expected.kind}${expected.expected}:${high.node}${high.kind}${high.high}`;
    })
    .join('|');
}
