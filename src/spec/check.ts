// Everything `hastack check` says about the text of a spec, and the cluster that all other commands work on.
// Pure: text in, findings out. Every problem becomes a Finding with a position; nothing is thrown for bad input.
import { dirname } from 'node:path';
import type { Cluster } from '../model/cluster.ts';
import { HastackError, formatPosition } from '../model/error.ts';
import type { Position } from '../model/error.ts';
import type { Finding, FindingReport, Undecided } from '../model/finding.ts';
import type { DefaultValue } from './defaults.ts';
import { parseSpec } from './parse.ts';
import type { SpecPath } from './positions.ts';
import type { ParsedSpec } from './parse.ts';
import { presetNamed } from './presets/all.ts';
import { DEFAULT_PRESET } from './presets/names.ts';
import { resolveSpec } from './resolve.ts';
import { SPEC_RULES } from './rules/registry.gen.ts';
import type { Hit, RuleInput, SpecRule } from './rules/rule.ts';
import type { Section } from './schema.ts';

export interface SpecCheck extends FindingReport {
  /** Present when the text matches the schema; it may still have critical findings. */
  readonly cluster?: Cluster;
  /** The same with every service the spec asks for, also those that this version does not deploy. */
  readonly planned?: Cluster;
  /** Where something stands in the text; for what is found later than here. */
  readonly positionOf: (path: SpecPath) => Position;
  /** Every default that was filled in; empty without a cluster. */
  readonly defaults: readonly DefaultValue[];
  /** Whether this version can deploy the preset; true without a cluster. */
  readonly deployable: boolean;
  /** Rules of the audit whose findings are inherent to the preset's shape, with the reason. */
  readonly inherent: Readonly<Record<string, string>>;
}

export function checkSpec(text: string, file: string): SpecCheck {
  const parsed = parseSpec(text, file);
  const { cluster, planned, defaults } = resolveSpec(parsed.partial, dirname(file));
  const preset = presetNamed(parsed.partial.preset ?? DEFAULT_PRESET);
  const decided = SPEC_RULES.filter((rule) => unsoundOf(rule, parsed).length === 0);
  const input = { spec: parsed.partial, cluster, preset };
  const findings = [...parsed.findings, ...decided.flatMap((rule) => runRule(rule, input, parsed))];
  const valid = parsed.spec !== undefined;
  return {
    ...(valid ? { cluster, planned } : {}),
    positionOf: (path) => parsed.locate.value(path),
    defaults: valid ? defaults : [],
    deployable: preset.deployable,
    inherent: preset.inherent ?? {},
    findings: findings.toSorted(byPosition),
    undecided: undecidedOf(parsed),
  };
}

/** The cluster of a spec without critical findings; otherwise HastackError `spec-invalid` that lists them all. */
export function requireCluster(check: SpecCheck): Cluster {
  return required(check, check.cluster, []);
}

/** Rules that judge how well a cluster survives: no reason not to show what its failures cost. */
const JUDGED_BY_SIMULATION = ['spec.promise-not-kept', 'spec.quorum-membership', 'spec.not-deployable'];

/** With every service the spec asks for; refuses contradictions, not what simulation is there to show. */
export function requirePlanned(check: SpecCheck): Cluster {
  return required(check, check.planned, JUDGED_BY_SIMULATION);
}

function required(check: SpecCheck, cluster: Cluster | undefined, accepted: readonly string[]): Cluster {
  const critical = check.findings.filter(({ severity, rule }) => severity === 'critical' && !accepted.includes(rule));
  const [first] = critical;
  if (cluster !== undefined && first === undefined) return cluster;
  throw new HastackError({
    code: 'spec-invalid',
    // Who prints the error puts the position of the first before it (`at`).
    message: critical
      .map(({ at, message, remediation }, index) =>
        index === 0 ? `${message} ${remediation}` : `${formatPosition(at)}: ${message} ${remediation}`,
      )
      .join('\n'),
    hint: 'hastack check explains each of them',
    ...(first === undefined ? {} : { at: first.at }),
  });
}

/** As requireCluster, for commands that change hosts: also refuses a preset that this version cannot deploy. */
export function requireDeployable(check: SpecCheck): Cluster {
  const cluster = requireCluster(check);
  if (check.deployable) return cluster;
  throw new HastackError({
    code: 'refused',
    message: `this version cannot deploy the preset of ${cluster.name} yet`,
    hint: 'hastack check says what is missing; the preset three-controllers can be deployed',
  });
}

function runRule(rule: SpecRule, input: RuleInput, parsed: ParsedSpec): readonly Finding[] {
  return rule.check(input).map((hit) => findingOf(rule, hit, parsed));
}

function findingOf(rule: SpecRule, hit: Hit, { locate }: ParsedSpec): Finding {
  return {
    rule: rule.id,
    severity: hit.severity ?? rule.severity,
    impact: hit.impact ?? rule.impact,
    message: hit.message,
    at: hit.on === 'key' ? locate.key(hit.path) : locate.value(hit.path),
    ...(hit.host === undefined ? {} : { host: hit.host }),
    remediation: hit.remediation,
    source: rule.source,
  };
}

function undecidedOf(parsed: ParsedSpec): readonly Undecided[] {
  // One line instead of one per rule when the file could not be read at all.
  if (parsed.sound.size === 0) return [{ rule: 'spec.*', missing: 'a file that can be read' }];
  return SPEC_RULES.flatMap((rule) => {
    const unsound = unsoundOf(rule, parsed);
    return unsound.length === 0 ? [] : [{ rule: rule.id, missing: `${unsound.join(', ')} without errors` }];
  });
}

function unsoundOf(rule: SpecRule, parsed: ParsedSpec): readonly Section[] {
  return rule.reads.filter((section) => !parsed.sound.has(section));
}

function byPosition(a: Finding, b: Finding): number {
  return (a.at.line ?? 0) - (b.at.line ?? 0) || (a.at.column ?? 0) - (b.at.column ?? 0);
}
