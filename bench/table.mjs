// Writes the tables of the benches into documents, between the marks `<!-- bench:NAME -->` and `<!-- /bench -->`, from
// the last complete series in bench/results. Never written by hand.
//   node bench/table.mjs [--check] [FILE...]     FILE: default bench/README.md and README.md
// Without results a table says so. --check writes nothing and fails when a document is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { lastSeries, median } from './lib/results.mjs';

const MARKED = /(?<=<!-- bench:(\w+) -->\n)[\s\S]*?(?=<!-- \/bench -->)/g;
const TABLES = { noop: noopTable, growth: growthTable };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });

function main() {
  const stale = [];
  for (const file of positionals.length > 0 ? positionals : ['bench/README.md', 'README.md']) {
    if (!existsSync(file)) continue;
    const before = readFileSync(file, 'utf8');
    const after = before.replaceAll(MARKED, (_old, name) => text(name));
    if (after === before) continue;
    if (values.check) stale.push(file);
    else writeFileSync(file, after);
  }
  if (stale.length === 0) return;
  console.error(`stale: ${stale.join(', ')}; run \`node bench/table.mjs\` and commit the result`);
  process.exitCode = 1;
}

function text(name) {
  const table = TABLES[name];
  if (table === undefined) throw new Error(`there is no table ${name}; there are ${Object.keys(TABLES).join(', ')}`);
  const lines = lastSeries(name);
  const content = lines === undefined ? ['Not measured yet.'] : table(lines);
  return `\n${content.join('\n')}\n\n`;
}

function noopTable(lines) {
  const [what] = lines.filter(({ kind }) => kind === 'what');
  const summary = lines.find(({ kind }) => kind === 'summary');
  const rows = [
    ['Ansible', 'ansible'],
    ['hastack', 'hastack'],
  ].map(([title, side]) => {
    const runs = lines.filter((line) => line.kind === 'run' && line.side === side);
    const memory = lines.find((line) => line.kind === 'memory' && line.side === side);
    const onHosts = runs.map((run) => Math.max(0, run.hostsCpuSeconds - run.idleCpuPerSecond * run.seconds));
    return row([
      title,
      seconds(median(runs.map((run) => run.seconds))),
      span(runs.map((run) => run.seconds)),
      seconds(median(runs.map((run) => run.cpuSeconds))),
      seconds(median(onHosts)),
      `${Math.round(memory.peakMiB)} MiB`,
      String(Object.values(what.counts[side]).reduce((sum, count) => sum + count, 0)),
    ]);
  });
  const { hosts } = what.counts;
  return [
    row(['', 'median', 'best to worst', 'CPU, deployer', 'CPU, hosts', 'peak memory', 'resources checked']),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...rows,
    '',
    `Ratio of the medians: **${summary.ratio.toFixed(1)}** (wanted: at least ${summary.threshold}). ${hosts} twins of \`${what.spec}\`, ${runsOf(lines)} runs of each in turn, nothing changed in any; ${what.ansible.tasks} tasks of ansible-core ${what.ansible.version}. ${where(what)}`,
  ];
}

function growthTable(lines) {
  const summary = lines.find(({ kind }) => kind === 'summary');
  const sizes = lines.filter(({ kind }) => kind === 'memory');
  const rows = sizes.map(({ size, peakMiB, twins }) => {
    const runs = lines.filter((line) => line.kind === 'run' && line.size === size);
    return row([
      String(size),
      seconds(median(runs.map((run) => run.seconds))),
      span(runs.map((run) => run.seconds)),
      seconds(median(runs.map((run) => run.cpuSeconds))),
      `${Math.round(peakMiB)} MiB`,
      `${Math.round(twins.perTwinMiB)} MiB`,
    ]);
  });
  const ratio =
    summary.ratio === undefined
      ? []
      : [
          `t(${summary.threshold.to}) / t(${summary.threshold.from}) = **${summary.ratio.toFixed(1)}** (wanted: at most ${summary.threshold.ratio}).`,
        ];
  return [
    row(['hosts', 'median', 'best to worst', 'CPU, deployer', 'peak memory', 'memory of a twin']),
    row(['--:', '--:', '--:', '--:', '--:', '--:']),
    ...rows,
    '',
    [...ratio, `${sizes.at(-1).resources} resources on each host. ${where(summary)}`].join(' '),
  ];
}

function where({ machine, versions, series }) {
  const memory = `${Math.round(machine.memoryMiB / 1024)} GiB`;
  return `Measured on ${series.slice(0, 10)}, ${machine.cores} cores (${machine.processor}) and ${memory} for deployer and twins together, hastack ${versions.hastack} (${versions.commit}), Node ${versions.node}.`;
}

function runsOf(lines) {
  return lines.filter((line) => line.kind === 'run' && line.side === 'hastack').length;
}

function seconds(value) {
  return `${value.toFixed(2)} s`;
}

function span(all) {
  return `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)} s`;
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

main();
