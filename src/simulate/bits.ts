// The state of one host in a failure as a set of bits, and what a set means for that host: is it dead, which of its
// networks are cut. Sets of several failures are united by OR, which is all the evaluator needs to know about them.
// Redundant parts are legs: a host with `power: a+b` is dead when both feeds are; a network behind the switches
// `switch-data: s1+s2` is cut when both are. Pure.
import type { Cluster, Host } from '../model/cluster.ts';

/** Bit numbers by name; the same on every host. */
export type BitOf = (name: string) => bigint;

export function bitAllocator(): BitOf {
  const known = new Map<string, bigint>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const bit = 1n << BigInt(known.size);
    known.set(name, bit);
    return bit;
  };
}

function attached(cluster: Cluster, host: Host): readonly string[] {
  return cluster.networks.map(({ name }) => name).filter((name) => host.interfaces[name] !== undefined);
}

/** Networks on one interface are cut together: the first of them gives the interface its name. */
export function interfaceElement(cluster: Cluster, host: Host, network: string): string {
  return attached(cluster, host).find((name) => host.interfaces[name] === host.interfaces[network]) ?? network;
}

/** What any of its failures does to a host. All bits of a mask together have the effect; any mask suffices. */
export interface HostShape {
  readonly dead: readonly bigint[];
  readonly links: Readonly<Record<string, readonly bigint[]>>;
  readonly hasBmc: boolean;
}

export interface DomainLeg {
  readonly host: number;
  /** Element it belongs to: `rack/r1`, `switch/s1`. */
  readonly element: string;
  readonly bit: bigint;
}

/** `a+b` → both must fail. */
function legsOf(label: string): readonly string[] {
  return label
    .split('+')
    .map((leg) => leg.trim())
    .filter((leg) => leg !== '')
    .toSorted();
}

/** `switch` carries every network of the host, `switch-data` only that one. */
function switchedNetwork(kind: string): string | undefined {
  return kind === 'switch' ? '' : kind.startsWith('switch-') ? kind.slice('switch-'.length) : undefined;
}

export function hostShape(cluster: Cluster, host: Host, bit: BitOf): HostShape {
  const networks = attached(cluster, host);
  const dead: bigint[] = [bit('power')];
  const links: Record<string, bigint[]> = Object.fromEntries(
    networks.map((name) => [
      name,
      [bit(`nic/${interfaceElement(cluster, host, name)}`), bit(`network/${name}`), bit('isolated')],
    ]),
  );
  for (const [kind, label] of Object.entries(host.domains)) {
    const mask = legsOf(label).reduce((all, _, leg) => all | bit(`leg/${kind}/${leg}`), 0n);
    if (mask === 0n) continue;
    const network = switchedNetwork(kind);
    if (network === undefined) dead.push(mask);
    else for (const name of network === '' ? networks : [network]) links[name]?.push(mask);
  }
  return { dead, links, hasBmc: host.bmc !== undefined };
}

/** The legs of every failure domain, over all hosts. */
export function domainLegs(cluster: Cluster, bit: BitOf): readonly DomainLeg[] {
  return cluster.hosts.flatMap((host, index) =>
    Object.entries(host.domains).flatMap(([kind, label]) =>
      legsOf(label).map((leg, position) => ({
        host: index,
        element: `${switchedNetwork(kind) === undefined ? kind : 'switch'}/${leg}`,
        bit: bit(`leg/${kind}/${position}`),
      })),
    ),
  );
}

export function holds(state: bigint, masks: readonly bigint[] | undefined): boolean {
  return (masks ?? []).some((mask) => (state & mask) === mask);
}
