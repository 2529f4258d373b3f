// What every lab function is given, and what it finds on disk.
// `lab up` writes the cluster it was given to lab.json; from then on that is the truth about the lab, so that
// an edited spec does not confuse running twins. Nothing else about the lab is remembered: power, links and
// processes are read from the system, faults from faults.json.
import { existsSync, realpathSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock, RandomBytes } from '../model/clock.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import {
  DEFAULT_CACHE_DIR,
  type LabNames,
  type LabPaths,
  type TwinPaths,
  labNames,
  labPaths,
  twinPaths,
} from './names.ts';
import { type Topology, topologyOf } from './topology.ts';

export interface LabProgress {
  readonly stage: 'base' | 'golden' | 'guest' | 'network' | 'twin' | 'boot' | 'services' | 'down';
  readonly message: string;
  readonly host?: string;
}

export interface LabOptions {
  /** With the twin profile laid over it. */
  readonly cluster: Cluster;
  /** The lab's state: `.hastack/<name>/lab`. */
  readonly stateDir: string;
  /** Golden images and packages of all labs of this machine; default /var/cache/hastack or HASTACK_CACHE. */
  readonly cacheDir?: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly onProgress?: (progress: LabProgress) => void;
  readonly signal?: AbortSignal;
}

/** What `lab up` decided, kept for everything that comes later. */
export interface LabSettings {
  readonly cluster: Cluster;
  readonly cacheDir: string;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

export interface Lab {
  readonly cluster: Cluster;
  readonly settings: LabSettings | undefined;
  readonly names: LabNames;
  readonly paths: LabPaths;
  readonly topology: Topology;
  readonly stateDir: string;
  readonly cacheDir: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly progress: (progress: LabProgress) => void;
  readonly signal: AbortSignal | undefined;
}

export interface Twin {
  readonly host: Host;
  readonly paths: TwinPaths;
}

export async function openLab(options: LabOptions): Promise<Lab> {
  const stateDir = existsSync(options.stateDir) ? realpathSync(options.stateDir) : resolve(options.stateDir);
  const paths = labPaths(stateDir);
  const settings = await readJson<LabSettings>(paths.settings);
  return labFrom(options, { stateDir, paths, settings, cluster: settings?.cluster ?? options.cluster });
}

/** The same lab with the cluster that was given now, for `lab up`. */
export function withSettings(lab: Lab, settings: LabSettings): Lab {
  return {
    ...lab,
    settings,
    cluster: settings.cluster,
    cacheDir: settings.cacheDir,
    topology: topologyOf(settings.cluster),
  };
}

/** The lab as its processes know it: by its state directory only. */
export async function openLabAt(stateDir: string, tools: Pick<LabOptions, 'clock' | 'random'>): Promise<Lab> {
  const settings = await readJson<LabSettings>(labPaths(stateDir).settings);
  if (settings === undefined) throw notUp(stateDir);
  return openLab({ ...tools, stateDir, cluster: settings.cluster });
}

export function requireUp(lab: Lab): LabSettings {
  if (lab.settings === undefined || !existsSync(lab.names.netnsPath)) throw notUp(lab.cluster.name);
  return lab.settings;
}

export function twinOf(lab: Lab, hostName: string): Twin {
  const host = lab.cluster.hosts.find((each) => each.name === hostName);
  if (host !== undefined) return { host, paths: twinPaths(lab.paths, host.name) };
  throw new HastackError({
    code: 'usage',
    message: `the lab of ${lab.cluster.name} has no host named ${hostName}`,
    hint: `its hosts: ${lab.cluster.hosts.map((each) => each.name).join(', ')}`,
  });
}

export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: a reader never sees half a file, also after a kill. */
export async function writeWhole(file: string, content: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, file);
}

interface Found {
  readonly stateDir: string;
  readonly paths: LabPaths;
  readonly settings: LabSettings | undefined;
  readonly cluster: Cluster;
}

function labFrom(options: LabOptions, found: Found): Lab {
  return {
    ...found,
    names: labNames(found.cluster.name, found.stateDir),
    topology: topologyOf(found.cluster),
    cacheDir: resolve(
      options.cacheDir ?? found.settings?.cacheDir ?? process.env['HASTACK_CACHE'] ?? DEFAULT_CACHE_DIR,
    ),
    clock: options.clock,
    random: options.random,
    progress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  };
}

function notUp(what: string): HastackError {
  return new HastackError({
    code: 'refused',
    message: `there is no lab of ${what}`,
    hint: 'start it with `hastack lab up`',
  });
}
