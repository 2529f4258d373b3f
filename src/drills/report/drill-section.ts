// One drill in the report: verdict and reason, the timeline, predicted against measured, the ledger, the attempts.
import type { DrillResult, DrillVerdict, ProbeResult } from '../../model/drill.ts';
import { judgedSeconds } from '../verdict.ts';
import { count, duration, escape, milliseconds } from './markup.ts';
import { limitText, predictedText, rangeSvg } from './range-svg.ts';
import { timelineSvg } from './timeline-svg.ts';

const SIGNS: Readonly<Record<DrillVerdict, string>> = { pass: '✓', fail: '✗', inconclusive: '?', refused: '–' };

export function chip(verdict: DrillVerdict): string {
  return `<span class="chip ${verdict}">${SIGNS[verdict]} ${verdict}</span>`;
}

export function drillSection(drill: DrillResult): string {
  return [
    `<section class="card" id="${escape(drill.name)}" aria-labelledby="${escape(drill.name)}-heading">`,
    `<div class="title"><h2 id="${escape(drill.name)}-heading">${escape(drill.title)}</h2>${chip(drill.verdict)}</div>`,
    `<p class="reason">${escape(sentence(drill.reason))}</p>`,
    facts(drill),
    drill.probes.length === 0 ? '' : measured(drill),
    ledger(drill),
    attempts(drill),
    previous(drill),
    logs(drill),
    '</section>',
  ].join('\n');
}

function facts(drill: DrillResult): string {
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['Fault', drill.fault.kind],
    ['Target', drill.fault.target === '' ? undefined : drill.fault.target],
    ['VIP holder', drill.vipHolder],
    ['Galera writer', drill.writer],
    ['Service restored by', drill.probes.length === 0 ? undefined : drill.serviceRestoredBy],
    ['Part restored by', drill.probes.length === 0 ? undefined : drill.partRestoredBy],
    ['Healthy after the heal', drill.healSeconds === null ? undefined : duration(drill.healSeconds)],
    ['Took', duration(drill.seconds)],
  ];
  const items = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [`<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`],
  );
  return `<dl class="facts">${items.join('')}</dl>`;
}

function measured(drill: DrillResult): string {
  return [
    `<div class="scroll">${timelineSvg(drill)}</div>`,
    '<p class="legend">Latency per tenth of a second on a logarithmic scale: line = median, area = slowest. Red = requests failed, with the time away. In the small pictures below, the dashed line is the limit.</p>',
    '<h3>Predicted and measured</h3>',
    '<div class="scroll"><table><thead><tr><th scope="col">Probe</th><th scope="col">Away, longest</th><th scope="col">Predicted</th>',
    '<th scope="col">Limit</th><th scope="col"><span aria-hidden="true">Bar predicted, dot measured</span></th>',
    '<th scope="col" class="num">Away, in all</th><th scope="col" class="num">Requests</th><th scope="col" class="num">Failed</th>',
    '<th scope="col" class="num">Away, on return</th><th scope="col" class="num">Latency, p50</th></tr></thead><tbody>',
    ...drill.probes.map(probeRow),
    '</tbody></table></div>',
  ].join('\n');
}

