// An audit for other programs and for browsers: SARIF 2.1.0, JUnit XML, one self-contained HTML file. Pure.
// Formats: https://docs.oasis-open.org/sarif/sarif/v2.1.0, https://github.com/testmoapp/junitxml
import { formatPosition } from '../../model/error.ts';
import type { Severity } from '../../model/finding.ts';
import { EFFECTS, severityOf } from '../rule.ts';
import type { Effect, Rule } from '../rule.ts';
import type { AuditFinding, AuditReport } from '../run.ts';

const LEVELS: Readonly<Record<Severity, string>> = { critical: 'error', warning: 'warning', info: 'note' };

export function sarifText(report: AuditReport, rules: readonly Rule[], version: string): string {
  const driver = {
    name: 'hastack',
    version,
    rules: rules.map((rule) => ({
      id: rule.id,
      shortDescription: { text: rule.title },
      fullDescription: { text: rule.explanation },
      help: { text: rule.remediation },
      defaultConfiguration: { level: LEVELS[severityOf(rule)] },
    })),
  };
  const all = [
    ...report.findings.map((finding) => sarifResult(finding, undefined)),
    ...report.setAside.map(({ finding, reason }) => sarifResult(finding, reason)),
  ];
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: all }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function junitText(report: AuditReport): string {
  const cases = report.findings.map((finding) => {
    const name = xml(`${finding.rule} ${formatPosition(finding.at)}`);
    const body = xml(`${finding.message}\n${finding.impact}\n${finding.remediation}`);
    const failure =
      finding.severity === 'info'
        ? `<system-out>${body}</system-out>`
        : `<failure type="${finding.severity}" message="${xml(finding.message)}">${body}</failure>`;
    return `    <testcase classname="${finding.rule}" name="${name}" file="${xml(finding.at.file)}" line="${finding.at.line ?? 1}">${failure}</testcase>`;
  });
  const failures = report.findings.filter(({ severity }) => severity !== 'info').length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="hastack audit" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

export function htmlText(report: AuditReport): string {
  const groups = (Object.keys(EFFECTS) as Effect[]).map((effect) => {
    const own = report.findings.filter((finding) => finding.effect === effect);
    return own.length === 0 ? '' : `<h2>${xml(EFFECTS[effect])}</h2>\n${own.map(htmlFinding).join('\n')}`;
  });
  const undecided = report.undecided.map(({ rule, missing }) => `<li>${rule}: needs ${xml(missing)}</li>`).join('');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>hastack audit</title><style>',
    'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}',
    'article{border-left:4px solid #888;padding:.2rem 1rem;margin:1rem 0}article.critical{border-color:#b3261e}',
    'article.warning{border-color:#b26a00}article.info{border-color:#2f6f9f}code,pre{font-family:ui-monospace,monospace}',
    'pre{background:#f4f5f7;padding:.5rem;white-space:pre-wrap}@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181c}pre{background:#22262b}}',
    '</style></head><body><h1>hastack audit</h1>',
    report.findings.length === 0 ? '<p>No findings.</p>' : '',
    ...groups,
    undecided === '' ? '' : `<h2>Not decided</h2><ul>${undecided}</ul>`,
    '</body></html>\n',
  ].join('\n');
}

function htmlFinding(finding: AuditFinding): string {
  return [
    `<article class="${finding.severity}"><h3>${finding.rule} ${xml(finding.title)}</h3>`,
    `<p><code>${xml(formatPosition(finding.at))}</code> ${finding.severity}: ${xml(finding.message)}</p>`,
    `<p>${xml(finding.impact.slice(3))}</p><pre>${xml(finding.remediation)}</pre><p><small>${xml(finding.source)}</small></p></article>`,
  ].join('\n');
}

function sarifResult(finding: AuditFinding, reason: string | undefined) {
  const { line, column } = finding.at;
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  const uri = finding.at.file.split('/').map(encodeURIComponent).join('/');
  return {
    ruleId: finding.rule,
    level: LEVELS[finding.severity],
    message: { text: `${finding.message}. ${finding.remediation}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
    partialFingerprints: { 'hastack/v1': finding.fingerprint },
    ...(reason === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: reason }] }),
  };
}

function xml(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
