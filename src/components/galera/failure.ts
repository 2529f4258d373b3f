// How Galera fails. The terms are the timers in my-cnf.ts; measured: power-off 2.3 to 2.7 s at the database,
// 2.5 to 3.4 s through HAProxy, whichever of the two is slower.
import type { ClusterContext } from '../../model/component.ts';
import type { FailureRule, Interruption } from '../../model/failure.ts';
import { majority } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { EVS } from './my-cnf.ts';

export function galeraFailure(ctx: ClusterContext): FailureRule {
  const eviction: Interruption = {
    terms: [
      {
        name: 'Galera suspects the silent member',
        seconds: seconds(EVS.suspect, EVS.suspect, EVS.suspect + EVS.checkPeriod),
        source: 'my.cnf wsrep_provider_options evs.suspect_timeout, evs.inactive_check_period',
      },
      {
        name: 'the survivors agree on a new view',
        seconds: seconds(0, EVS.joinRetrans, 1 + EVS.joinRetrans),
        source: 'my.cnf wsrep_provider_options evs.join_retrans_period',
      },
    ],
  };
  // The balancers list the last member first and keep to it (haproxy/config.ts).
  const writer = ctx.members('galera').at(-1)?.name;
  return {
    needs: majority,
    ...(writer === undefined ? {} : { writer }),
    improve: 'spread three members over three racks and power feeds; five members survive two failures',
    interruption: {
      'process-killed': eviction,
      'process-frozen': eviction,
      'host-power': eviction,
      'host-isolated': eviction,
      'nic-cut': eviction,
    },
  };
}
