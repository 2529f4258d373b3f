// How the OVN databases fail. While no leader is elected Neutron cannot change anything; packets flow on.
import type { ClusterContext } from '../../model/component.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { majority } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { ELECTION_TIMER_MS } from './members.ts';

export function ovnCentralFailure(ctx: ClusterContext): readonly ComponentRule[] {
  // Two are no majority when one fails: Pacemaker runs them as active and standby there, which is not deployed yet.
  if (ctx.members('ovn-central').length < 3 && ctx.cluster.availability.engine === 'pacemaker') return [];
  const timer = ELECTION_TIMER_MS / 1000;
  const election: Interruption = {
    terms: [
      {
        name: 'the other database servers elect a leader, when it was the leader',
        seconds: seconds(0, timer * 0.9, timer * 2),
        source: 'ovsdb-tool create-cluster --election-timer; measured 2.9 to 3.7 s with 4 s',
      },
    ],
  };
  const rule: ComponentRule = {
    id: 'ovn-db',
    title: 'OVN databases',
    needs: majority,
    uses: ['internal'],
    improve: 'three or five hosts with the role network: two databases are no majority when one fails',
    interruption: {
      'process-killed': election,
      'process-frozen': election,
      'host-power': election,
      'host-isolated': election,
      'nic-cut': election,
    },
  };
  return [rule];
}
