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

/** What comes with the shape: no option of a spec of this shape takes it away. */
const INHERENT = {
  'three-controllers': [
    'Two of the three controllers must live: losing any two stops everything that is asked of the control plane.',
    'One database member takes the writes: when it dies, commits wait for its eviction, whoever else lives.',
    'With two power feeds one of them feeds two controllers; a third feed, or hosts with two supplies, changes that.',
  ],
  'two-node-drbd': [
    'Whatever is active runs on one server: its loss is half a minute of starting things elsewhere, never a moment.',
    'Nothing is started elsewhere before the lost server is known to be off: what takes its board with it (rack, feed) stops the cluster.',
    'The quorum device is the third vote: without it the pair survives one failure and cannot tell a dead peer from a cut wire.',
  ],
  'load-balancer-pair': [
    'Everything comes through two hosts: both balancers away is all away, however many controllers live.',
    'Two of the three controllers must live.',
  ],
  'pacemaker-all': [
    'Fencing comes before every take-over: seconds of Corosync and of the board are added to each failure of a host.',
    'A rack or feed that takes the boards with it stops what would have to be fenced.',
    'An instance is started elsewhere only when its host is known to be off.',
  ],
  'split-plane': [
    'Two of the three members are on controllers: both controllers away is the database away.',
    'A network host carries a member as well as traffic: one failure hits both planes.',
  ],
  ceph: [
    'Three copies on three hosts, two needed to write: any two storage hosts away stop all disks.',
    'Every write waits for the network of the storage hosts: it is one thing that fails.',
  ],
  'three-plus-2n': [
    'Five controllers survive two; the networks, and with two power feeds one of them, are still shared by a majority.',
  ],
};

const KINDS = {
  host: 'a host without power',
  isolated: 'a host without any network',
  nic: 'an interface',
  disk: 'a disk',
  process: 'a process that dies',
  frozen: 'a process that hangs',
  rack: 'a rack',
  power: 'a power feed',
  network: 'a whole network',
  external: 'something outside',
};

const ROWS = ['host', 'isolated', 'nic', 'bond', 'disk', 'network', 'rack', 'power', 'external'];

function page(preset) {
  const { planned } = checkSpec(initText(preset.name, {}), `${preset.name}.yaml`);
  const report = simulateCluster(planned, { failures: 2, all: true });
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
    ...survivedLines(report),
    ...failureLines(report),
    ...weaknessLines(report),
    ...inherentLines(preset),
    ...estimateLines(report),
    ...auditLines(preset),
  ].join('\n');
}

/** What the audit says of the files that hastack writes for it, and why it stays. */
function auditLines({ inherent = {} }) {
  const rules = Object.entries(inherent);
  if (rules.length === 0) return [];
  return [
    '## What `hastack audit` says of it',
    '',
    ...rules.map(([rule, reason]) => `- [${rule}](../../reference/rules/${rule}.md): ${reason}`),
    '',
  ];
}

const line = (cells) => `| ${cells.join(' | ')} |`;

function failureLines(report) {
  const singles = report.scenarios.filter(({ failed }) => failed.length === 1);
  const felt = singles.filter(({ capabilities }) =>
    Object.values(capabilities).some(({ state }) => state !== 'unaffected'),
  );
  const shown = felt.filter(({ failed }) => ROWS.some((kind) => failed[0].startsWith(`${kind}/`)));
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

/** `process/x/y/frozen` and `host/x/isolated` are kinds of their own. */
function kindOf(element) {
  const [kind, , third, fourth] = element.split('/');
  if (kind === 'host' && third === 'isolated') return 'isolated';
  return kind === 'process' && fourth === 'frozen' ? 'frozen' : kind;
}

/** For each kind of failure: how many take nothing down for anybody, and the longest that these interrupt. */
function survivedLines(report) {
  const singles = report.scenarios
    .filter(({ failed }) => failed.length === 1)
    .flatMap(({ members, capabilities }) => members.map(([element]) => ({ kind: kindOf(element), capabilities })));
  const lines = Object.entries(KINDS).flatMap(([kind, title]) => {
    const all = singles.filter((single) => single.kind === kind);
    const survived = all.filter(({ capabilities }) =>
      Object.values(capabilities).every(({ state }) => state !== 'down'),
    );
    if (survived.length === 0) return [];
    const worst = survived
      .flatMap(({ capabilities }) => Object.entries(capabilities))
      .filter(([, { state }]) => state === 'interrupted')
      .toSorted(([, a], [, b]) => b.seconds.expected - a.seconds.expected)[0];
    const which = survived.length === all.length ? `any of ${all.length}` : `${survived.length} of ${all.length}`;
    const cost = worst === undefined ? 'nobody notices' : `at worst ${worst[0]} for about ${cellText(worst[1])}`;
    return [`- ${title} (${which}): ${cost}`];
  });
  return ['## What it survives', '', 'Nothing goes down for anybody when this fails alone:', '', ...lines, ''];
}

function inherentLines(preset) {
  return ['## Inherent to the shape', '', ...INHERENT[preset.name].map((each) => `- ${each}`), ''];
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
    '## What it does not survive',
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
