// A deployment that changes nothing: `hastack apply` against an Ansible playbook that keeps the same files, packages
// and units on the same twins. Runs alternate; a run in which either of the two changes something is void and ends the
// bench. Memory is measured in a run more of each, because measuring it costs time. Writes bench/results/noop.jsonl.
//   npm run build && node bench/noop.mjs [--spec FILE] [--runs 5] [--keep] [--label TEXT]
//     --keep    leaves the lab up, and uses the one that a run with --keep left; otherwise it is made anew and removed
// Needs root, and a quiet machine: both sides share its processors with the twins.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { onControlNode, playbookCommand, prepareControlNode, recap } from './lib/control-node.mjs';
import { exportForAnsible, NOT_CHECKED } from './lib/desired.mjs';
import { applied, BenchLab, cleanOnSignal, workDirectory } from './lib/lab.mjs';
import { refuseIdlePriority } from './lib/machine.mjs';
import { Meter, twinsCpuSeconds } from './lib/measure.mjs';
import { median, series } from './lib/results.mjs';

const TWIN = { memoryMiB: 3072, diskGiB: 8 };
const IDLE_SECONDS = 10;
const THRESHOLD = 10;

const { values } = parseArgs({
  options: {
    spec: { type: 'string', default: 'examples/three-controllers.yaml' },
    runs: { type: 'string', default: '5' },
    keep: { type: 'boolean', default: false },
    label: { type: 'string' },
  },
});

async function main() {
  refuseIdlePriority();
  const work = workDirectory('noop');
  const spec = join(work, 'cluster.yaml');
  // A name of its own: the lab of the spec's own cluster may be up as well.
  writeFileSync(spec, readFileSync(values.spec, 'utf8').replace(/^cluster: .*$/m, 'cluster: bench-noop'));
  const lab = new BenchLab({ spec, state: join(work, 'state') });
  const inventory = join(work, 'inventory');
  prepareControlNode();
  if (!values.keep) lab.down();
  const meter = new Meter('hastack-bench-noop');
  cleanOnSignal(() => {
    meter.end();
    if (!values.keep) lab.down();
  });
  try {
    lab.up(TWIN);
    await measure({ lab, meter, inventory });
  } finally {
    await meter.close();
    if (!values.keep) lab.down();
  }
}

async function measure({ lab, meter, inventory }) {
  const first = applied(await meter.run(await lab.apply()));
  console.log(`hastack: ${first.changed} changes in the first run`);
  const counts = await exportForAnsible(lab, inventory);
  const ansible = await ansibleOn(lab, { meter, inventory, hosts: counts.hosts });
  const { tasks, version } = ansible;
  const record = series('noop', {
    spec: values.spec,
    command: `node bench/noop.mjs ${process.argv.slice(2).join(' ')}`,
  });
  record({ kind: 'what', label: values.label, counts, notChecked: NOT_CHECKED, ansible: { tasks, version } });
  console.log(`on ${counts.hosts} hosts, resources of hastack: ${list(counts.hastack)}`);
  console.log(`of these in ${tasks} tasks of Ansible: ${list(counts.ansible)}`);
  const sides = {
    hastack: async (how) => ({ run: await meter.run(await lab.apply(), how), changes: (run) => applied(run).changed }),
    ansible: async (how) => ({ run: await meter.run(await ansible.play(), how), changes: (run) => recap(run).changed }),
  };
  const idle = await idleRate(lab);
  // The first run of each warms caches and connections, and measures memory.
  for (const side of Object.keys(sides)) record({ kind: 'memory', side, ...(await once(sides[side], lab, true)) });
  const runs = { hastack: [], ansible: [] };
  for (let round = 1; round <= Number(values.runs); round += 1) {
    for (const side of Object.keys(sides)) {
      const run = await once(sides[side], lab, false);
      runs[side].push(run);
      record({ kind: 'run', side, round, idleCpuPerSecond: idle, ...run });
      console.log(`${round} ${side}: ${run.seconds.toFixed(2)} s, ${run.cpuSeconds.toFixed(2)} s CPU`);
    }
  }
  summarise(runs, record);
}

/** One run that must change nothing. Processor time of the hosts includes what their services do meanwhile. */
async function once(side, lab, memory) {
  const group = await lab.cgroup();
  const before = twinsCpuSeconds(group);
  const { run, changes } = await side({ memory });
  const hostsCpuSeconds = twinsCpuSeconds(group) - before;
  const changed = changes(run);
  if (changed !== 0) throw new Error(`void: ${changed} changes in a run that should change nothing\n${run.stdout}`);
  const { seconds, cpuSeconds, peakMiB } = run;
  return { seconds, cpuSeconds, hostsCpuSeconds, ...(memory ? { peakMiB } : {}) };
}

async function ansibleOn(lab, { meter, inventory, hosts }) {
  const play = async (name, more = []) => lab.inside(onControlNode(inventory, playbookCommand(name, { hosts, more })));
  const lint = await meter.run(onControlNode(inventory, ['ansible-lint', '--nocolor', '--strict']));
  if (lint.code !== 0) throw new Error(`ansible-lint: ${lint.stdout}${lint.stderr}`);
  console.log(`ansible-lint: ${lint.stderr.trim().split('\n').at(-1)}`);
  recap(await meter.run(await play('prepare.yml')));
  const first = recap(await meter.run(await play('site.yml', ['--diff'])));
  console.log(`ansible: ${first.changed} changes in the first run`);
  const listed = await meter.run(await play('site.yml', ['--list-tasks']));
  const about = await meter.run(onControlNode(inventory, ['ansible', '--version']));
  return {
    play: async () => play('site.yml'),
    tasks: [...listed.stdout.matchAll(/^ {6}\S/gm)].length,
    version: /\[core ([^\]]+)\]/.exec(about.stdout)?.[1] ?? 'unknown',
  };
}

/** Processor seconds per second that the twins use when nobody deploys. */
async function idleRate(lab) {
  const group = await lab.cgroup();
  const before = twinsCpuSeconds(group);
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
  return ((twinsCpuSeconds(group) - before) * 1000) / (performance.now() - started);
}

function summarise(runs, record) {
  const middle = (side, key) => median(runs[side].map((run) => run[key]));
  const ratio = middle('ansible', 'seconds') / middle('hastack', 'seconds');
  const medians = Object.fromEntries(
    Object.keys(runs).map((side) => [
      side,
      { seconds: middle(side, 'seconds'), cpuSeconds: middle(side, 'cpuSeconds') },
    ]),
  );
  record({ kind: 'summary', medians, ratio, threshold: THRESHOLD, passed: ratio >= THRESHOLD });
  console.log(
    `medians: hastack ${medians.hastack.seconds.toFixed(2)} s, Ansible ${medians.ansible.seconds.toFixed(2)} s, ratio ${ratio.toFixed(1)} (at least ${THRESHOLD} wanted)`,
  );
  process.exitCode = ratio >= THRESHOLD ? 0 : 1;
}

function list(counts) {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

await main();
