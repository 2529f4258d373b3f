// The lines of a campaign, campaigns/NAME.jsonl, and the figures they add up to.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** A line cut short by a kill is left out: that run is made again. */
export function readLines(file) {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

export function counted(lines) {
  return lines.filter((line) => line.discarded === undefined);
}

/** Seconds, per probe, of the runs that count. */
export function figures(lines) {
  const good = counted(lines);
  const probes = [...new Set(good.flatMap((line) => Object.keys(line.measured)))];
  return probes.map((probe) => {
    const seconds = good.map((line) => line.measured[probe]).filter((value) => typeof value === 'number');
    return { probe, n: seconds.length, median: median(seconds), worst: Math.max(...seconds) };
  });
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
