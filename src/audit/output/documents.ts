// An audit for other programs and for browsers: SARIF 2.1.0, JUnit XML, one self-contained HTML file. Pure.
// Formats: https://docs.oasis-open.org/sarif/sarif/v2.1.0, https://github.com/testmoapp/junitxml
import { escapeMarkup as xml, findingsPage } from '../../lib/markup.ts';
import { sarifDocument } from '../../lib/sarif.ts';
import { formatPosition } from '../../model/error.ts';
import { EFFECTS, severityOf } from '../rule.ts';
import type { Effect, Rule } from '../rule.ts';
import type { AuditFinding, AuditReport } from '../run.ts';

export function sarifText(report: AuditReport, rules: readonly Rule[], version: string): string {
  const results = [
    ...report.findings.map((finding) => ({ finding, fingerprint: finding.fingerprint })),
    ...report.setAside.map(({ finding, reason }) => ({ finding, fingerprint: finding.fingerprint, reason })),
  ];
  return sarifDocument({ rules: rules.map((rule) => ({ ...rule, severity: severityOf(rule) })), results, version });
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
  return findingsPage('hastack audit', [
    report.findings.length === 0 ? '<p>No findings.</p>' : '',
    ...groups,
    undecided === '' ? '' : `<h2>Not decided</h2><ul>${undecided}</ul>`,
  ]);
}

function htmlFinding(finding: AuditFinding): string {
  return [
    `<article class="${finding.severity}"><h3>${finding.rule} ${xml(finding.title)}</h3>`,
    `<p><code>${xml(formatPosition(finding.at))}</code> ${finding.severity}: ${xml(finding.message)}</p>`,
    `<p>${xml(finding.impact.slice(3))}</p><pre>${xml(finding.remediation)}</pre><p><small>${xml(finding.source)}</small></p></article>`,
  ].join('\n');
}
