// The hosts of --limit, each of which must be in the spec: a typing error would else change nothing and say nothing.
import { nearest } from '../lib/nearest.ts';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';

export function limitOf(
  cluster: Cluster,
  limit: readonly string[] | undefined,
): { readonly limit?: readonly string[] } {
  if (limit === undefined) return {};
  const names = cluster.hosts.map((host) => host.name);
  const unknown = limit.find((name) => !names.includes(name));
  if (unknown === undefined) return { limit: [...new Set(limit)] };
  const meant = nearest(unknown, names);
  throw new HastackError({
    code: 'usage',
    message: `--limit names ${unknown}, which is no host of ${cluster.name}`,
    hint: meant === undefined ? `its hosts: ${names.join(', ')}` : `did you mean ${meant}?`,
  });
}
