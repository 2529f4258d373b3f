// What a result has to say of the machine and the versions it was measured with.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import process from 'node:process';

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
