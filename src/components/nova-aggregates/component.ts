// Host aggregates and availability zones of the spec: groups of compute hosts that flavors, images and users can ask
// for. A zone is an aggregate that has one. Made once for the cluster, by a control host, when all compute hosts are up.
// Manual: https://docs.openstack.org/nova/2025.1/admin/aggregates.html, /admin/availability-zones.html
import type { Cluster } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { component } from '../../model/component.ts';
import { file } from '../../resources/file.ts';
import { runOnce } from '../../resources/run.ts';
import { AGGREGATES_PROGRAM } from './program.ts';

const PROGRAM = '/usr/local/lib/hastack/nova-aggregates';
const WANTED = '/etc/hastack/nova-aggregates.json';

export default component({
  id: 'nova-aggregates',
  title: 'Host aggregates and availability zones',
  service: 'nova',
  roles: [],
  placedOn: novaHosts,
  after: ['nova', 'nova-compute'],
  when: (cluster) => wantedOf(cluster) !== undefined,
  steps: [
    {
      on: 'each',
      resources: ({ cluster }) => [
        file({ path: PROGRAM, content: AGGREGATES_PROGRAM, mode: '0755' }),
        file({ path: WANTED, content: `${JSON.stringify(wantedOf(cluster), null, 2)}\n` }),
      ],
    },
    {
      on: 'one',
      resources: ({ cluster }) => [
        runOnce({
          name: 'nova-aggregates',
          // Of the wish too: a check before its file is there would judge by the last one.
          stamp: JSON.stringify(wantedOf(cluster)),
          unless: `timeout 40 ${PROGRAM} check`,
          script: `${PROGRAM} apply`,
          timeout: 240,
        }),
      ],
    },
  ],
  // Entries in Nova's database.
  failure: () => [],
});

function novaHosts(cluster: Cluster): readonly string[] {
  const listed = cluster.services['nova']?.['hosts'];
  return Array.isArray(listed) ? listed.map(String) : hostsWithRole(cluster, 'control').map(({ name }) => name);
}

/** `services.nova.aggregates`, checked by the schema. */
function wantedOf(cluster: Cluster): Readonly<Record<string, unknown>> | undefined {
  const wanted = cluster.services['nova']?.['aggregates'];
  return typeof wanted === 'object' && wanted !== null ? (wanted as Readonly<Record<string, unknown>>) : undefined;
}
