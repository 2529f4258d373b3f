// VIPs as nodes: each has its candidates in the order of their priority, and is interrupted when its holder is hit.
// Who moves it says how long that takes; a candidate needs its mover, its proxy and every tracked network.
import type { Cluster } from '../model/cluster.ts';
import { atLeast } from '../model/failure.ts';
import type { PlacedRule } from '../model/failure.ts';

export const MOVERS: readonly string[] = ['keepalived', 'vip-mover'];

export function vipNodes(cluster: Cluster, rules: readonly PlacedRule[]): readonly PlacedRule[] {
  const mover = rules.find((rule) => MOVERS.includes(rule.id));
  if (mover === undefined || mover.hosts.length === 0) return [];
  return cluster.vips.map((vip, index) => ({
    ...mover,
    id: `vip/${vip.name}`,
    title: `VIP ${vip.name}`,
    hosts: inOrder(mover.hosts, index),
    needs: atLeast(1),
    serves: 'one',
    capabilities: [],
    passive: true,
  }));
}

/** Each VIP prefers another host, as its priorities say: the first VIP the first host, the second the second. */
function inOrder(hosts: readonly string[], index: number): readonly string[] {
  const start = index % hosts.length;
  return [...hosts.slice(start), ...hosts.slice(0, start)];
}
