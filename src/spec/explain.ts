// Every default that was filled in, as data for `hastack check --explain`.

export interface DefaultValue {
  /** Path in the spec where it could be written: `networks.data.mtu`. */
  readonly path: string;
  readonly value: unknown;
  /** Why this value. */
  readonly why: string;
}

/** The defaults of a spec text that is valid; empty when it is not. */
export function explainSpec(_text: string, _file: string): readonly DefaultValue[] {
  throw new Error('not written yet');
}
