// Runs a command in a cgroup of its own and says what it cost: wall clock, and user and system time of everything it
// started, also of what it left running behind it (the connections that Ansible keeps open). Memory is the largest sum
// of the proportional set sizes (shared pages counted once) over the group's processes, sampled only when asked for:
// sampling costs time on the same processor. Manuals: cgroups(7) cpu.stat, proc_pid_smaps(5) smaps_rollup.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const SAMPLE_MS = 50;
const JOIN = 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"';

/** Root of the cgroup v2 tree, also where v1 is beside it. */
export function unifiedRoot() {
  const root = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((each) => existsSync(join(each, 'cgroup.procs')));
  if (root === undefined) throw new Error('this machine has no cgroup v2');
  return root;
}

export class Meter {
  constructor(name) {
    this.group = join(unifiedRoot(), name);
    mkdirSync(this.group, { recursive: true });
  }

  /** {code, seconds, cpuSeconds, peakMiB?, stdout, stderr} */
  async run(argv, { memory = false, timeoutSeconds = 900, env = process.env } = {}) {
    const before = cpuSeconds(this.group);
    const started = performance.now();
    const child = spawn('sh', ['-c', JOIN, 'meter', this.group, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
    let peak = 0;
    const sampler = memory ? setInterval(() => (peak = Math.max(peak, this.#proportional())), SAMPLE_MS) : undefined;
    const late = setTimeout(() => this.end(), timeoutSeconds * 1000);
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      // Not `close`: connections that are kept open hold the pipes.
      child.once('exit', (status) => resolve(status ?? -1));
    });
    const seconds = (performance.now() - started) / 1000;
    clearInterval(sampler);
    clearTimeout(late);
    child.stdout.destroy();
    child.stderr.destroy();
    const cost = { seconds, cpuSeconds: cpuSeconds(this.group) - before };
    return { code, ...cost, ...(memory ? { peakMiB: peak / 1024 } : {}), ...texts };
  }

  /** Ends what commands left running. */
  end() {
    for (const id of this.#members()) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }

  async close() {
    this.end();
    for (let tries = 0; existsSync(this.group) && tries < 50; tries += 1) {
      try {
        rmdirSync(this.group);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  #members() {
    return readFileSync(join(this.group, 'cgroup.procs'), 'utf8').split('\n').map(Number).filter(Boolean);
  }

  /** KiB. */
  #proportional() {
    return this.#members().reduce((sum, id) => {
      try {
        return sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
      } catch {
        return sum;
      }
    }, 0);
  }
}

/** User and system time of a group and all groups below it; without one: 0. */
export function cpuSeconds(group) {
  const file = join(group, 'cpu.stat');
  if (!existsSync(file)) return 0;
  return Number(/^usage_usec (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1e6;
}

/** Of all twins of a lab together. */
export function twinsCpuSeconds(labGroup) {
  return readdirSync(labGroup, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .reduce((sum, { name }) => sum + cpuSeconds(join(labGroup, name)), 0);
}
