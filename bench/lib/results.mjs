// Results as JSON lines in bench/results, one file per bench; the table in the documents is made from them by
// bench/table.mjs. Plus the small statistics that both need.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, machine, versions } from './machine.mjs';

const DIRECTORY = fileURLToPath(new URL('../results/', import.meta.url));

/** One series of measurements: every line carries the same start, machine and versions. */
export function series(bench, about = {}) {
  const head = { bench, series: new Date().toISOString(), machine: machine(), versions: versions(), ...about };
  return (line) => {
    mkdirSync(DIRECTORY, { recursive: true });
    const whole = { ...head, at: new Date().toISOString(), load: load(), ...line };
    appendFileSync(`${DIRECTORY}${bench}.jsonl`, `${JSON.stringify(whole)}\n`);
  };
}

/** The lines of the last series that has a summary; undefined: there is none. */
export function lastSeries(bench) {
  const file = `${DIRECTORY}${bench}.jsonl`;
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = lines.findLast(({ kind }) => kind === 'summary');
  return last === undefined ? undefined : lines.filter((line) => line.series === last.series);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
