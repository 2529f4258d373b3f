// What every lab command begins with: the spec, the twin profile laid over it, and the lab as it is found.
// Also the flag and arguments that lab commands share, and how progress and results are shown.
import type { Lab, LabOptions, LabProgress } from '../../lab/context.ts';
import type { LabStatus } from '../../lab/status.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { Call, CliContext } from '../command.ts';
import { DEFAULT_SPEC } from '../spec-argument.ts';
import { labDirectory } from '../state-directory.ts';

export interface SpecFlag {
  readonly spec?: string;
}

/** For commands whose arguments are hosts, so that the spec has to be a flag. */
export const specFlag = {
  kind: 'parsed',
  parse: (text: string) => text,
  optional: true,
  placeholder: 'SPEC',
  brief: `The spec of the cluster (${DEFAULT_SPEC})`,
} as const;

export interface HealAfterFlag {
  readonly for?: number;
}

export const healAfterFlag = {
  kind: 'parsed',
  parse: parseSeconds,
  optional: true,
  placeholder: 'SECONDS',
  brief: 'Heal it by itself after so many seconds',
} as const;

export const hostArgument = {
  parse: (text: string) => text,
  placeholder: 'HOST',
  brief: 'A host of the spec',
  proposeCompletions: proposeHosts,
} as const;

export const networkArgument = {
  parse: (text: string) => text,
  placeholder: 'NETWORK',
  brief: 'A network of the spec',
  proposeCompletions: proposeNetworks,
} as const;

export interface Twins {
  /** With the twin profile laid over it. */
  readonly cluster: Cluster;
  readonly options: LabOptions;
  readonly lab: Lab;
}

export async function openTwins(call: Call<object>, spec = DEFAULT_SPEC): Promise<Twins> {
  const [{ loadSpec }, { requireCluster }, { layTwinProfile }, { openLab }, { packageProxyUrl }, { vantageAddress }] =
    await Promise.all([
      import('../../spec/load.ts'),
      import('../../spec/check.ts'),
      import('../../spec/twin-profile.ts'),
      import('../../lab/context.ts'),
      import('../../lab/package-cache.ts'),
      import('../../lab/topology.ts'),
    ]);
  const real = requireCluster(await loadSpec(spec));
  const { cluster } = layTwinProfile(real, {
    aptProxy: packageProxyUrl(real),
    operators: real.networks.map(({ name }) => vantageAddress(real, name)),
  });
  const { world, flags } = call;
  const options: LabOptions = {
    cluster,
    stateDir: labDirectory({ spec, cluster: cluster.name, state: flags.state }),
    clock: world.clock,
    random: world.randomBytes,
    onProgress: (progress) => world.stderr.write(progressText(progress)),
    signal: world.interruptible(),
  };
  return { cluster, options, lab: await openLab(options) };
}

/** One JSON document, or a sentence for people. */
export function report(call: Call<object>, document: unknown, sentence: string): void {
  call.world.stdout.write(call.flags.json ? `${JSON.stringify(document)}\n` : `${sentence}\n`);
}

export function statusText(status: LabStatus): string {
  if (!status.up) {
    const left = status.leftovers.map(({ kind, what }) => `  left behind: ${kind} ${what}`);
    return ['the lab is not up', ...left].join('\n');
  }
  const width = Math.max(4, ...status.hosts.map(({ name }) => name.length));
  const hosts = status.hosts.map(({ name, power, memoryMiB, addresses }) => {
    const places = Object.entries(addresses).map(([network, address]) => `${network} ${address}`);
    return `${name.padEnd(width)}  ${power.padEnd(5)}  ${String(Math.round(memoryMiB)).padStart(6)}  ${places.join(' · ')}`;
  });
  const faults = status.faults.map(({ id, fault }) => `fault ${id}: ${JSON.stringify(fault)}`);
  const profile = Object.values(status.twinProfile).map(
    ({ option, real, twin, reason }) => `  ${option}: ${twin} instead of ${real} (${reason})`,
  );
  return [
    `${'host'.padEnd(width)}  power  ${'MiB'.padStart(6)}  addresses`,
    ...hosts,
    ...faults,
    ...(profile.length === 0 ? [] : ['where twins differ from the real cluster:', ...profile]),
  ].join('\n');
}

function progressText({ stage, message, host }: LabProgress): string {
  return `${stage}: ${host === undefined ? '' : `${host}: `}${message}\n`;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) throw new Error('is not a number of seconds above 0');
  return seconds;
}

async function proposeHosts(this: CliContext, partial: string): Promise<readonly string[]> {
  const { hostNames } = await import('../propose.ts');
  return hostNames(this, partial);
}

async function proposeNetworks(this: CliContext, partial: string): Promise<readonly string[]> {
  const { networkNames } = await import('../propose.ts');
  return networkNames(this, partial);
}