function probeRow(probe: ProbeResult): string {
  const errors = Object.entries(probe.errors)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${escape(kind)} ${count(times)}`)
    .join(', ');
  return [
    `<tr><th scope="row">${escape(probe.name)}<small>${escape(probe.does)}, from ${escape(probe.vantage)}</small></th>`,
    `<td><strong>${duration(judgedSeconds(probe))}</strong></td><td>${predictedText(probe)}${outside(probe)}</td><td>${limitText(probe)}</td>`,
    `<td>${rangeSvg(probe)}</td><td class="num">${duration(probe.unavailableSeconds)}${degraded(probe)}</td>`,
    `<td class="num">${count(probe.requests)}</td><td class="num">${count(probe.failed)}<small>${errors}</small></td>`,
    `<td class="num">${duration(judgedSeconds({ ...probe.afterHeal, name: probe.name }))}<small>${count(probe.afterHeal.failed)} of ${count(probe.afterHeal.requests)} failed</small></td>`,
    `<td class="num">${milliseconds(probe.p50)}<small>p99 ${milliseconds(probe.p99)}</small><small>max ${milliseconds(probe.max)}</small></td></tr>`,
  ].join('');
}

/** Flagged: the failure model was wrong about this one. */
function outside({ outsidePrediction: side }: ProbeResult): string {
  if (side === undefined) return '';
  return `<small class="outside">${side === 'above' ? 'took longer' : 'took less'} than predicted</small>`;
}

/** Only worth a line where a part of the requests failed for longer than all of them did. */
function degraded(probe: ProbeResult): string {
  if (probe.degradedSeconds <= probe.measuredSeconds) return '';
  return `<small>failing for ${duration(probe.degradedSeconds)}</small>`;
}

function ledger(drill: DrillResult): string {
  const writes = drill.probes.find((probe) => probe.name === 'mariadb-set');
  const messages = drill.probes.find((probe) => probe.name === 'rabbitmq-publish');
  return [writes && rowsOf(drill, writes), messages && queue(messages)].filter((text) => text !== undefined).join('\n');
}

function queue(probe: ProbeResult): string {
  return [
    '<h3>Confirmed messages</h3>',
    `<p>${count(probe.acknowledgedWrites ?? 0)} messages were confirmed; <strong>${count(probe.lostWrites ?? 0)} are lost</strong>. `,
    `${count(probe.unknownWrites ?? 0)} were never confirmed (they may be there or not), ${count(probe.duplicates ?? 0)} came more than once.</p>`,
  ].join('\n');
}

function rowsOf(drill: DrillResult, writes: ProbeResult): string {
  const members = drill.members.map((member) => {
    const missing = member.missing === 0 ? 'all there' : `${member.missing} missing (${member.examples.join(', ')} …)`;
    return `<tr><th scope="row">${escape(member.host)}</th><td>${escape(missing)}</td></tr>`;
  });
  return [
    '<h3>Acknowledged writes</h3>',
    `<p>${count(writes.acknowledgedWrites ?? 0)} rows were acknowledged; <strong>${count(writes.lostWrites ?? 0)} are lost</strong>. `,
    `${count(writes.unknownWrites ?? 0)} writes got no answer (they may be there or not), ${count(writes.staleReads ?? 0)} reads were stale.</p>`,
    members.length === 0
      ? ''
      : `<table><thead><tr><th scope="col">Member</th><th scope="col">Rows looked for afterwards</th></tr></thead><tbody>${members.join('')}</tbody></table>`,
  ].join('\n');
}

function attempts(drill: DrillResult): string {
  if (drill.attempts.length < 2) return '';
  const rows = drill.attempts.map((attempt) => {
    const gap = attempt.controlGapSeconds === null ? '' : duration(attempt.controlGapSeconds);
    return `<tr><td>${attempt.attempt}</td><td>${chip(attempt.verdict)}</td><td class="num">${gap}</td><td class="wide">${escape(attempt.reason)}</td></tr>`;
  });
  return [
    `<h3>All ${drill.attempts.length} attempts</h3><div class="scroll"><table><thead><tr><th scope="col">No.</th><th scope="col">Verdict</th>`,
    `<th scope="col" class="num">Control gap</th><th scope="col">Reason</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  ].join('');
}

function previous({ previous: last }: DrillResult): string {
  if (last === undefined) return '';
  const when = last.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const worse =
    last.worse.length === 0
      ? '<p>Nothing got worse since.</p>'
      : `<ul>${last.worse.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
  return `<h3>Since the last time</h3><p>${escape(when)}, run ${escape(last.runId)}: ${chip(last.verdict)}</p>${worse}`;
}

/** Folded up: for whoever asks why. */
function logs(drill: DrillResult): string {
  const said = (drill.logs ?? []).filter(({ lines }) => lines.length > 0);
  return said
    .map(({ host, lines, cut }) => {
      const more = cut ? '\n… and more' : '';
      return `<details><summary>What the services on ${escape(host)} said</summary><pre><code>${escape(lines.join('\n') + more)}</code></pre></details>`;
    })
    .join('\n');
}

function sentence(text: string): string {
  // Names of probes stay as they are.
  const name = /^[a-z]+-[a-z]+\b/.test(text);
  return (name ? text : text.charAt(0).toUpperCase() + text.slice(1)) + (text.endsWith('.') ? '' : '.');
}
