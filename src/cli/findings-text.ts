// Findings for people: one paragraph each, the most severe first, with the position as editors understand it.
import { formatPosition } from '../model/error.ts';
import type { Finding, FindingReport, Severity, Undecided } from '../model/finding.ts';

interface DefaultLine {
  readonly path: string;
  readonly value: unknown;
  readonly why: string;
}

export function findingsText(
  report: FindingReport,
  options: { readonly color: boolean; readonly file: string },
): string {
  const { findings, undecided } = report;
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const paragraphs = sorted.map((finding) => findingText(finding, options.color));
  return [...paragraphs, ...undecidedTexts(undecided), summary(findings, options.file)].join('\n');
}

export function defaultsText(defaults: readonly DefaultLine[]): string {
  const lines = defaults.map(({ path, value, why }) => `${path}: ${JSON.stringify(value)}  # ${why}\n`);
  return `${lines.join('')}\n`;
}

const ORDER: readonly Severity[] = ['critical', 'warning', 'info'];
const COLORS: Readonly<Record<Severity, string>> = { critical: '1;31', warning: '33', info: '36' };

function findingText(finding: Finding, color: boolean): string {
  const severity = color ? `\u001B[${COLORS[finding.severity]}m${finding.severity}\u001B[0m` : finding.severity;
  const host = finding.host === undefined ? '' : ` (${finding.host})`;
  return [
    `${formatPosition(finding.at)}: ${severity}: ${finding.message}${host}`,
    ...(finding.impact === '' ? [] : [`  effect: ${finding.impact}`]),
    `  write:  ${finding.remediation.replaceAll('\n', '\n          ')}`,
    `  rule:   ${finding.rule} (${finding.source})`,
    '',
  ].join('\n');
}

/** One paragraph for each thing that is missing: a broken section leaves a dozen rules without their input. */
function undecidedTexts(undecided: readonly Undecided[]): readonly string[] {
  const missing = [...new Set(undecided.map((each) => each.missing))];
  return missing.map((what) => {
    const rules = undecided.filter((each) => each.missing === what).map((each) => each.rule);
    return `undecided, for want of ${what}: ${rules.join(', ')}\n`;
  });
}

function summary(findings: readonly Finding[], file: string): string {
  const counts = ORDER.map(
    (severity) => [severity, findings.filter((each) => each.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  return counts.length === 0 ? `${file}: no findings\n` : `${file}: ${counts.join(', ')}\n`;
}
