// A deployed cluster for tests: a spec and a lab of its own in a scratch directory, the command line as users run it,
// and questions to the twins by their console, which no fault of the network takes away.
// `remove` takes everything down and says what was left behind; it is to be called also when a test failed.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { consoleRun } from '../../../src/lab/console.ts';
import { type Lab, openLab } from '../../../src/lab/context.ts';
import { leftovers } from '../../../src/lab/leftovers.ts';
import { inLab } from '../../../src/lab/namespace.ts';
import { packageProxyUrl } from '../../../src/lab/package-cache.ts';
import { systemClock } from '../../../src/lib/system-clock.ts';
import { systemRandom } from '../../../src/lib/system-random.ts';
import type { RunEvent } from '../../../src/model/event.ts';
import type { Plan } from '../../../src/model/resource.ts';
import { requireCluster } from '../../../src/spec/check.ts';
import { loadSpec } from '../../../src/spec/load.ts';
import { layTwinProfile } from '../../../src/spec/twin-profile.ts';
import { run, scratch } from './lab-tools.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'dist/main.js');
export const HOSTS = ['ctl1', 'ctl2', 'ctl3'] as const;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface ApplyRun extends Outcome {
  readonly events: readonly RunEvent[];
  /** `ctl1 file:/etc/hosts`, of every change that was made, sorted. */
  readonly changed: readonly string[];
  /** What the `failed` events said. */
  readonly failures: readonly Extract<RunEvent, { readonly event: 'failed' }>[];
}

export interface RunningApply {
  readonly child: ChildProcess;
  readonly ended: Promise<ApplyRun>;
}

export class Deployment {
  readonly name: string;
  readonly octet: number;
  readonly directory: string;
  readonly spec: string;
  private names: Lab['names'] | undefined;

  private constructor(name: string, octet: number, directory: string) {
    this.name = name;
    this.octet = octet;
    this.directory = directory;
    this.spec = join(directory, 'cluster.yaml');
  }

  /** Writes the spec and boots the twins; nothing is deployed yet. `octet` keeps the addresses of labs apart. */
  static async up(name: string, octet: number): Promise<Deployment> {
    await run(join(ROOT, 'hastack'), ['--version']);
    const deployment = new Deployment(name, octet, await scratch());
    await deployment.writeSpec();
    const { code, stderr } = await deployment.cli(['lab', 'up']);
    if (code === 0) {
      deployment.names = (await deployment.lab()).names;
      return deployment;
    }
    await deployment.remove();
    throw new Error(`lab up failed: ${stderr}`);
  }

  get stateDirectory(): string {
    return join(this.directory, '.hastack', this.name, 'lab');
  }

  address(host: string, network: 'management' | 'data' = 'management'): string {
    const last = host === 'vip' ? 10 : 11 + HOSTS.findIndex((each) => each === host);
    return `10.${this.octet}.${network === 'management' ? 1 : 2}.${last}`;
  }

  /** `extra`: further top-level lines of YAML. */
  async writeSpec(extra = ''): Promise<void> {
    await writeFile(this.spec, specText(this, extra));
  }

  async lab(): Promise<Lab> {
    const real = requireCluster(await loadSpec(this.spec));
    const { cluster } = layTwinProfile(real, { aptProxy: packageProxyUrl(real) });
    return openLab({ cluster, stateDir: this.stateDirectory, clock: systemClock, random: systemRandom });
  }

  /** On the console of a host, as root; throws when it fails. */
  async on(host: string, text: string, timeout = 120): Promise<string> {
    const { code, stdout, stderr } = await consoleRun(await this.lab(), host, { text, timeout });
    if (code !== 0) throw new Error(`${host}: exit status ${code}: ${stderr}${stdout}\n${text}`);
    return stdout;
  }

  async onAll(text: string): Promise<ReadonlyMap<string, string>> {
    const answers = await Promise.all(HOSTS.map(async (host) => [host, await this.on(host, text)] as const));
    return new Map(answers);
  }

