// The failure matrix for a terminal: a row per class of single failures, a column per capability; then what takes
// something down alone, broken promises, pairs, the availability estimate and what it rests on.
import { plural, table } from '../lib/text.ts';
import type { Scenario, SimulationReport } from '../model/simulation.ts';
import { cellText, columnName, minutesText, percent } from './simulation-words.ts';
import type { Style } from './style.ts';

export function simulationText(report: SimulationReport, style: Style): string {
  const sections = [
    matrix(report, style),
    points(report, style),
    promises(report, style),
    pairs(report, style),
    estimate(report, style),
    capacity(report, style),
    assumptions(report, style),
    absent(report, style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** Names beyond this are cut: a row must fit a line. */
const LABEL = 40;

function matrix({ scenarios, capabilities, cluster, elements, examined }: SimulationReport, style: Style): string {
  const rows = scenarios.filter(({ failed }) => failed.length === 1).map((scenario) => row(scenario, capabilities));
  const head = ['fails', ...capabilities.map(columnName)];
  const [names = '', ...lines] = table([head, ...rows]).split('\n');
  return [
    style.bold(`${cluster}: ${plural(elements, 'thing')} can fail, ${plural(examined, 'failure')} looked at`),
    'What each single failure costs: · nobody notices, seconds: interrupted for about so long (hastack simulate --json: low and high).',
    '',
    style.bold(names),
    ...lines.map((line) => line.replaceAll(/(\d+(?:\.\d+)? % )?down/g, (cell) => style.red(cell))),
  ].join('\n');
}

function row({ failed, count, capabilities }: Scenario, all: SimulationReport['capabilities']): readonly string[] {
  const name = failed.join(' + ');
  const label = name.length > LABEL ? `${name.slice(0, LABEL - 1)}…` : name;
  return [count > 1 ? `${label} (${count})` : label, ...all.map((capability) => cellText(capabilities[capability]))];
}

function points({ singlePointsOfFailure: all }: SimulationReport, style: Style): string {
  if (all.length === 0) return style.green('No single failure takes anything down for everybody.');
  const rows = all.map(({ element, capabilities }) => [`  ${element}`, capabilities.join(', ')]);
  return `${style.bold('Single points of failure')}\n${table(rows)}`;
}

function promises({ brokenPromises: all }: SimulationReport, style: Style): string {
  if (all.length === 0) return '';
  const lines = all.map(({ severity, message, remediation }) => {
    const label = severity === 'critical' ? style.red('broken:') : style.yellow('at risk:');
    return `  ${label} ${message}\n    ${remediation}`;
  });
  return `${style.bold('Promises')}\n${lines.join('\n')}`;
}

const SHOWN_PAIRS = 12;

/** Only what two failures do together: most pairs do what the worse of the two does alone. */
function pairs({ cutSets, failures }: SimulationReport, style: Style): string {
  if (failures === 1) return '';
  const rows = cutSets.map(({ capability, examples, count }) => {
    const both = examples.filter((each) => each.length === 2);
    const alone = examples.filter((each) => each.length === 1).length;
    return { capability, both, count: count - alone };
  });
  const shown = rows.filter(({ count }) => count > 0);
  if (shown.length === 0) return 'No two failures take down what neither takes down alone.';
  const lines = shown.flatMap(({ capability, both, count }) => [
    `  ${capability}: ${plural(count, 'pair')}`,
    ...both.slice(0, Math.ceil(SHOWN_PAIRS / shown.length)).map((pair) => `    ${pair.join(' + ')}`),
  ]);
  return [style.bold('Two failures that together take down what neither does alone'), ...lines].join('\n');
}

function estimate({ availability, failures, capabilities }: SimulationReport, style: Style): string {
  const rows = capabilities.flatMap((capability) => {
    const each = availability[capability];
    if (each === undefined) return [];
    const { low, expected, high } = each.minutesPerYear;
    const most = each.contributors.map(({ what, minutes }) => `${what} ${minutesText(minutes)}`).join(', ');
    return [[`  ${capability}`, minutesText(expected), `${minutesText(low)} to ${minutesText(high)}`, most]];
  });
  const note = failures === 1 ? ' (single failures only; --failures 2 adds pairs)' : '';
  return [
    style.bold(`Without it per year${note}`),
    table([['', 'expected', 'low to high', 'most of it'], ...rows]),
  ].join('\n');
}

function capacity({ capacity: all }: SimulationReport, style: Style): string {
  if (all.length === 0) return '';
  const rows = all.map(({ failed, computeHosts, left, fillAtMost }) => [
    `  ${failed}`,
    `${left} of ${computeHosts} compute hosts left`,
    left === 0 ? 'nothing can hold the instances' : `fill them to ${percent(fillAtMost)} at most`,
  ]);
  return `${style.bold('Room for the instances after a failure (hosts of equal size)')}\n${table(rows)}`;
}

function assumptions({ assumptions: all }: SimulationReport, style: Style): string {
  const rows = all.map(({ name, value, unit, origin, meaning }) => [
    `  ${name}`,
    `${value.expected}${unit === '' ? '' : ` ${unit}`}`,
    `${value.low} to ${value.high}`,
    origin === 'spec' ? 'from the spec' : 'assumed',
    meaning,
  ]);
  return `${style.bold('Assumptions (availability.assumptions of the spec)')}\n${table(rows)}`;
}

function absent({ notOffered }: SimulationReport, style: Style): string {
  if (notOffered.length === 0) return '';
  const reasons = [...new Set(notOffered.map(({ why }) => why))].map((why) => {
    const names = notOffered.filter((each) => each.why === why).map(({ capability }) => capability);
    return `  ${names.join(', ')}: ${why}`;
  });
  return `${style.bold('Not judged, as nothing gives it')}\n${reasons.join('\n')}`;
}
