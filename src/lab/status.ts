// What `lab status` shows, read from the system: power and memory of every twin, faults, services of the lab.
import { existsSync } from 'node:fs';
import type { TwinDifference } from '../model/cluster.ts';
import { memoryOf } from './cgroup.ts';
import type { Lab } from './context.ts';
import { type ActiveFault, readFaults } from './fault-state.ts';
import { type Leftover, leftovers } from './leftovers.ts';
import { isOn } from './power.ts';
import { supervisorProcesses } from './supervisor.ts';
import type { Vantage } from './topology.ts';

export interface LabHostStatus {
  readonly name: string;
  readonly power: 'on' | 'off';
  readonly addresses: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
}

export interface LabStatus {
  readonly up: boolean;
  readonly hosts: readonly LabHostStatus[];
  readonly twinProfile: Readonly<Record<string, TwinDifference>>;
  readonly faults: readonly ActiveFault[];
  readonly supervisor: 'running' | 'stopped';
  readonly namespace: string;
  /** The operator's address on every network. */
  readonly vantages: readonly Vantage[];
  /** Of a lab that is not up: what a `lab down` would remove. */
  readonly leftovers: readonly Leftover[];
}

export async function labStatus(lab: Lab): Promise<LabStatus> {
  const up = lab.settings !== undefined && existsSync(lab.names.netnsPath);
  return {
    up,
    hosts: await Promise.all(lab.cluster.hosts.map(async (host) => hostStatus(lab, host))),
    twinProfile: Object.fromEntries(lab.cluster.twinProfile.map((difference) => [difference.option, difference])),
    faults: await readFaults(lab),
    supervisor: (await supervisorProcesses(lab)).length > 0 ? 'running' : 'stopped',
    namespace: lab.names.netns,
    vantages: lab.topology.segments.flatMap((segment) => segment.vantages),
    leftovers: up ? [] : await leftovers(lab),
  };
}

async function hostStatus(
  lab: Lab,
  host: { readonly name: string; readonly addresses: Readonly<Record<string, string>> },
): Promise<LabHostStatus> {
  const on = await isOn(lab, host.name);
  return {
    name: host.name,
    power: on ? 'on' : 'off',
    addresses: host.addresses,
    memoryMiB: on ? await memoryOf(lab.names.cgroup, host.name) : 0,
  };
}
