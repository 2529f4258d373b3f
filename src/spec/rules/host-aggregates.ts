// Host aggregates group compute hosts of the cluster, and a host is in one availability zone.
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.host-aggregates',
  severity: 'critical',
  impact: 'Nova refuses the aggregate, and the deployment ends there.',
  source: 'https://docs.openstack.org/nova/2025.1/admin/availability-zones.html',
  reads: ['hosts', 'services'],
  check: ({ spec, cluster }) => {
    const nova = own(spec.services, 'nova');
    const aggregates = typeof nova === 'object' ? aggregatesOf(nova['aggregates']) : [];
    const zones = new Map<string, string>();
    return aggregates.flatMap(({ name, hosts, zone }) =>
      hosts.flatMap((host, index): readonly Hit[] => {
        const path = ['services', 'nova', 'aggregates', name, 'hosts', index];
        const found = cluster.hosts.find((each) => each.name === host);
        if (found?.roles.includes('compute') !== true) {
          const message = `The aggregate ${name} names ${host}, which is no compute host of the cluster.`;
          return [{ path, message, remediation: 'Name a host with the role compute.' }];
        }
        const other = zone === undefined ? undefined : zones.get(host);
        if (zone !== undefined && other === undefined) zones.set(host, zone);
        if (other === undefined || other === zone) return [];
        return [
          {
            path,
            host,
            message: `${host} would be in two availability zones, ${other} and ${String(zone)}.`,
            remediation: 'Take it out of one of them, or leave the zone out of one aggregate.',
          },
        ];
      }),
    );
  },
});

interface Aggregate {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly zone: string | undefined;
}

/** Checked by the schema. */
function aggregatesOf(value: unknown): readonly Aggregate[] {
  const aggregates = (value ?? {}) as Readonly<Record<string, { hosts: readonly string[]; zone?: string | undefined }>>;
  return Object.entries(aggregates).map(([name, { hosts, zone }]) => ({ name, hosts, zone }));
}
