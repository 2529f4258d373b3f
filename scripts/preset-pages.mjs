// Writes docs/guide/presets/<name>.md from the simulation of each preset: its shape, what it survives, what it does
// not, and what is inherent to the shape. Needs a build (npm run build).
//   node scripts/preset-pages.mjs           writes them
//   node scripts/preset-pages.mjs --check   exit 1 when one is stale
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const load = (path) => import(new URL(`../dist/${path}`, import.meta.url));
const [{ checkSpec }, { initText }, { PRESETS }, { simulateCluster }, { cellText, minutesText, percent }] =
  await Promise.all([
    load('spec/check.js'),
    load('spec/init.js'),
    load('spec/presets/all.js'),
    load('phases/simulate.js'),
    load('render/simulation-words.js'),
  ]);

const FOR_WHOM = {
  'three-controllers': 'Most clouds: three servers for the control plane, compute hosts beside them as needed.',
  'two-node-drbd':
    'Two servers and a small third machine. Cheap, and everything that fails over is fenced and started again: half a minute, not seconds.',
  'load-balancer-pair':
    'Many users or strict networks: the balancers take the load and the exposure from the controllers.',
  'pacemaker-all': 'Instances that must run again elsewhere when their host dies, by people who know Pacemaker.',
  'split-plane': 'Two controllers only, and network hosts that are there anyway.',
  ceph: 'Images and volumes that survive the loss of any host.',
  'three-plus-2n': 'Maintenance without fear: one controller is away, another may still fail.',
};

const ROWS = ['host', 'isolated', 'nic', 'bond', 'disk', 'network', 'rack', 'power', 'external'];

function page(preset) {
  const { planned } = checkSpec(initText(preset.name, {}), `${preset.name}.yaml`);
  const report = simulateCluster(planned, { failures: 2 });
  return [
    `# ${preset.name}`,
    '',
    '<!-- Written by `node scripts/preset-pages.mjs` from the simulation; do not edit. -->',
    '',
    `${preset.title}. ${FOR_WHOM[preset.name] ?? ''}`,
    '',
    preset.deployable
      ? 'This version deploys its control plane.'
      : 'This version checks and simulates it; `apply` refuses it.',
    '',
    '## Shape',
    '',
    ...report.topology.hosts.map(
      ({ name, roles, domains }) =>
        `- ${name}: ${roles.join(', ')} (${Object.entries(domains)
          .map(([kind, value]) => `${kind} ${value}`)
          .join(', ')})`,
    ),
    ...report.topology.vips.map(
      ({ name, network, holders }) => `- VIP ${name} on ${network}: first on ${holders.join(', then ')}`,
    ),
    '',
    ...failureLines(report),
    ...weaknessLines(report),
    ...estimateLines(report),
  ].join('\n');
}

const line = (cells) => `| ${cells.join(' | ')} |`;

function failureLines(report) {
  const singles = report.scenarios.filter(({ failed }) => failed.length === 1);
  const shown = singles.filter(({ failed }) => ROWS.some((kind) => failed[0].startsWith(`${kind}/`)));
  const caps = report.capabilities;
  const label = ({ failed, count }) => `\`${failed[0]}\`${count > 1 ? ` and ${count - 1} more` : ''}`;
  return [
    '## What single failures cost',
    '',
    'A dot: nobody notices. Seconds: interrupted for about so long. Processes that die or freeze are in `hastack simulate`.',
    '',
    line(['fails', ...caps]),
    line(['---', ...caps.map(() => '---')]),
    ...shown.map((scenario) =>
      line([label(scenario), ...caps.map((capability) => cellText(scenario.capabilities[capability]))]),
    ),
    '',
  ];
}

function weaknessLines(report) {
  const pairs = report.cutSets.flatMap(({ capability, examples, count }) => {
    const both = examples.filter((each) => each.length === 2);
    if (both.length === 0) return [];
    const first = both.slice(0, 2).map((each) => `\`${each.join(' + ')}\``);
    return [
      `- ${capability}: ${count - examples.filter((each) => each.length === 1).length} pairs, for example ${first.join(', ')}`,
    ];
  });
  return [
    '## What takes something down alone',
    '',
    ...(report.singlePointsOfFailure.length === 0
      ? ['Nothing.']
      : report.singlePointsOfFailure.map(
          ({ element, capabilities }) => `- \`${element}\`: ${capabilities.join(', ')}`,
        )),
    '',
    '## What two failures take down that neither does alone',
    '',
    ...(pairs.length === 0 ? ['Nothing.'] : pairs),
    '',
    ...(report.brokenPromises.length === 0
      ? []
      : [
          '## Promises at risk',
          '',
          ...report.brokenPromises.map(({ message, remediation }) => `- ${message} ${remediation}`),
          '',
        ]),
    ...(report.capacity.length === 0
      ? []
      : [
          '## Room for the instances',
          '',
          ...report.capacity.map(
            ({ failed, left, computeHosts, fillAtMost }) =>
              `- without \`${failed}\`: ${left} of ${computeHosts} compute hosts${left === 0 ? '' : `; fill them to ${percent(fillAtMost)} at most`}`,
          ),
          '',
        ]),
  ];
}

function estimateLines(report) {
  const caps = report.capabilities;
  return [
    '## Expected time without it',
    '',
    line(['capability', 'per year', 'low to high']),
    line(['---', '---', '---']),
    ...caps.flatMap((capability) => {
      const each = report.availability[capability]?.minutesPerYear;
      return each === undefined
        ? []
        : [line([capability, minutesText(each.expected), `${minutesText(each.low)} to ${minutesText(each.high)}`])];
    }),
    '',
    ...(report.notOffered.length === 0
      ? []
      : [
          `Not judged: ${[...new Set(report.notOffered.map(({ why }) => why))]
            .map(
              (why) =>
                `${report.notOffered
                  .filter((each) => each.why === why)
                  .map(({ capability }) => capability)
                  .join(', ')} (${why})`,
            )
            .join('; ')}.`,
          '',
        ]),
  ];
}

const folder = new URL('../docs/guide/presets/', import.meta.url);
mkdirSync(folder, { recursive: true });
const stale = [];
for (const preset of PRESETS) {
  const file = new URL(`${preset.name}.md`, folder);
  const text = page(preset);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) stale.push(preset.name);
  else writeFileSync(file, text);
}
if (stale.length > 0) {
  console.error(
    `stale: ${stale.join(', ')}\nrun \`npm run build && node scripts/preset-pages.mjs\` and commit the result`,
  );
  process.exitCode = 1;
}
