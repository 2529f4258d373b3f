// The failure matrix as one page: nothing is fetched, everything is inside. Without scripts it shows the map, the
// matrix with the reason of every cell, points of failure, promises and the estimate; with scripts a click, or Enter,
// on a part of the map or a row fails it and shows what it costs users. Light, dark and print by the reader's setting.
import { formatDuration } from '../lib/text.ts';
import type { Capability } from '../model/capability.ts';
import type { Because, CapabilityEffect, Scenario, SimulationReport } from '../model/simulation.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './simulation-page.ts';
import { escape, simulationMap } from './simulation-map.ts';
import { cellText, MEANING, minutesText, percent } from './simulation-words.ts';

export function simulationHtml(report: SimulationReport): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Failure matrix of ${escape(report.cluster)}</title><style>${PAGE_STYLE}</style></head><body>`,
    header(report),
    '<main class="wrap">',
    live(report),
    matrix(report),
    points(report),
    promises(report),
    cuts(report),
    estimate(report),
    capacity(report),
    '</main>',
    `<script type="application/json" id="data">${json(data(report))}</script><script>${PAGE_SCRIPT}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

function header({ cluster, examined, elements, singlePointsOfFailure: alone }: SimulationReport): string {
  const verdict =
    alone.length === 0
      ? 'No single failure takes anything down for everybody.'
      : `${alone.length} of ${elements} things take something down alone.`;
  return `<header><div class="wrap"><p class="kicker">hastack simulate</p><h1>What every failure of ${escape(cluster)} costs</h1><p>${verdict} ${examined.toLocaleString('en')} failures looked at.</p></div></header>`;
}

function live(report: SimulationReport): string {
  const tiles = report.capabilities.map(
    (capability) =>
      `<li data-capability="${capability}" class="tile unaffected"><b>${capability}</b><span class="meaning">${escape(MEANING[capability])}</span><span class="state">unaffected</span></li>`,
  );
  return [
    '<section class="card" aria-labelledby="map-title"><h2 id="map-title">Fail something</h2>',
    '<p class="muted">Choose a host, rack or network on the map (click, or Tab and Enter), or anything from the list; choose a second one to fail both.</p>',
    '<div class="controls"><label>Fails <select id="pick"><option value="">choose…</option></select></label><button type="button" id="clear">Heal everything</button></div>',
    '<p id="failed" role="status" aria-live="polite">Nothing has failed.</p>',
    `<ul class="tiles" id="tiles">${tiles.join('')}</ul><div id="why"></div>`,
    `<div class="scroll">${simulationMap(report, { standalone: false })}</div></section>`,
  ].join('\n');
}

function matrix({ scenarios, capabilities }: SimulationReport): string {
  const singles = scenarios.filter(({ failed }) => failed.length === 1);
  const head = capabilities.map(
    (capability) => `<th scope="col"><abbr title="${escape(MEANING[capability])}">${capability}</abbr></th>`,
  );
  const rows = singles.map((scenario) => matrixRow(scenario, capabilities));
  return [
    '<section class="card" aria-labelledby="matrix-title"><h2 id="matrix-title">Single failures</h2>',
    '<p class="muted">Failures with the same effect share a row. A cell opens to say why; seconds are what is expected.</p>',
    `<div class="scroll"><table class="matrix"><thead><tr><th scope="col">fails</th>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`,
  ].join('\n');
}

function matrixRow({ failed, count, members, capabilities }: Scenario, all: readonly Capability[]): string {
  const name = failed.join(' + ');
  const others = members.slice(1).map((member) => member.join(' + '));
  const more =
    count > 1 ? `<details><summary>and ${count - 1} more</summary>${others.map(escape).join('<br>')}</details>` : '';
  const cells = all.map((capability) => cell(capabilities[capability]));
  return `<tr><th scope="row"><button type="button" class="fail" data-fail="${escape(name)}">${escape(name)}</button>${more}</th>${cells.join('')}</tr>`;
}

function cell(effect: CapabilityEffect | undefined): string {
  if (effect === undefined || effect.state === 'unaffected')
    return '<td class="unaffected"><span class="quiet">ok</span></td>';
  return `<td class="${heat(effect)}"><details><summary>${escape(cellText(effect))}</summary>${why(effect)}</details></td>`;
}

/** Seconds a user hardly notices, those who wait notice, those who give up. */
function heat({ state, seconds, part }: CapabilityEffect): string {
  if (state === 'down') return part === undefined ? 'down' : 'part';
  if (seconds.expected < 1) return 'blink';
  return seconds.expected < 10 ? 'short' : 'long';
}

function why(effect: CapabilityEffect): string {
  const terms = effect.because.map(
    (each) => `<li>${escape(each.name)}${amount(each)}<small>${escape(each.source)}</small></li>`,
  );
  const { low, expected, high } = effect.seconds;
  const sum =
    effect.state === 'down'
      ? `Down until repaired: about ${formatDuration(expected)}.`
      : `${formatDuration(low)} at best, ${formatDuration(expected)} expected, ${formatDuration(high)} at worst.`;
  const part =
    effect.part === undefined ? '' : `<p>Hit: ${escape(effect.part.what)} (${percent(effect.part.share)} of all).</p>`;
  const improve = effect.improve === undefined ? '' : `<p class="improve">Helps most: ${escape(effect.improve)}</p>`;
  return `<div class="why">${part}<p>${sum}</p><ol>${terms.join('')}</ol>${improve}</div>`;
}

