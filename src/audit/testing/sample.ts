// Samples of rules: files with a fault and files without. « marks where a finding must point; it is taken out.

export type Tree = Readonly<Record<string, string>>;

export interface Sample {
  /** Every « must be found, and nothing else. */
  readonly bad: Tree;
  /** The nearest text that is right; several when a near miss is worth showing. */
  readonly good: Tree | readonly Tree[];
  readonly assumed?: Readonly<Record<string, string>>;
  /** For `good`, when the version is what makes the difference. */
  readonly assumedGood?: Readonly<Record<string, string>>;
  /** The rule cannot be decided from files: `bad` must give this as undecided. */
  readonly undecided?: true;
  /** Modes of files other than 0644. */
  readonly modes?: Readonly<Record<string, number>>;
}

export type Samples = Readonly<Record<string, Sample>>;
