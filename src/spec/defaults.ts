// Fills in defaults and remembers each with its reason, so that `check --explain` shows exactly what was done.
import { pathText } from './positions.ts';
import type { SpecPath } from './positions.ts';

export interface DefaultValue {
  /** Path in the spec where it could be written: `networks.data.mtu`. */
  readonly path: string;
  readonly value: unknown;
  /** Why this value. */
  readonly why: string;
}

export class Defaults {
  readonly #filled: DefaultValue[] = [];

  /** What the user gave; else the default, which is remembered. */
  take<T>(path: SpecPath, given: T | undefined, fallback: { readonly value: T; readonly why: string }): T {
    if (given !== undefined) return given;
    this.#filled.push({ path: pathText(path), value: fallback.value, why: fallback.why });
    return fallback.value;
  }

  get filled(): readonly DefaultValue[] {
    return this.#filled;
  }
}
