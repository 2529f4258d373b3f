// Runs the rules over an estate: findings with their severity, what could not be decided, what was set aside.
//
// A finding is set aside by a comment on its line or the line above (`# hastack: ignore KA12 reason`), which needs a
// reason, or by a baseline: what was known before. A rule that throws is a bug and is not caught. Pure.
import type { Finding, FindingReport } from '../model/finding.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Estate } from './estate.ts';
import { lineOf } from './estate.ts';
import { EFFECTS, severityOf } from './rule.ts';
import type { Effect, Hit, Patch, Rule } from './rule.ts';

export interface AuditFinding extends Finding {
  readonly effect: Effect;
  readonly title: string;
  readonly patch?: Patch;
  /** Stays the same when lines move: what baselines are made of. */
  readonly fingerprint: string;
}

export interface SetAside {
  readonly finding: AuditFinding;
  readonly reason: string;
}

export interface AuditReport extends FindingReport {
  readonly findings: readonly AuditFinding[];
  readonly setAside: readonly SetAside[];
}

export interface AuditOptions {
  /** Fingerprints that are known. */
  readonly baseline?: ReadonlySet<string>;
  /** Rules whose findings are inherent to the shape that was chosen, with the reason. */
  readonly inherent?: Readonly<Record<string, string>>;
}

export function audit(estate: Estate, rules: readonly Rule[], options: AuditOptions = {}): AuditReport {
  const findings: AuditFinding[] = [];
  const setAside: SetAside[] = [];
  const undecided = new Map<string, { rule: string; missing: string }>();
  const seen = new Set<string>();
  for (const rule of rules) {
    for (const result of rule.evaluate(estate)) {
      if ('missing' in result) {
        undecided.set(`${rule.id} ${result.missing}`, { rule: rule.id, missing: result.missing });
        continue;
      }
      const finding = findingOf(estate, rule, result);
      const key = `${rule.id} ${result.at.file}:${result.at.line ?? 0}:${result.at.column ?? 0} ${result.message}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const reason =
        reasonToIgnore(estate, finding) ??
        options.inherent?.[rule.id] ??
        (options.baseline?.has(finding.fingerprint) === true ? 'in the baseline' : undefined);
      if (reason === undefined) findings.push(finding);
      else setAside.push({ finding, reason });
    }
  }
  return { findings: findings.toSorted(mostDangerousFirst), undecided: [...undecided.values()], setAside };
}

const SEVERITIES = ['critical', 'warning', 'info'];
const EFFECT_ORDER = Object.keys(EFFECTS);

function mostDangerousFirst(a: AuditFinding, b: AuditFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    EFFECT_ORDER.indexOf(a.effect) - EFFECT_ORDER.indexOf(b.effect) ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) ||
    (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : (a.at.line ?? 0) - (b.at.line ?? 0))
  );
}

function findingOf(estate: Estate, rule: Rule, { at, host, message, write, patch }: Hit): AuditFinding {
  const file = estate.files.find(({ path }) => path === at.file);
  const line = file === undefined || at.line === undefined ? '' : lineOf(file, at.line).trim();
  return {
    rule: rule.id,
    severity: severityOf(rule),
    impact: `${rule.letter}: ${rule.explanation}`,
    message,
    at,
    ...(host === undefined ? {} : { host }),
    remediation: write === undefined ? rule.remediation : `${write}\n(${rule.remediation})`,
    source: rule.source ?? 'judgement only: no source or drill proves it yet',
    effect: rule.effect,
    title: rule.title,
    ...(patch === undefined ? {} : { patch }),
    // The line's text, not its number; hashed, since it may hold a password.
    fingerprint: sha256Hex(`${rule.id}\0${file?.name ?? at.file}\0${host ?? ''}\0${line}`).slice(0, 32),
  };
}

function reasonToIgnore(estate: Estate, { rule, at }: AuditFinding): string | undefined {
  const file = estate.files.find(({ path }) => path === at.file);
  if (file === undefined || at.line === undefined) return undefined;
  for (const number of [at.line, at.line - 1]) {
    const text = number < 1 ? '' : lineOf(file, number);
    const match =
      /(?:#|!|;|\/\/|<!--)\s*hastack:\s*ignore\s+([A-Z]{2}\d\d(?:\s*,\s*[A-Z]{2}\d\d)*)\s+(\S.*?)(?:-->)?\s*$/.exec(
        text,
      );
    const onOwnLine = number === at.line || /^\s*(?:#|!|;|\/\/|<!--)/.test(text);
    if (match?.[2] !== undefined && onOwnLine && match[1]?.split(/\s*,\s*/).includes(rule) === true)
      return match[2].trim();
  }
  return undefined;
}
