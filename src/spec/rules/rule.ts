// What a rule over a spec is: one thing that can be wrong across fields, how bad, for whom, and where it stands.
// Rules are pure and never throw. A rule whose sections do not match the schema is not run, it is undecided.
import type { Cluster } from '../../model/cluster.ts';
import type { Severity } from '../../model/finding.ts';
import { own } from '../lookup.ts';
import type { SpecPath } from '../positions.ts';
import type { Preset } from '../presets/preset.ts';
import type { ClusterSpec, Section } from '../schema.ts';

export interface RuleInput {
  readonly spec: ClusterSpec;
  readonly cluster: Cluster;
  readonly preset: Preset;
}

/** One place that breaks the rule. */
export interface Hit {
  readonly path: SpecPath;
  /** Point at the value (default) or at the key. */
  readonly on?: 'key' | 'value';
  readonly message: string;
  readonly remediation: string;
  /** Where this place is worse or better than the rule in general. */
  readonly severity?: Severity;
  readonly impact?: string;
  readonly host?: string;
}

export interface SpecRule {
  readonly id: string;
  readonly severity: Severity;
  /** What happens to the users of the cloud, or to the operator. */
  readonly impact: string;
  readonly source: string;
  /** Sections it looks at. */
  readonly reads: readonly Section[];
  readonly check: (input: RuleInput) => readonly Hit[];
}

/** Checks the shape where a rule is declared. */
export function specRule(rule: SpecRule): SpecRule {
  return rule;
}

/** Hosts a deployed service runs on; undefined when it is not deployed. */
export function membersOf(cluster: Cluster, service: string): readonly string[] | undefined {
  const hosts = own(cluster.services, service)?.['hosts'];
  return Array.isArray(hosts) ? hosts.map(String) : undefined;
}

/** Items that have the same key, in groups of two or more. */
export function groupsOfSame<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
