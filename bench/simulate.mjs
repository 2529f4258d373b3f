// How long all single failures and all pairs of a cluster take, against trying pairs one by one in the same run, and
// how it grows. Needs a build (npm run build). Prints a line per size; times are of this machine, ratios are not.
// Wall clock and CPU time: on a machine that does something else only the latter says anything. Memory is the largest
// that the process ever held.
//   node bench/simulate.mjs [LARGEST]      LARGEST: compute hosts of the largest cluster, default 1000
import process from 'node:process';

const built = new URL('../dist/', import.meta.url);
const load = (path) => import(new URL(path, built));
const [{ checkSpec }, { predictedFailures }, { COMPONENTS }, { Evaluator }, { simulate }, { bruteForce }] =
  await Promise.all([
    load('spec/check.js'),
    load('phases/predict.js'),
    load('components/registry.gen.js'),
    load('simulate/evaluator.js'),
    load('simulate/simulate.js'),
    load('simulate/testing/brute-force.js'),
  ]);

const SIZES = [
  { controllers: 3, computes: 20, racks: 4 },
  { controllers: 3, computes: 100, racks: 10 },
  { controllers: 5, computes: 400, racks: 20 },
  { controllers: 9, computes: 1000, racks: 40 },
];
const SAMPLE = 1000;

function spec({ controllers, computes, racks }) {
  let index = 0;
  const host = (name, roles, rack) => {
    index += 1;
    const tail = `${Math.floor(index / 250)}.${(index % 250) + 1}`;
    return `  ${name}: { roles: [${roles}], domains: { rack: r${rack}, power: ${'ab'[rack % 2]} }, addresses: { management: 10.0.${tail}, data: 10.1.${tail} } }`;
  };
  return [
    'cluster: bench',
    'preset: three-controllers',
    'networks:',
    '  management: { cidr: 10.0.0.0/16, interface: eno1 }',
    '  data: { cidr: 10.1.0.0/16, interface: bond0 }',
    '  external: { cidr: 203.0.113.0/24, zone: edge, interface: eno3, gateway: 203.0.113.1 }',
    'vips:',
    '  public: { network: management, address: 10.0.255.10 }',
    '  internal: { network: data, address: 10.1.255.10 }',
    'hosts:',
    ...Array.from({ length: controllers }, (_, at) => host(`ctl${at + 1}`, 'control, network', (at % racks) + 1)),
    ...Array.from({ length: computes }, (_, at) => host(`cmp${at + 1}`, 'compute', (at % racks) + 1)),
    '',
  ].join('\n');
}

/** Seconds that the plain evaluator needs for one pair, from a sample; its answers must be those of the fast one. */
function plainSeconds(model) {
  const rules = model.nodes
    .filter((node) => !node.id.startsWith('vip/'))
    .map((node) => ({ ...node.rule, id: node.id, title: node.title }));
  const plain = bruteForce(model.cluster, rules);
  const fast = new Evaluator(model);
  const pick = (at) => model.elements[(at * 7919) % model.elements.length];
  const pairs = Array.from({ length: model.elements.length > 2000 ? SAMPLE / 50 : SAMPLE }, (_, at) => [
    pick(at),
    pick(3 * at + 1),
  ]);
  const start = performance.now();
  const answers = pairs.map((pair) =>
    model.capabilities.map(({ capability }) =>
      plain(
        pair.map(({ name }) => name),
        capability,
      ),
    ),
  );
  const seconds = (performance.now() - start) / 1000 / pairs.length;
  pairs.forEach((pair, at) => {
    fast.effectsOf(pair).forEach((effect, index) => {
      const share = effect.loss?.share ?? 0;
      if (Math.abs(share - answers[at][index].share) > 1e-9)
        throw new Error(`disagreement about ${pair.map(({ name }) => name).join(' + ')}`);
    });
  });
  return seconds;
}

const largest = Number(process.argv[2] ?? 1000);
let before;
for (const size of SIZES.filter(({ computes }) => computes <= largest)) {
  const { planned } = checkSpec(spec(size), 'bench.yaml');
  const model = predictedFailures(planned, COMPONENTS);
  const start = performance.now();
  const cpu = process.cpuUsage();
  const report = simulate(model, { failures: 2 });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  // Before the plain evaluator takes its own.
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  const plain = plainSeconds(model) * report.examined;
  const growth =
    before === undefined
      ? ''
      : `, ${(report.examined / before.examined).toFixed(1)} times the failures in ${(seconds / before.seconds).toFixed(1)} times the time`;
  console.log(
    `${size.controllers} + ${size.computes} hosts, ${size.racks} racks: ${report.elements} things, ${report.examined} failures, ${report.scenarios.length} classes in ${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s CPU); one by one ${plain.toFixed(0)} s (${Math.round(plain / seconds)} times as long)${growth}; at most ${peakMiB} MiB`,
  );
  before = { examined: report.examined, seconds };
}
