// Whether the compute hosts that are left can hold every instance, by the largest failure of each kind. The spec says
// nothing about their sizes, so hosts count alike. Pure.
import { hostsWithRole } from '../model/cluster.ts';
import type { CapacityAfter } from '../model/simulation.ts';
import type { FailureModel } from './model.ts';

export function capacityAfter(model: FailureModel): readonly CapacityAfter[] {
  const names = new Set(hostsWithRole(model.cluster, 'compute').map((host) => host.name));
  if (names.size === 0) return [];
  const compute = new Set(model.hosts.flatMap((host, index) => (names.has(host.name) ? [index] : [])));
  const largest = new Map<string, CapacityAfter>();
  for (const { name, kind, hits } of model.elements) {
    if (!TAKES_HOSTS(kind)) continue;
    const lost = hits.filter(
      ({ host, bits }) => compute.has(host) && (model.shapes[host]?.dead ?? []).some((mask) => mask === bits),
    ).length;
    const left = names.size - lost;
    if (lost === 0 || left >= (largest.get(kind)?.left ?? Number.POSITIVE_INFINITY)) continue;
    largest.set(kind, {
      failed: name,
      computeHosts: names.size,
      left,
      fillAtMost: Math.floor((left / names.size) * 100) / 100,
    });
  }
  return [...largest.values()];
}

/** Single parts of a host take nothing from the others. */
const TAKES_HOSTS = (kind: string): boolean =>
  !['isolated', 'nic', 'bond', 'disk', 'process', 'frozen', 'network', 'switch', 'external', 'bmc'].includes(kind);
