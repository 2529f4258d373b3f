// The failure model of a cluster: what can fail, and the nodes (services, VIPs) with their members and needs.
// Compiled once from the cluster and the rules of its components; everything that is asked later reads only this.
// Pure. A requirement that is not deployed is left out; a circle of requirements is a bug of the rules and throws.
import type { Capability } from '../model/capability.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import { CAPABILITIES } from '../model/capability.ts';
import type { FailureRule, PlacedRule } from '../model/failure.ts';
import type { Element } from './elements.ts';
import { elementsOf, modelBits } from './elements.ts';
import { hostShape } from './bits.ts';
import type { BitOf, HostShape } from './bits.ts';
import { topologicalOrder } from '../lib/graph.ts';
import { MOVERS, vipNodes } from './vips.ts';

export interface Requirement {
  /** Index of a node. */
  readonly node: number;
  readonly readsOnly: boolean;
}

export interface ModelNode {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly rule: FailureRule;
  readonly deployable: boolean;
  /** Host indices in the order in which they serve. */
  readonly members: readonly number[];
  /** How many of them must live. */
  readonly needed: number;
  /** Networks a member must be on. */
  readonly networks: readonly string[];
  /** Networks of which one is enough. */
  readonly anyOf: readonly string[];
  readonly strands: readonly string[];
  readonly requires: readonly Requirement[];
  /** Node whose process on a host this one is; another than itself for a VIP: who moves it. */
  readonly process: number;
  /** Only for the node of a VIP: the proxy on the same host, which must live too. */
  readonly proxy?: number;
}

export interface FailureModel {
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
  readonly nodes: readonly ModelNode[];
  readonly bit: BitOf;
  readonly shapes: readonly HostShape[];
  readonly elements: readonly Element[];
  /** Names of things outside, as in `external/uplink`. */
  readonly externals: readonly string[];
  /** Capabilities this cluster gives, each with every node it needs. */
  readonly capabilities: readonly ModelCapability[];
  readonly notOffered: readonly { readonly capability: Capability; readonly why: string }[];
}

export interface ModelCapability {
  readonly capability: Capability;
  /** Nodes that give it themselves. */
  readonly providers: readonly number[];
  /** All nodes it needs, the providers first; `readsOnly` when every way to it only reads. */
  readonly closure: readonly Requirement[];
}

export function failureModel(cluster: Cluster, rules: readonly PlacedRule[]): FailureModel {
  const nodes = compileNodes(cluster, rules);
  const bit = modelBits(cluster);
  const externals = [
    ...new Set(['operator', ...surroundings(cluster), ...nodes.flatMap((node) => node.rule.externals ?? [])]),
  ];
  const asked = CAPABILITIES.map((capability) => capabilityOf(nodes, capability)).filter(
    (each) => each.providers.length > 0,
  );
  const missing = asked.flatMap(({ capability, closure }) => {
    const empty = closure
      .map(({ node }) => nodes[node])
      .find((node) => node !== undefined && node.members.length < node.needed);
    return empty === undefined ? [] : [{ capability, why: `no host runs ${empty.title}` }];
  });
  return {
    cluster,
    hosts: cluster.hosts,
    nodes,
    externals,
    bit,
    shapes: cluster.hosts.map((host) => hostShape(cluster, host, bit)),
    elements: elementsOf({ cluster, nodes, bit }, externals),
    capabilities: asked.filter(({ capability }) => !missing.some((each) => each.capability === capability)),
    notOffered: missing,
  };
}

/** What every cluster leans on, whether a rule names it or not: `operator` is the machine hastack runs on. */
function surroundings(cluster: Cluster): readonly string[] {
  const edge = cluster.networks.some((network) => network.zone === 'edge');
  return [...(cluster.dns.length > 0 ? ['dns'] : []), 'ntp', ...(edge ? ['uplink'] : [])];
}

