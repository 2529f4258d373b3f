// The hosts of Cinder, for the parts of it that only some stores need.
import type { Cluster } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';

export function cinderHosts(cluster: Cluster): readonly string[] {
  const listed = cluster.services['cinder']?.['hosts'];
  return Array.isArray(listed) ? listed.map(String) : hostsWithRole(cluster, 'control').map(({ name }) => name);
}
