// The lab of a bench: twins of a spec, with state of their own below bench/work, reached by the built program.
// `up` goes on with what is there; whoever brings a lab up brings it down.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openLabAt, systemClock, systemRandom } from './built.mjs';
import { unifiedRoot } from './measure.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = join(ROOT, 'dist/main.js');

/** Where generated specs, states and inventories go; everything in it may be removed when no lab is up. */
export function workDirectory(...parts) {
  const directory = resolve(ROOT, 'bench/work', ...parts);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

export class BenchLab {
  constructor({ spec, state }) {
    this.spec = spec;
    this.state = state;
    this.directory = join(state, 'lab');
  }

  up({ memoryMiB, diskGiB }) {
    const sizes = ['--memory', String(memoryMiB), '--disk', String(diskGiB)];
    this.#hastack(['lab', 'up', '--state', this.state, ...sizes, this.spec]);
  }

  down() {
    if (!existsSync(this.state)) return;
    this.#hastack(['lab', 'down', '--state', this.state, this.spec]);
  }

  /** The lab as hastack knows it: cluster with the twin profile, names, paths. */
  async open() {
    return openLabAt(this.directory, { clock: systemClock, random: systemRandom });
  }

  /** A command line that runs in the lab's network namespace, as `--lab` does. */
  async inside(argv) {
    const { names } = await this.open();
    return ['nsenter', `--net=${names.netnsPath}`, ...argv];
  }

  async apply() {
    const argv = ['apply', '--yes', '--lab', '--json', '--state', this.state, this.spec];
    return this.inside([process.execPath, PROGRAM, ...argv]);
  }

  status() {
    const argv = [PROGRAM, 'lab', 'status', '--json', '--state', this.state, this.spec];
    return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' }));
  }

  async cgroup() {
    return join(unifiedRoot(), (await this.open()).names.cgroup);
  }

  #hastack(argv) {
    const { status } = spawnSync(process.execPath, [PROGRAM, ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`hastack ${argv.join(' ')} ended with status ${status}`);
  }
}

/** The last event of `apply --json`; throws what went wrong. */
export function applied({ code, stdout, stderr }) {
  const lines = stdout.trim().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '{}');
  if (code === 0 && last.event === 'run-finished' && last.ok) return last;
  const failures = lines.filter((line) => line.startsWith('{"event":"failed"') || line.startsWith('{"error"'));
  throw new Error(`apply ended with status ${code}: ${failures.join('\n')} ${stderr}`);
}

/** Ctrl-C, or a time limit, leaves nothing behind either. */
export function cleanOnSignal(clean) {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      clean();
      process.exit(status);
    });
  }
}
