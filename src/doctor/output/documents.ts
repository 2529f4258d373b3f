// A diagnosis for other programs and for browsers: JSON, SARIF, one self-contained HTML file. Pure.
import { sha256Hex } from '../../lib/hash.ts';
import { escapeMarkup, findingsPage } from '../../lib/markup.ts';
import { sarifDocument } from '../../lib/sarif.ts';
import { formatPosition } from '../../model/error.ts';
import type { DoctorReport } from '../diagnose.ts';
import { isoTime, sentence } from '../diagnose.ts';
import type { Episode } from '../episodes.ts';
import type { Incident } from '../incidents.ts';
import type { Signature } from '../signature.ts';

/** The keys are a contract: see schema.ts. */
export function jsonText(report: DoctorReport): string {
  const { findings, undecided, unexplained, noise, files, configuration } = report;
  const incidents = report.incidents.map(incidentJson);
  return `${JSON.stringify({ findings, undecided, incidents, unexplained, noise, configuration, files }, null, 2)}\n`;
}

function incidentJson({ id, severity, first, last, times, cause, story }: Incident) {
  return {
    id,
    severity,
    first: first === undefined ? null : isoTime(first),
    last: last === undefined ? null : isoTime(last),
    times: times.map(isoTime),
    cause: eventJson(cause),
    story: story.map(eventJson),
  };
}

function eventJson(episode: Episode) {
  const { signature, host, first, last, count, evidence } = episode;
  const [line] = evidence;
  return {
    rule: signature.id,
    severity: signature.severity,
    host: host ?? null,
    first: first === undefined ? null : isoTime(first),
    last: last === undefined ? null : isoTime(last),
    count,
    says: sentence(episode),
    at: line === undefined ? null : { file: line.file, line: line.line },
  };
}

export function sarifText(report: DoctorReport, signatures: readonly Signature[], version: string): string {
  const rules = signatures.map(({ id, title, meaning, now, severity }) => ({
    id,
    title,
    explanation: meaning,
    remediation: now.join('\n'),
    severity,
  }));
  const results = report.findings.map((finding) => ({
    finding,
    fingerprint: sha256Hex([finding.rule, finding.at.file, ...finding.hosts].join('\0')).slice(0, 32),
  }));
  return sarifDocument({ rules, results, version });
}

export function htmlText(report: DoctorReport): string {
  const unexplained = report.unexplained.map(
    ({ count, template, example }) =>
      `<li>${count} × <code>${escapeMarkup(template)}</code> <small>${escapeMarkup(formatPosition(example.at))}</small></li>`,
  );
  return findingsPage('hastack doctor', [
    report.incidents.length === 0 ? '<p>No incidents.</p>' : '',
    ...report.incidents.map((incident) => incidentHtml(incident, report)),
    unexplained.length === 0 ? '' : `<h2>Errors without explanation</h2><ul>${unexplained.join('')}</ul>`,
  ]);
}

function incidentHtml(incident: Incident, report: DoctorReport): string {
  const { id, cause, story, times, severity } = incident;
  const rows = story.map((episode) => {
    const time = episode.first === undefined ? '' : isoTime(episode.first);
    const text = escapeMarkup(`${time} ${episode.host ?? ''} ${sentence(episode)} (${episode.count})`);
    return `<li>${episode === cause ? `<strong>${text}</strong>` : text}</li>`;
  });
  const advice = report.findings
    .filter((finding) => finding.incident === id)
    .map((finding) => {
      const evidence = finding.evidence.slice(0, 3).map(({ at, text }) => `${formatPosition(at)}: ${text}`);
      return `<h3>${escapeMarkup(finding.rule)}: ${escapeMarkup(finding.title)}</h3><p>${escapeMarkup(finding.impact)}</p><pre>${escapeMarkup(finding.remediation)}</pre><pre>${escapeMarkup(evidence.join('\n'))}</pre><p><small>${escapeMarkup(finding.source)}</small></p>`;
    });
  const often = times.length < 2 ? '' : ` (${times.length} times)`;
  const head = escapeMarkup(`${cause.host === undefined ? '' : `${cause.host}: `}${sentence(cause)}${often}`);
  return `<article class="${severity}"><h2>${id}. ${head}</h2><ul>${rows.join('')}</ul>${advice.join('')}</article>`;
}
