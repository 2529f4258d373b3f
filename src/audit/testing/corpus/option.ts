// The vocabulary of the corpus: options of programs, the texts that are sound for them, and the texts that hurt.
//
// The corpus knows what manuals say of options. It does not know rules: which finding a text should give, if any, is
// measured afterwards (measure.ts), so that what no rule covers shows as missed.

export interface Harm {
  /** What stands in place of the sound text; '' takes the option away. */
  readonly text: string;
  /** What a manual says of it. */
  readonly why: string;
  /** `one`: on one host only, where hosts must agree; otherwise everywhere. */
  readonly on?: 'one';
}

export interface CorpusOption {
  /** One is drawn for each cluster; all are right. `<words>` are filled in for each host (site.ts). */
  readonly sound: readonly string[];
  readonly harmful: readonly Harm[];
}

export type Catalogue = Readonly<Record<string, CorpusOption>>;

/** A file of every host with one of the roles. `{{id}}` in the text is where an option stands. */
export interface FileTemplate {
  readonly roles: readonly string[];
  /** Below the host's directory. */
  readonly path: string;
  /** As a loose copy, `<name>` being the host's; absent: there are none of this file. */
  readonly loose?: string;
  readonly mode?: number;
  readonly text: string;
}
