// The drill report as one HTML file: no scripts, no assets, nothing fetched. Drawn from the JSON report alone.
import type { DrillReport, DrillResult } from '../../model/drill.ts';
import { judgedSeconds } from '../verdict.ts';
import { chip, drillSection } from './drill-section.ts';
import { count, duration, escape } from './markup.ts';
import { STYLE } from './style.ts';

export function htmlReport(report: DrillReport): string {
  const title = `Drills of ${report.cluster}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(title)}: ${escape(headline(report))}</title><style>${STYLE}</style></head><body>`,
    header(report),
    '<main class="wrap">',
    summary(report),
    ...report.drills.map(drillSection),
    surroundings(report),
    '</main>',
    footer(),
    '</body></html>',
    '',
  ].join('\n');
}

/** `All 4 drills passed`, `1 of 4 drills failed, 1 inconclusive` */
export function headline(report: DrillReport): string {
  const total = report.drills.length;
  const of = (verdict: DrillResult['verdict']): number =>
    report.drills.filter((drill) => drill.verdict === verdict).length;
  if (total === 0) return 'No drill was run';
  if (of('pass') === total) return total === 1 ? 'The drill passed' : `All ${total} drills passed`;
  const parts = [
    of('fail') > 0 ? `${of('fail')} of ${total} drills failed` : `${of('pass')} of ${total} drills passed`,
    of('inconclusive') > 0 ? `${of('inconclusive')} inconclusive` : '',
    of('refused') > 0 ? `${of('refused')} refused` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function header(report: DrillReport): string {
  const when = report.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const where = report.lab ? 'on twin hosts' : 'on the real hosts';
  return [
    '<header><div class="wrap">',
    `<p class="kicker">Drill report · ${escape(report.cluster)}</p><h1>${escape(headline(report))}</h1>`,
    `<p>${escape(when)}, ${where} · run ${escape(report.runId)}</p>`,
    '</div></header>',
  ].join('\n');
}

function summary(report: DrillReport): string {
  const rows = report.drills.map((drill) => {
    const worst = drill.probes.toSorted((a, b) => judgedSeconds(b) - judgedSeconds(a))[0];
    const writes = drill.probes.find((probe) => probe.lostWrites !== undefined);
    const away =
      worst === undefined
        ? ''
        : `<strong>${duration(judgedSeconds(worst))}</strong><small>${escape(worst.name)}</small>`;
    return [
      `<tr><th scope="row"><a href="#${escape(drill.name)}">${escape(drill.title)}</a><small>${escape(drill.fault.target)}</small></th>`,
      `<td>${chip(drill.verdict)}</td><td>${away}</td>`,
      `<td>${writes === undefined ? '' : `${count(writes.lostWrites ?? 0)} of ${count(writes.acknowledgedWrites ?? 0)}`}</td>`,
      `<td>${drill.probes.length === 0 ? '' : escape(drill.serviceRestoredBy)}</td>`,
      `<td class="num">${drill.healSeconds === null ? '' : duration(drill.healSeconds)}</td></tr>`,
    ].join('');
  });
  return [
    '<section class="card" aria-label="Summary"><div class="scroll"><table><thead><tr><th scope="col">Drill</th><th scope="col">Verdict</th>',
    '<th scope="col">Longest away</th><th scope="col">Writes lost</th><th scope="col">Service restored by</th><th scope="col" class="num">Healthy after</th></tr></thead>',
    `<tbody>${rows.join('')}</tbody></table></div></section>`,
  ].join('\n');
}

function surroundings(report: DrillReport): string {
  const versions = Object.entries(report.versions).map(
    ([name, version]) => `<tr><th scope="row">${escape(name)}</th><td><code>${escape(version)}</code></td></tr>`,
  );
  const differences = report.twinProfile.map(
    (twin) =>
      `<tr><th scope="row"><code>${escape(twin.option)}</code></th><td>${escape(twin.real)}</td><td>${escape(twin.twin)}</td><td>${escape(twin.reason)}</td></tr>`,
  );
  const tolerance =
    report.tolerance === 1
      ? ''
      : `<p class="muted">Limits and predictions were multiplied by ${report.tolerance}: this run judges order, loss and healing.</p>`;
  return [
    '<section class="card" aria-label="Surroundings"><h2>What this was measured on</h2>',
    tolerance,
    `<h3>To repeat it</h3><pre><code>${escape(report.command)}</code></pre>`,
    versions.length === 0 ? '' : `<h3>Versions</h3><table><tbody>${versions.join('')}</tbody></table>`,
    differences.length === 0
      ? ''
      : `<h3>Where twins differ from the real hosts</h3><div class="scroll"><table><thead><tr><th scope="col">Option</th><th scope="col">Real</th><th scope="col">Twin</th><th scope="col">Why</th></tr></thead><tbody>${differences.join('')}</tbody></table></div>`,
    '</section>',
  ].join('\n');
}

function footer(): string {
  return [
    '<footer class="wrap"><p>Requests are sent on schedule whatever is outstanding; an answer after the deadline counts as failed. ',
    '“Away, longest” is the longest interval between the send times of two successive successful requests, less one period; ',
    'for writes also the longest time without an acknowledgement. “Away, in all” is the sum of the intervals in which a request failed. ',
    'The control probe talks to an echo server that no fault touches: when it misses more than 100 ms or a third of the strictest limit, ',
    'the attempt proves nothing and is repeated.</p></footer>',
  ].join('');
}
