// The network namespace of a lab: one bridge per segment with a pinned MAC (a bridge takes the lowest MAC of its
// ports; when that port goes every client's ARP entry is stale and sessions hang), the operator's addresses on
// it, no way out. Making it twice changes nothing. `inLab` runs a program in it.
// `ip netns exec` is not used: it remounts /sys and systemd-nspawn cannot find the cgroups any more.
// Manuals: ip-netns(8), ip-link(8), nsenter(1).
import { existsSync } from 'node:fs';
import { type Argv, type CommandOptions, type CommandOutput, command, tryCommand } from './command.ts';
import type { Lab } from './context.ts';
import type { LabNames } from './names.ts';
import type { Segment, Topology } from './topology.ts';

export function inLab(names: LabNames, argv: Argv): Argv {
  return ['nsenter', `--net=${names.netnsPath}`, '--', ...argv];
}

export async function createNamespace(lab: Lab): Promise<void> {
  if (!(await namespaceWorks(lab.names))) {
    // A file without a namespace behind it is left when `ip netns add` was killed half-way.
    await tryCommand(['ip', 'netns', 'delete', lab.names.netns]);
    await command(['ip', 'netns', 'add', lab.names.netns]);
  }
  const existing = new Set((await links(lab.names)).map((link) => link.name));
  await batch(lab.names, networkCommands(lab.topology, existing));
}

/** `ip -batch` lines that make the bridges and addresses that are not there. */
export function networkCommands(topology: Topology, existing: ReadonlySet<string>): readonly string[] {
  return [
    'link set lo up',
    ...topology.loopback.map((address) => `address replace ${address}/${address.includes(':') ? 128 : 32} dev lo`),
    ...topology.segments.flatMap((segment) => segmentCommands(segment, existing)),
  ];
}

export async function deleteNamespace(names: LabNames): Promise<void> {
  if (existsSync(names.netnsPath)) await command(['ip', 'netns', 'delete', names.netns]);
}

export interface Link {
  readonly name: string;
  readonly up: boolean;
  readonly bridge: string | undefined;
}

export async function links(names: LabNames): Promise<readonly Link[]> {
  const output = await tryCommand(inLab(names, ['ip', '-json', 'link', 'show']));
  if (output.code !== 0) return [];
  const parsed = JSON.parse(output.stdout) as readonly { ifname: string; flags: readonly string[]; master?: string }[];
  return parsed.map((each) => ({ name: each.ifname, up: each.flags.includes('UP'), bridge: each.master }));
}

/** Many `ip` commands in one go: fast, and close together in time. */
export async function batch(names: LabNames, lines: readonly string[], force = false): Promise<CommandOutput> {
  const argv: Argv = inLab(names, ['ip', ...(force ? ['-force'] : []), '-batch', '-']);
  const options: CommandOptions = { input: `${lines.join('\n')}\n` };
  if (force) return tryCommand(argv, options);
  return { code: 0, stdout: await command(argv, options), stderr: '' };
}

async function namespaceWorks(names: LabNames): Promise<boolean> {
  return existsSync(names.netnsPath) && (await tryCommand(inLab(names, ['true']))).code === 0;
}

function segmentCommands(segment: Segment, existing: ReadonlySet<string>): readonly string[] {
  const { bridge } = segment;
  return [
    ...(existing.has(bridge)
      ? []
      : [`link add name ${bridge} address ${segment.mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`]),
    `link set dev ${bridge} address ${segment.mac} mtu ${segment.mtu} up`,
    ...segment.vantages.map(
      ({ address, prefix }) => `address replace ${address}/${prefix} dev ${bridge}${noDad(address)}`,
    ),
    ...segment.extra.map((address) => `address replace ${address} dev ${bridge}${noDad(address)}`),
  ];
}

/** IPv6 addresses are usable at once: nobody else is on a bridge that was just made. */
function noDad(address: string): string {
  return address.includes(':') ? ' nodad' : '';
}