/** Names that stand for whichever of several components a cluster has. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  database: ['galera', 'mariadb'],
  messaging: ['rabbitmq'],
};

const PROXIES: readonly string[] = ['haproxy', ...MOVERS];

function compileNodes(cluster: Cluster, rules: readonly PlacedRule[]): readonly ModelNode[] {
  const all = [...rules, ...vipNodes(cluster, rules)];
  const index = new Map(all.map((rule, position) => [rule.id, position]));
  const position = new Map(cluster.hosts.map((host, at) => [host.name, at]));
  const nodes = all.map((rule, at) => nodeOf(rule, at, { cluster, index, position }));
  topologicalOrder(
    nodes.map((node) => node.id),
    (id) => (nodes[index.get(id) ?? -1]?.requires ?? []).map((each) => nodes[each.node]?.id ?? ''),
  );
  return nodes;
}

interface Lookup {
  readonly cluster: Cluster;
  readonly index: ReadonlyMap<string, number>;
  readonly position: ReadonlyMap<string, number>;
}

function nodeOf(rule: PlacedRule, at: number, { cluster, index, position }: Lookup): ModelNode {
  const members = rule.hosts.flatMap((host) => position.get(host) ?? []);
  const isVip = rule.id.startsWith('vip/');
  const proxy = isVip ? index.get('haproxy') : undefined;
  const mover = MOVERS.flatMap((id) => index.get(id) ?? [])[0];
  // A holder that lost any network its clients or backends are on is no use as a holder.
  const tracked = isVip ? [...cluster.vips.map((vip) => vip.network), cluster.uses.internal ?? ''] : [];
  const used = (rule.uses ?? []).flatMap((use) => cluster.uses[use] ?? []);
  return {
    index: at,
    id: rule.id,
    title: rule.title,
    rule,
    deployable: rule.deployable,
    members,
    needed: neededOf(rule, members.length),
    networks: [...new Set([...used, ...tracked])].filter((name) => name !== ''),
    anyOf: [...new Set((rule.usesAny ?? []).flatMap((use) => cluster.uses[use] ?? []))],
    strands: [...new Set((rule.strands ?? []).flatMap((use) => cluster.uses[use] ?? []))],
    requires: requirementsOf(rule, index),
    process: isVip ? (mover ?? at) : at,
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function requirementsOf(rule: PlacedRule, index: ReadonlyMap<string, number>): readonly Requirement[] {
  const named = (rule.requires ?? [])
    .filter((id) => !PROXIES.includes(id))
    .flatMap((id) => (ALIASES[id] ?? [id]).map((actual) => ({ id, actual })))
    .flatMap(({ id, actual }) => {
      const node = index.get(actual);
      const readsOnly = (rule.readsOnly ?? []).some((read) => read === id || read === actual);
      return node === undefined ? [] : [{ node, readsOnly }];
    });
  const vip = rule.vip === undefined ? undefined : index.get(`vip/${rule.vip}`);
  return vip === undefined ? named : [...named, { node: vip, readsOnly: false }];
}

function neededOf(rule: FailureRule, members: number): number {
  if (rule.serves === 'own') return 1;
  switch (rule.needs.kind) {
    case 'at-least':
      return rule.needs.count;
    case 'majority':
      return Math.floor(members / 2) + 1;
    case 'all':
      return Math.max(1, members);
  }
}

function capabilityOf(nodes: readonly ModelNode[], capability: Capability): ModelCapability {
  const providers = nodes.filter((node) => node.rule.capabilities?.includes(capability)).map((node) => node.index);
  // What is written to through any way is written to; a second visit only to find that out.
  const found = new Map<number, boolean>();
  const visit = (node: number, readsOnly: boolean): void => {
    const before = found.get(node);
    if (before === false || before === readsOnly) return;
    found.set(node, readsOnly);
    for (const next of nodes[node]?.requires ?? []) visit(next.node, next.readsOnly);
  };
  for (const provider of providers) visit(provider, false);
  return { capability, providers, closure: [...found].map(([node, readsOnly]) => ({ node, readsOnly })) };
}
