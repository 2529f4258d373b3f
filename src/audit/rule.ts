// What a rule is, and what it says about an estate. A rule is data with one pure function.
import type { Place } from '../formats/document.ts';
import type { Position } from '../model/error.ts';
import type { Severity } from '../model/finding.ts';
import type { Estate } from './estate.ts';

/** C: outage or data loss by one failure · H, M: worse than it need be · L: worth knowing. */
export type Letter = 'C' | 'H' | 'M' | 'L';

/** What happens to the users of the cloud, the most dangerous first. */
export const EFFECTS = {
  data: 'Data can be lost or corrupted',
  instances: 'Instances are lost, run twice or stay down',
  outage: 'One failure stops the cloud',
  errors: 'Users see errors or stale answers while everything runs',
  slow: 'Failover takes longer than it need',
  exposure: 'Somebody can get in',
  upkeep: 'Not what it seems; a surprise at the next change',
} as const;
export type Effect = keyof typeof EFFECTS;

/** Lines of one file to be replaced: printed by --fix, never written. */
export interface Patch {
  readonly file: string;
  readonly line: number;
  /** The line as it stands; '' with `insert`. */
  readonly before: string;
  readonly after: string;
  /** Put `after` behind the line instead of in its place. */
  readonly insert?: true;
}

export interface Hit {
  readonly at: Position;
  readonly host?: string;
  readonly message: string;
  /** The exact line to write; otherwise the rule's own remediation. */
  readonly write?: string;
  readonly patch?: Patch;
}

/** The rule could not be decided for want of an input. */
export interface Missing {
  readonly missing: string;
}

export type RuleResult = Hit | Missing;

export interface Rule {
  readonly id: string;
  readonly letter: Letter;
  readonly effect: Effect;
  readonly title: string;
  /** What happens and who notices: a sentence that stands alone. */
  readonly explanation: string;
  readonly remediation: string;
  /** Manual page, upstream document or measurement; absent: only judgement, so it ships as info. */
  readonly source?: string;
  /** Versions it holds for: `RabbitMQ < 4.3`. */
  readonly versions?: string;
  readonly evaluate: (estate: Estate) => Iterable<RuleResult>;
}

const SEVERITIES: Readonly<Record<Letter, Severity>> = { C: 'critical', H: 'warning', M: 'warning', L: 'info' };

export function severityOf(rule: Pick<Rule, 'letter' | 'source'>): Severity {
  return rule.source === undefined ? 'info' : SEVERITIES[rule.letter];
}

/** A rule that only live data decides: it says so where `applies` finds its subject. */
export function needsLiveData(
  rule: Omit<Rule, 'evaluate'>,
  missing: string,
  applies: (estate: Estate) => boolean,
): Rule {
  return { ...rule, evaluate: (estate) => (applies(estate) ? [{ missing }] : []) };
}

/** What a hit needs to know of its file. */
export interface FileRef {
  readonly path: string;
  readonly host: string | undefined;
}

export function hit(file: FileRef, place: Place, words: string | Omit<Hit, 'at' | 'host'>): Hit {
  const text = typeof words === 'string' ? { message: words } : words;
  return {
    at: { file: file.path, line: place.line, column: place.column },
    ...(file.host === undefined ? {} : { host: file.host }),
    ...text,
  };
}
