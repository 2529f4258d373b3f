// What a result has to say of the machine and the versions it was measured with.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import process from 'node:process';

/** Field 41 of the line, counted from the third on. */
const POLICY_FIELD = 41 - 3;
const SCHED_IDLE = '5';

export function machine() {
  const [processor] = cpus();
  return {
    cores: cpus().length,
    processor: processor?.model.trim() ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    debian: readFileSync('/etc/debian_version', 'utf8').trim(),
  };
}

export function versions() {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return { hastack: version, commit: commit(), node: process.versions.node };
}

/**
 * At idle priority (SCHED_IDLE) every other process comes first, so that times mean nothing; twins inherit it, and
 * MariaDB does not start: Galera may not give its threads the ordinary priority. Source: proc_pid_stat(5), policy.
 * For a trial of what needs no Galera: HASTACK_BENCH_IDLE=1.
 */
export function refuseIdlePriority() {
  if (process.env.HASTACK_BENCH_IDLE === '1') return;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  if (fields[POLICY_FIELD] === SCHED_IDLE)
    throw new Error('this shell runs at idle priority (SCHED_IDLE): run the bench from another one, or by `chrt -o 0`');
}

/** Of the last minute; a busy machine spoils what is measured on it. */
export function load() {
  return loadavg()[0] ?? 0;
}

function commit() {
  try {
    const git = (...argv) =>
      execFileSync('git', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src') === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
