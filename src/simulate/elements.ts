// Everything that can fail, by the names users see: `host/ctl1`, `nic/ctl1/data`, `process/ctl1/keystone`.
// A name with a third or fourth part says how: `host/ctl1/isolated` lives without any network, and
// `process/ctl1/keystone/frozen` is there and does not answer. Pure; the order is that of the spec.
import type { Cluster, Host } from '../model/cluster.ts';
import { bitAllocator, domainLegs, interfaceElement } from './bits.ts';
import type { BitOf } from './bits.ts';
import type { ModelNode } from './model.ts';

export interface ElementHit {
  readonly host: number;
  readonly bits: bigint;
}

export interface Element {
  readonly name: string;
  /** For rates: `host`, `nic`, `bond`, `process`, `frozen`, `rack`, `external` ... */
  readonly kind: string;
  readonly hits: readonly ElementHit[];
  /** Index into the model's externals; -1: nothing outside. */
  readonly external: number;
}

/** Bits are numbered by the order of asking, so everybody who needs them asks through here, in this order. */
export function modelBits(cluster: Cluster): BitOf {
  const bit = bitAllocator();
  for (const name of ['power', 'isolated', 'disk', 'data-disk', 'bmc']) bit(name);
  for (const { name } of cluster.networks) {
    bit(`nic/${name}`);
    bit(`network/${name}`);
  }
  domainLegs(cluster, bit);
  return bit;
}

interface Input {
  readonly cluster: Cluster;
  readonly nodes: readonly ModelNode[];
  readonly bit: BitOf;
}

export function elementsOf(input: Input, externals: readonly string[]): readonly Element[] {
  const { cluster, bit } = input;
  return [
    ...cluster.hosts.flatMap((host, index) => hostElements(input, host, index)),
    ...networkElements(cluster, bit),
    ...domainElements(cluster, bit),
    ...externals.map((name, index) => ({ name: `external/${name}`, kind: 'external', hits: [], external: index })),
  ];
}

function hostElements({ cluster, nodes, bit }: Input, host: Host, index: number): readonly Element[] {
  const one = (name: string, kind: string, bits: bigint): Element => ({
    name,
    kind,
    hits: [{ host: index, bits }],
    external: -1,
  });
  const here = nodes.filter((node) => node.process === node.index && node.members.includes(index));
  const processes = here.filter((node) => node.rule.passive !== true);
  const dataDisk = here.some((node) => node.rule.dataDisk === true);
  const name = host.name;
  return [
    one(`host/${name}`, 'host', bit('power')),
    one(`host/${name}/isolated`, 'isolated', bit('isolated')),
    ...cluster.networks
      .filter(({ name: network }) => host.interfaces[network] !== undefined)
      .filter(({ name: network }) => interfaceElement(cluster, host, network) === network)
      .map(({ name: network }) =>
        one(
          `nic/${name}/${network}`,
          host.interfaces[network]?.startsWith('bond') === true ? 'bond' : 'nic',
          bit(`nic/${network}`),
        ),
      ),
    one(`disk/${name}/system`, 'disk', bit('disk')),
    ...(dataDisk ? [one(`disk/${name}/data`, 'disk', bit('data-disk'))] : []),
    ...(host.bmc === undefined ? [] : [one(`external/bmc-${name}`, 'bmc', bit('bmc'))]),
    ...processes.flatMap((node) => [
      one(`process/${name}/${node.id}`, 'process', bit(`killed/${node.index}`)),
      one(`process/${name}/${node.id}/frozen`, 'frozen', bit(`frozen/${node.index}`)),
    ]),
  ];
}

function networkElements(cluster: Cluster, bit: BitOf): readonly Element[] {
  return cluster.networks
    .map(({ name }) => ({
      name: `network/${name}`,
      kind: 'network',
      hits: cluster.hosts.flatMap((host, index) =>
        host.interfaces[name] === undefined ? [] : [{ host: index, bits: bit(`network/${name}`) }],
      ),
      external: -1,
    }))
    .filter(({ hits }) => hits.length > 0);
}

function domainElements(cluster: Cluster, bit: BitOf): readonly Element[] {
  const byElement = new Map<string, Map<number, bigint>>();
  for (const leg of domainLegs(cluster, bit)) {
    const hits = byElement.get(leg.element) ?? new Map<number, bigint>();
    byElement.set(leg.element, hits.set(leg.host, (hits.get(leg.host) ?? 0n) | leg.bit));
  }
  return [...byElement].map(([name, hits]) => ({
    name,
    kind: name.slice(0, name.indexOf('/')),
    hits: [...hits].map(([host, bits]) => ({ host, bits })).toSorted((a, b) => a.host - b.host),
    external: -1,
  }));
}