  async cli(words: readonly string[]): Promise<Outcome> {
    const started = performance.now();
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), codeOf(child)]);
    return { code, stdout, stderr, seconds: (performance.now() - started) / 1000 };
  }

  async plan(): Promise<{ readonly code: number; readonly plan: Plan; readonly changes: readonly string[] }> {
    const { code, stdout, stderr } = await this.cli(['plan', '--lab', '--json', '--detailed-exitcode']);
    try {
      const plan = JSON.parse(stdout) as Plan;
      return { code, plan, changes: plan.changes.map(({ host, resource }) => `${host} ${resource}`).toSorted() };
    } catch {
      throw new Error(`plan printed no plan (exit ${code}): ${stdout}${stderr}`);
    }
  }

  async apply(): Promise<ApplyRun> {
    return this.startApply(() => undefined).ended;
  }

  /** One process that can be killed: it starts inside the lab, so it needs no second one. */
  startApply(onEvent: (event: RunEvent, child: ChildProcess) => void): RunningApply {
    const started = performance.now();
    const child = spawn('/bin/sh', ['-c', 'exec "$@"', 'sh', ...this.inside()], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const events: RunEvent[] = [];
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const event = parseEvent(line);
      if (event === undefined) return;
      events.push(event);
      onEvent(event, child);
    });
    const ended = Promise.all([textOf(child.stderr), codeOf(child)]).then(([stderr, code]) => ({
      code,
      stdout: lines.join('\n'),
      stderr,
      seconds: (performance.now() - started) / 1000,
      events,
      changed: events
        .flatMap((event) =>
          event.event === 'change-finished' && event.ok ? [`${event.host} ${event.change.resource}`] : [],
        )
        .toSorted(),
      failures: events.flatMap((event) => (event.event === 'failed' ? [event] : [])),
    }));
    return { child, ended };
  }

  /** A program in the network namespace of the lab. */
  inLab(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
    const [program, ...rest] = inLab(this.namesOfLab(), argv);
    return [program, ...rest];
  }

  async remove(): Promise<readonly string[]> {
    const lab = await this.lab();
    const { code, stderr } = await this.cli(['lab', 'down']);
    const left = (await leftovers(lab)).map(({ kind, what }) => `${kind} ${what}`);
    await rm(this.directory, { recursive: true, force: true });
    return code === 0 ? left : [`lab down failed: ${stderr}`, ...left];
  }

  private namesOfLab(): Lab['names'] {
    if (this.names === undefined) throw new Error('the lab is not up');
    return this.names;
  }

  private inside(): readonly string[] {
    return this.inLab([process.execPath, PROGRAM, 'apply', '--lab', '--json']);
  }
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    const value = JSON.parse(line) as Partial<RunEvent>;
    return value.event === undefined ? undefined : (value as RunEvent);
  } catch {
    return undefined;
  }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function codeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 137));
  });
}

function specText(of: Deployment, extra: string): string {
  const net = `10.${of.octet}`;
  const host = (name: string) =>
    `  ${name}: { roles: [control, network], addresses: { management: ${of.address(name)}, data: ${of.address(name, 'data')} } }`;
  return `cluster: ${of.name}
preset: three-controllers
release: epoxy
networks:
  management: { cidr: ${net}.1.0/24, speed: 1G, interface: eno1 }
  data: { cidr: ${net}.2.0/24, speed: 10G, interface: bond0 }
  external: { cidr: 203.0.113.0/24, zone: edge, interface: eno3, gateway: 203.0.113.1, floating: 203.0.113.100-203.0.113.199 }
vips:
  public: { network: management, address: ${of.address('vip')}, name: cloud.${of.name}.example }
  internal: { network: data, address: ${of.address('vip', 'data')} }
hosts:
${HOSTS.map(host).join('\n')}
ssh: { user: root }
${extra}`;
}
