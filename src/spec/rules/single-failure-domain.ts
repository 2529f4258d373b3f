// All controllers in one rack or on one power feed: one fault takes the control plane.
import type { Cluster, Host } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.single-failure-domain',
  severity: 'warning',
  impact: 'One fault of it takes the whole control plane.',
  source: 'OpenStack High Availability Guide, introduction',
  reads: ['hosts'],
  check: ({ cluster }) => {
    const control = hostsWithRole(cluster, 'control');
    if (control.length < 2) return [];
    return domainKinds(cluster).flatMap((kind) => {
      const shared = commonDomain(control, kind);
      if (shared === undefined) return [];
      return [
        {
          path: ['hosts', control[0]?.name ?? '', 'domains', kind],
          message: `All control hosts share one ${kind} (${shared}).`,
          remediation: `Put them into different ones and write domains: { ${kind}: ... } for each host.`,
        },
      ];
    });
  },
});

function domainKinds(cluster: Cluster): readonly string[] {
  return [...new Set(cluster.hosts.flatMap((host) => Object.keys(host.domains)))];
}

function commonDomain(hosts: readonly Host[], kind: string): string | undefined {
  const domains = new Set(hosts.map((host) => (Object.hasOwn(host.domains, kind) ? host.domains[kind] : undefined)));
  const [only] = domains;
  return domains.size === 1 ? only : undefined;
}
