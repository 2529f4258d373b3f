// Hosts in memory for whole-flow tests of the engine: they interpret the scripts that fake-kinds.ts and the engine
// itself write, line by line, and can be cut between any two lines. They watch what must never happen (`violations`):
// a quorum below its majority, a formation over data, a unit started with one configuration and recorded with another.
// A line they do not know throws: the engine must not run anything that the tests do not see.
import { setImmediate as turn } from 'node:timers/promises';
import type { Script } from '../../src/model/resource.ts';
import type { FakeHandler } from '../../src/remote/fake.ts';
import type { CommandResult } from '../../src/remote/transport.ts';
import { MARK_DIRECTORY } from '../../src/engine/marks.ts';
import { STAMP_DIRECTORY } from '../../src/model/unit.ts';

export interface FakeUnit {
  enabled: boolean;
  active: boolean;
  /** What it was started with: the files of the host then. */
  config: string;
  starts: number;
}

export interface FakeHost {
  readonly name: string;
  readonly files: Map<string, string>;
  readonly units: Map<string, FakeUnit>;
  readonly stamps: Map<string, string>;
  readonly marks: Set<string>;
  /** Databases hold a copy of the data. */
  data: boolean;
  drainedMembers: Set<string>;
  writes: number;
}

export type FakeCommand =
  | { readonly op: 'read-files'; readonly names: readonly string[] }
  | { readonly op: 'write-file'; readonly name: string; readonly content: string }
  | { readonly op: 'read-rows'; readonly names: readonly string[] }
  | { readonly op: 'write-row'; readonly name: string }
  | { readonly op: 'read-units'; readonly names: readonly string[] }
  | { readonly op: 'enable'; readonly name: string }
  | { readonly op: 'start'; readonly name: string; readonly again: boolean; readonly stamp?: string }
  | { readonly op: 'read-member'; readonly unit: string }
  | { readonly op: 'bootstrap'; readonly unit: string }
  | { readonly op: 'join'; readonly unit: string }
  | { readonly op: 'drain' | 'undrain'; readonly member: string };

class Failed extends Error {}

export class FakeWorld {
  readonly hosts: ReadonlyMap<string, FakeHost>;
  readonly rows = new Set<string>();
  readonly violations: string[] = [];
  /** Names of files whose write fails, and hosts whose units never come up. */
  readonly failingFiles = new Set<string>();
  readonly sickAfterRestart = new Set<string>();
  /** Unit that is a quorum over all hosts. */
  readonly quorumUnit = 'galera';
  private formed = false;

  constructor(names: readonly string[]) {
    this.hosts = new Map(names.map((name) => [name, blankHost(name)]));
  }

  handlers(): ReadonlyMap<string, FakeHandler> {
    return new Map(
      [...this.hosts.values()].map((host) => [host.name, (script, signal) => this.run(host, script, signal)]),
    );
  }

  host(name: string): FakeHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  /** All stop at once, what is on disk stays. */
  powerCut(): void {
    for (const host of this.hosts.values()) for (const unit of host.units.values()) unit.active = false;
  }

