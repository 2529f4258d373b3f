// The commented spec that `hastack init` writes: short, editable, every section explained; passes `check`.

export interface InitAnswers {
  readonly cluster?: string;
  /** CIDR of the management network. */
  readonly management?: string;
  /** CIDR of the data network. */
  readonly data?: string;
  /** Name users type for the public VIP. */
  readonly publicName?: string;
  /** age recipients for secrets and state. */
  readonly recipients?: readonly string[];
}

export interface PresetSummary {
  readonly name: string;
  readonly title: string;
  /** Whether this version of hastack can `apply` it. */
  readonly deployable: boolean;
  /** Services it needs that cannot be deployed yet. */
  readonly missing: readonly string[];
}

/** In the order to offer them; the first is the default. */
export function listPresets(): readonly PresetSummary[] {
  throw new Error('not written yet');
}

/** HastackError `usage` when there is no such preset or an answer is not valid. */
export function initText(_preset: string, _answers: InitAnswers): string {
  throw new Error('not written yet');
}
