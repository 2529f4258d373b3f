// Members of a quorum: an odd number from three. Two are worse than one, four tolerate no more than three.
import type { Cluster } from '../../model/cluster.ts';
import { plural } from '../../lib/text.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { membersOf, specRule } from './rule.ts';

const QUORUMS = [
  { service: 'galera', title: 'Galera' },
  { service: 'rabbitmq', title: 'RabbitMQ' },
  { service: 'etcd', title: 'etcd' },
] as const;

export default specRule({
  id: 'spec.quorum-membership',
  severity: 'warning',
  impact: 'The cluster tolerates fewer failures than its number of hosts suggests.',
  source: 'Galera documentation, "Weighted quorum"; RabbitMQ documentation, "Quorum queues"',
  reads: ['hosts', 'services', 'preset'],
  check: ({ spec, cluster }) => [
    ...QUORUMS.flatMap((quorum) => {
      // Where the members come from: the list the user wrote, else the roles of the hosts.
      const path = own(spec.services, quorum.service) === undefined ? ['hosts'] : ['services', quorum.service];
      return quorumHits(cluster, quorum).map((hit) => ({ ...hit, path }));
    }),
    ...controlHits(cluster),
  ],
});

function quorumHits(cluster: Cluster, { service, title }: (typeof QUORUMS)[number]): readonly Omit<Hit, 'path'>[] {
  const mode = own(cluster.services, service)?.['mode'];
  const members = membersOf(cluster, service);
  if (members === undefined || members.length === 0 || mode === 'active-standby' || mode === 'single') return [];
  const verdict = judge(members.length);
  if (verdict === undefined) return [];
  return [
    { ...verdict, on: 'key', message: `${title} has ${plural(members.length, 'member')} (${members.join(', ')}).` },
  ];
}

function judge(members: number): Pick<Hit, 'severity' | 'impact' | 'remediation'> | undefined {
  if (members % 2 === 1 && members >= 3) return undefined;
  if (members === 1) {
    return {
      severity: 'warning',
      impact: 'When its host fails, every service is down until it is back.',
      remediation: 'Give it three hosts.',
    };
  }
  if (members === 2) {
    return {
      severity: 'critical',
      impact: 'When either host fails the other one stops too: no majority is left. Two are worse than one.',
      remediation: 'Add a third member (a host with the role database or messaging is enough), or keep one.',
    };
  }
  return {
    severity: 'warning',
    impact: `${members} members tolerate no more failures than ${members - 1}, and a split into halves stops both.`,
    remediation: `Take one member away or add one: ${members - 1} or ${members + 1}.`,
  };
}

/** The lock of a run is held on a majority of the control hosts. */
function controlHits(cluster: Cluster): readonly Hit[] {
  const control = hostsWithRole(cluster, 'control').map((host) => host.name);
  const covered = (membersOf(cluster, 'galera') ?? []).join() === control.join();
  if (covered || control.length === 0 || (control.length % 2 === 1 && control.length >= 3)) return [];
  return [
    {
      path: ['hosts'],
      on: 'key',
      severity: 'info',
      impact:
        'hastack holds its lock on a majority of them: with half of them away, apply waits or needs --break-lock.',
      message: `There ${control.length === 1 ? 'is 1 control host' : `are ${control.length} control hosts`} (${control.join(', ')}).`,
      remediation: 'An odd number from three is better.',
    },
  ];
}