function amount({ explains, seconds }: Because): string {
  if (explains === 'down') return '';
  return explains === 'worst' ? `: up to ${formatDuration(seconds.high)}` : `: ${formatDuration(seconds.expected)}`;
}

function points({ singlePointsOfFailure: all }: SimulationReport): string {
  if (all.length === 0) return '';
  const rows = all.map(
    ({ element, capabilities }) =>
      `<tr><th scope="row">${escape(element)}</th><td>${capabilities.join(', ')}</td></tr>`,
  );
  return table('Single points of failure', ['Thing', 'Takes down'], rows);
}

function promises({ brokenPromises: all }: SimulationReport): string {
  const rows = all.map(
    ({ severity, message, remediation }) =>
      `<tr><th scope="row"><span class="chip ${severity}">${severity === 'critical' ? 'broken' : 'at risk'}</span></th><td>${escape(message)}<small>${escape(remediation)}</small></td></tr>`,
  );
  return rows.length === 0 ? '' : table('Promises of the spec', ['', 'What is not kept, and what to add'], rows);
}

function cuts({ cutSets, failures }: SimulationReport): string {
  if (failures === 1) return '';
  const rows = cutSets.flatMap(({ capability, examples, count }) => {
    const both = examples.filter((each) => each.length === 2).slice(0, 5);
    const alone = examples.filter((each) => each.length === 1).length;
    if (both.length === 0) return [];
    return [
      `<tr><th scope="row">${capability}</th><td>${(count - alone).toLocaleString('en')}</td><td>${both.map((each) => escape(each.join(' + '))).join('<br>')}</td></tr>`,
    ];
  });
  return table(
    'Two failures that together take down what neither does alone',
    ['Capability', 'Pairs', 'For example'],
    rows,
  );
}

function estimate({ availability, assumptions, capabilities }: SimulationReport): string {
  const rows = capabilities.flatMap((capability) => {
    const each = availability[capability];
    if (each === undefined) return [];
    const { low, expected, high } = each.minutesPerYear;
    const most = each.contributors.map(({ what, minutes }) => `${what} ${minutesText(minutes)}`).join(', ');
    return [
      `<tr><th scope="row">${capability}</th><td>${minutesText(expected)}</td><td>${minutesText(low)} to ${minutesText(high)}</td><td class="wide">${escape(most)}</td></tr>`,
    ];
  });
  const figures = assumptions.map(
    ({ name, value, unit, origin, meaning }) =>
      `<tr><th scope="row"><code>${name}</code></th><td>${value.expected} ${unit}</td><td>${value.low} to ${value.high}</td><td>${origin === 'spec' ? 'from the spec' : 'assumed'}</td><td class="wide">${escape(meaning)}</td></tr>`,
  );
  return [
    table('Without it per year', ['Capability', 'Expected', 'Low to high', 'Most of it'], rows),
    table('What the estimate rests on', ['Assumption', 'Value', 'Low to high', 'Origin', 'Meaning'], figures),
  ].join('\n');
}

function capacity({ capacity: all }: SimulationReport): string {
  const rows = all.map(
    ({ failed, computeHosts, left, fillAtMost }) =>
      `<tr><th scope="row">${escape(failed)}</th><td>${left} of ${computeHosts}</td><td>${left === 0 ? 'nothing can hold the instances' : `fill them to ${percent(fillAtMost)} at most`}</td></tr>`,
  );
  return rows.length === 0
    ? ''
    : table('Room for the instances after a failure', ['Largest failure', 'Compute hosts left', 'So'], rows);
}

function table(title: string, head: readonly string[], rows: readonly string[]): string {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return `<section class="card" aria-labelledby="${id}"><h2 id="${id}">${escape(title)}</h2><div class="scroll"><table><thead><tr>${head.map((each) => `<th scope="col">${each}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

/** What the script needs: every named failure with its states, each distinct state once. */
function data({ scenarios, capabilities }: SimulationReport) {
  const states: { readonly heat: string; readonly text: string; readonly why: string }[] = [];
  const known = new Map<string, number>();
  const indexOf = (effect: CapabilityEffect | undefined): number => {
    if (effect === undefined || effect.state === 'unaffected') return -1;
    const state = { heat: heat(effect), text: stateText(effect), why: why(effect) };
    const key = `${state.heat} ${state.text} ${state.why}`;
    const index = known.get(key) ?? states.push(state) - 1;
    known.set(key, index);
    return index;
  };
  const indexed = scenarios.map((scenario) => ({
    members: scenario.members.map((member) => member.join(' + ')),
    states: capabilities.map((capability) => indexOf(scenario.capabilities[capability])),
  }));
  return { capabilities, states, scenarios: indexed };
}

function stateText(effect: CapabilityEffect): string {
  if (effect.state === 'interrupted') return `interrupted for about ${formatDuration(effect.seconds.expected)}`;
  return effect.part === undefined ? 'down' : `down for ${percent(effect.part.share)}: ${effect.part.what}`;
}

/** A closing script tag inside a text would end the element. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
