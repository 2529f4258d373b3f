// An audit for people: grouped by what happens to users, the most dangerous first; one paragraph per finding.
import { plural } from '../../lib/text.ts';
import { formatPosition } from '../../model/error.ts';
import type { Severity } from '../../model/finding.ts';
import { EFFECTS } from '../rule.ts';
import type { Effect } from '../rule.ts';
import type { AuditFinding, AuditReport } from '../run.ts';

export interface TextOptions {
  readonly color: boolean;
  readonly files: number;
  readonly verbose: boolean;
}

const COLORS: Readonly<Record<Severity, string>> = { critical: '1;31', warning: '33', info: '36' };
const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

export function auditText(report: AuditReport, options: TextOptions): string {
  const groups = (Object.keys(EFFECTS) as Effect[]).flatMap((effect) => {
    const own = report.findings.filter((finding) => finding.effect === effect);
    return own.length === 0 ? [] : [`${heading(EFFECTS[effect], options.color)}\n`, ...rulesOf(own, options)];
  });
  return [...groups, ...undecidedLines(report, options), summary(report, options)].join('\n');
}

/** One rule with all its places: a site with three hosts has most faults three times. */
function rulesOf(findings: readonly AuditFinding[], options: TextOptions): readonly string[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule);
    const [first] = own;
    if (first === undefined) return '';
    const severity = options.color ? `\u001B[${COLORS[first.severity]}m${first.severity}\u001B[0m` : first.severity;
    const writes = [...new Set(own.map(({ remediation }) => remediation))];
    return [
      `  ${rule} ${severity}: ${first.title}`,
      ...own.map(({ at, message }) => `    ${formatPosition(at)}: ${message}`),
      `    effect: ${first.impact.slice(3)}`,
      ...writes.map((text) => `    write:  ${text.replaceAll('\n', '\n            ')}`),
      `    source: ${first.source}`,
      '',
    ].join('\n');
  });
}

function undecidedLines({ undecided }: AuditReport, { verbose }: TextOptions): readonly string[] {
  if (undecided.length === 0) return [];
  if (!verbose) {
    const rules = new Set(undecided.map(({ rule }) => rule));
    return [`${plural(rules.size, 'rule')} could not be decided from these files (--verbose says what is missing)`];
  }
  const missing = [...new Set(undecided.map((each) => each.missing))];
  return missing.map((what) => {
    const rules = undecided.filter((each) => each.missing === what).map(({ rule }) => rule);
    return `undecided, for want of ${what}: ${[...new Set(rules)].join(', ')}`;
  });
}

function summary({ findings, setAside }: AuditReport, { files }: TextOptions): string {
  const counts = SEVERITIES.map(
    (severity) => [severity, findings.filter((each) => each.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const aside = setAside.length === 0 ? '' : ` (${setAside.length} set aside)`;
  return `${plural(files, 'file')}: ${counts.length === 0 ? 'no findings' : counts.join(', ')}${aside}\n`;
}

function heading(text: string, color: boolean): string {
  return color ? `\u001B[1m${text}\u001B[0m` : text;
}
