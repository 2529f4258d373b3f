// How a deployment that changes nothing grows with the number of hosts: light twins (base system, certificates,
// firewall; every service left out by the spec, nothing special in the lab), 3, 10, 30, 100 of them. One lab that grows
// from size to size. Writes bench/results/growth.jsonl.
//   npm run build && node bench/growth.mjs [--sizes 3,10,30,100] [--runs 5] [--keep] [--label TEXT]
// Needs root and a quiet machine. For many twins the kernel's limit of inotify instances is too low: it is raised while
// the bench runs (printed) and set back. Sources: inotify(7) max_user_instances.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { desiredOf } from './lib/desired.mjs';
import { lightSpec } from './lib/light-spec.mjs';
import { applied, BenchLab, cleanOnSignal, workDirectory } from './lib/lab.mjs';
import { refuseIdlePriority } from './lib/machine.mjs';
import { Meter, twinsCpuSeconds } from './lib/measure.mjs';
import { median, series } from './lib/results.mjs';

const TWIN = { memoryMiB: 256, diskGiB: 1 };
const INOTIFY = '/proc/sys/fs/inotify/max_user_instances';
/** systemd and its daemons take 7 or 8 (counted in /proc/PID/fd). */
const INOTIFY_PER_TWIN = 10;
const THRESHOLD = { from: 10, to: 100, ratio: 12 };

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '3,10,30,100' },
    runs: { type: 'string', default: '5' },
    keep: { type: 'boolean', default: false },
    label: { type: 'string' },
  },
});

async function main() {
  refuseIdlePriority();
  const sizes = values.sizes.split(',').map(Number);
  const work = workDirectory('growth');
  const spec = join(work, 'cluster.yaml');
  const lab = new BenchLab({ spec, state: join(work, 'state') });
  const restore = raiseInotify(Math.max(...sizes));
  const meter = new Meter('hastack-bench-growth');
  cleanOnSignal(() => {
    meter.end();
    if (!values.keep) lab.down();
    restore();
  });
  const record = series('growth', { command: `node bench/growth.mjs ${process.argv.slice(2).join(' ')}`.trim() });
  const medians = {};
  try {
    for (const size of sizes) {
      writeFileSync(spec, lightSpec(size));
      if (size === sizes[0]) lab.down();
      medians[size] = await atSize(size, { lab, meter, record });
    }
    summarise(medians, record);
  } finally {
    await meter.close();
    if (!values.keep) lab.down();
    restore();
  }
}

async function atSize(size, { lab, meter, record }) {
  const bootStarted = performance.now();
  lab.up(TWIN);
  const bootSeconds = (performance.now() - bootStarted) / 1000;
  const first = applied(await meter.run(await lab.apply()));
  const memory = await noop({ lab, meter }, true);
  const twins = { ...(await twinsMemory(lab)), bootSeconds, firstApplySeconds: first.seconds };
  const resources = await resourcesPerHost(lab);
  record({ kind: 'memory', label: values.label, size, resources, twins, ...memory });
  console.log(
    `${size} hosts, ${resources} resources each, ${twins.perTwinMiB.toFixed(0)} MiB a twin; up in ${bootSeconds.toFixed(0)} s, first apply ${first.seconds.toFixed(0)} s, hastack ${memory.peakMiB.toFixed(0)} MiB`,
  );
  const runs = [];
  for (let round = 1; round <= Number(values.runs); round += 1) {
    const run = await noop({ lab, meter }, false);
    runs.push(run);
    record({ kind: 'run', size, round, ...run });
  }
  const middle = (key) => median(runs.map((run) => run[key]));
  const found = { seconds: middle('seconds'), cpuSeconds: middle('cpuSeconds') };
  console.log(`${size} hosts: ${found.seconds.toFixed(2)} s, ${found.cpuSeconds.toFixed(2)} s CPU (medians)`);
  return found;
}

async function noop({ lab, meter }, memory) {
  const group = await lab.cgroup();
  const before = twinsCpuSeconds(group);
  const run = await meter.run(await lab.apply(), { memory });
  const hostsCpuSeconds = twinsCpuSeconds(group) - before;
  const { changed } = applied(run);
  if (changed !== 0) throw new Error(`void: ${changed} changes in a run that should change nothing\n${run.stdout}`);
  const { seconds, cpuSeconds, peakMiB } = run;
  return { seconds, cpuSeconds, hostsCpuSeconds, ...(memory ? { peakMiB } : {}) };
}

async function resourcesPerHost(lab) {
  const { cluster, desired } = await desiredOf(lab);
  const name = cluster.hosts.at(-1)?.name ?? '';
  return desired.components
    .flatMap(({ steps }) => steps)
    .reduce((sum, step) => sum + (step.on === 'each' ? (step.resources.get(name)?.length ?? 0) : 0), 0);
}

/** As `lab status` shows it: without the page cache that the kernel could drop. */
async function twinsMemory(lab) {
  const { hosts } = lab.status();
  const total = hosts.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  return { totalMiB: total, perTwinMiB: total / hosts.length };
}

function summarise(medians, record) {
  const from = medians[THRESHOLD.from];
  const to = medians[THRESHOLD.to];
  const ratio = from === undefined || to === undefined ? undefined : to.seconds / from.seconds;
  const verdict = ratio === undefined ? {} : { ratio, threshold: THRESHOLD, passed: ratio <= THRESHOLD.ratio };
  record({ kind: 'summary', medians, ...verdict });
  if (ratio === undefined) return;
  console.log(`t(${THRESHOLD.to}) / t(${THRESHOLD.from}) = ${ratio.toFixed(1)} (at most ${THRESHOLD.ratio} wanted)`);
  process.exitCode = verdict.passed ? 0 : 1;
}

/** Returns what sets it back. */
function raiseInotify(twins) {
  const before = readFileSync(INOTIFY, 'utf8').trim();
  const needed = twins * INOTIFY_PER_TWIN + Number(before);
  if (twins * INOTIFY_PER_TWIN <= Number(before)) return () => undefined;
  console.log(`fs.inotify.max_user_instances: ${before} -> ${needed} while this runs`);
  writeFileSync(INOTIFY, String(needed));
  return () => writeFileSync(INOTIFY, before);
}

await main();