  starts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.hosts.values()].flatMap((host) =>
        [...host.units].map(([name, unit]) => [`${host.name}/${name}`, unit.starts]),
      ),
    );
  }

  private async run(host: FakeHost, script: Script, signal: AbortSignal): Promise<CommandResult> {
    const sections = [...script.text.matchAll(/^#@ (\S+) (\d+)\n\(\n([\s\S]*?)\n\) <\/dev\/null\nhastack_code=/gm)];
    if (sections.length === 0) return this.section(host, script.text, signal);
    const stops = script.text.includes('exit 1');
    let stdout = '';
    let stderr = '';
    for (const [, boundary, index, body = ''] of sections) {
      const result = await this.section(host, body, signal);
      stdout += `${result.stdout}\n${boundary} ${index} ${result.code}\n`;
      stderr += `${result.stderr}\n${boundary} ${index}\n`;
      if (stops && result.code !== 0) return { code: 1, stdout, stderr };
    }
    return { code: 0, stdout, stderr };
  }

  private async section(host: FakeHost, text: string, signal: AbortSignal): Promise<CommandResult> {
    let stdout = '';
    try {
      for (const line of text.split('\n')) {
        await turn();
        signal.throwIfAborted();
        stdout += line.startsWith('{')
          ? await this.command(host, JSON.parse(line) as FakeCommand, signal)
          : shellLine(host, line);
      }
      return { code: 0, stdout, stderr: '' };
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      return { code: 1, stdout, stderr: error.message };
    }
  }

  private async command(host: FakeHost, command: FakeCommand, signal: AbortSignal): Promise<string> {
    switch (command.op) {
      case 'read-files':
        return JSON.stringify(command.names.map((name) => host.files.get(name) ?? null));
      case 'write-file':
        if (this.failingFiles.has(command.name)) throw new Failed('No space left on device');
        host.files.set(command.name, command.content);
        host.writes += 1;
        return '';
      case 'read-rows':
        this.mustServe(host);
        return JSON.stringify(command.names.map((name) => this.rows.has(name)));
      case 'write-row':
        this.mustServe(host);
        this.rows.add(command.name);
        return '';
      case 'read-units':
        return JSON.stringify(
          command.names.map((name) => ({ ...unitOf(host, name), stamp: host.stamps.get(name) ?? '' })),
        );
      case 'enable':
        unitOf(host, command.name).enabled = true;
        return '';
      case 'start':
        await this.start(host, command, signal);
        return '';
      case 'read-member':
        return JSON.stringify({
          trace: command.unit === this.quorumUnit && host.data,
          running: this.serves(host, command.unit),
        });
      case 'bootstrap':
        if (this.formed && this.rows.size > 0) this.violations.push(`formed over data on ${host.name}`);
        // Files come first; a kill in between leaves data that does not run.
        host.data = true;
        await turn();
        signal.throwIfAborted();
        this.activate(host, command.unit);
        return '';
      case 'join':
        if (this.running() === 0) throw new Failed('nobody to join');
        this.activate(host, command.unit);
        return '';
      case 'drain':
      case 'undrain':
        if (command.op === 'drain') host.drainedMembers.add(command.member);
        else host.drainedMembers.delete(command.member);
        return '';
      default:
        throw new Error(`a fake host cannot do ${JSON.stringify(command satisfies never)}`);
    }
  }

  private async start(
    host: FakeHost,
    command: Extract<FakeCommand, { readonly op: 'start' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const unit = unitOf(host, command.name);
    if (command.again && unit.active) {
      unit.active = false;
      this.watchQuorum(command.name);
      await turn();
    }
    if (this.sickAfterRestart.has(host.name)) throw new Failed('it crashed');
    this.activate(host, command.name);
    signal.throwIfAborted();
    if (command.stamp !== undefined) host.stamps.set(command.name, command.stamp);
  }

  private activate(host: FakeHost, name: string): void {
    const unit = unitOf(host, name);
    if (!unit.active) unit.starts += 1;
    Object.assign(unit, { active: true, config: JSON.stringify([...host.files]) });
    if (name !== this.quorumUnit) return;
    host.data = true;
    if (this.running() === this.hosts.size) this.formed = true;
  }

  private watchQuorum(name: string): void {
    if (name !== this.quorumUnit || !this.formed) return;
    if (this.running() < this.hosts.size - 1) this.violations.push(`only ${this.running()} members of ${name} run`);
  }

  private running(): number {
    return [...this.hosts.values()].filter((host) => unitOf(host, this.quorumUnit).active).length;
  }

  private serves(host: FakeHost, name: string): boolean {
    return unitOf(host, name).active && !this.sickAfterRestart.has(host.name);
  }

  private mustServe(host: FakeHost): void {
    if (!unitOf(host, this.quorumUnit).active) throw new Failed("Can't connect to local server");
  }
}

function blankHost(name: string): FakeHost {
  return {
    name,
    files: new Map(),
    units: new Map(),
    stamps: new Map(),
    marks: new Set(),
    data: false,
    drainedMembers: new Set(),
    writes: 0,
  };
}

export function unitOf(host: FakeHost, name: string): FakeUnit {
  const unit = host.units.get(name) ?? { enabled: false, active: false, config: '', starts: 0 };
  host.units.set(name, unit);
  return unit;
}

/** The few lines of shell that the engine writes itself (marks.ts). */
function shellLine(host: FakeHost, line: string): string {
  if (line === '' || line === ':' || line === 'set -e' || line === `mkdir -p ${STAMP_DIRECTORY}`) return '';
  if (line.startsWith(`ls -1 ${MARK_DIRECTORY} `)) return [...host.marks].map((mark) => `${mark}\n`).join('');
  const words = line.split(' ');
  const mark = words.find((word) => word.startsWith(`${MARK_DIRECTORY}/`))?.slice(MARK_DIRECTORY.length + 1);
  if (mark !== undefined && line.startsWith('mkdir -p')) host.marks.add(mark);
  else if (mark !== undefined && line.startsWith('rm -f')) host.marks.delete(mark);
  else if (line.startsWith(`rm -f ${STAMP_DIRECTORY}/`))
    for (const file of words.slice(2)) host.stamps.delete(base(file));
  else if (line.startsWith("printf '%s\\n' ")) host.stamps.set(base(words.at(-1) ?? ''), words[2] ?? '');
  else throw new Error(`a fake host cannot run: ${line}`);
  return '';
}

function base(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
