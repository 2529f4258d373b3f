// Every host has a management address, and every member of a service the addresses that service uses.
import type { NetworkUse } from '../../model/cluster.ts';
import { hostNamed } from '../../model/cluster.ts';
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { membersOf, specRule } from './rule.ts';

const NEEDS: Readonly<Record<string, readonly NetworkUse[]>> = {
  galera: ['internal', 'replication'],
  rabbitmq: ['internal'],
  memcached: ['internal'],
  haproxy: ['internal'],
  keepalived: ['internal'],
  keystone: ['internal'],
};

interface Need {
  readonly host: string;
  readonly use: NetworkUse;
  readonly why: string;
}

export default specRule({
  id: 'spec.missing-address',
  severity: 'critical',
  impact: 'Services on the host have nothing to listen on, or nobody reaches it.',
  source: 'the spec itself: hastack check --explain shows uses',
  reads: ['networks', 'uses', 'hosts', 'services', 'preset', 'vips'],
  check: ({ spec, cluster }): readonly Hit[] => {
    const needed: readonly Need[] = cluster.hosts.flatMap((host) => [
      { host: host.name, use: 'management', why: 'every host is managed there' },
    ]);
    const served = Object.entries(NEEDS).flatMap(([service, uses]) =>
      (membersOf(cluster, service) ?? []).flatMap((host) =>
        uses.map((use) => ({ host, use, why: `${service} uses it` })),
      ),
    );
    const missing = [...needed, ...served].flatMap(({ host, use, why }) => {
      const network = cluster.uses[use];
      if (network === undefined || own(spec.networks, network) === undefined) return [];
      const has = own(hostNamed(cluster, host)?.addresses, network) !== undefined;
      return has ? [] : [{ host, network, use, why }];
    });
    const firstOfEach = missing.filter(
      (hit, index) => missing.findIndex(({ host, network }) => host === hit.host && network === hit.network) === index,
    );
    return firstOfEach.map(({ host, network, use, why }) => ({
      path: ['hosts', host, 'addresses'],
      on: 'key',
      host,
      message: `${host} has no address on ${network}, which carries ${use} traffic (${why}).`,
      remediation: `Add ${network}: with its address, or map ${use} to another network under uses.`,
    }));
  },
});
