// How the parts of Nova's control plane fail: its APIs behind the balancers, its workers, and what users see of all of
// them together. What happens on compute hosts is stated where they are (simulate/rules, or their component).
import type { ClusterContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { TO_BOOT } from '../../simulate/rules/instances.ts';
import { silentServer } from '../oslo/balancer.ts';
import { apiRule, vipOf, workerRule } from '../oslo/failure.ts';
import { API, CONDUCTOR, CONSOLE, METADATA, NAME, SCHEDULER } from './names.ts';

export function novaFailure({ cluster }: ClusterContext): readonly ComponentRule[] {
  const vip = vipOf(cluster, NAME);
  const silent = silentServer({ cluster }, CONSOLE);
  return [
    apiRule(
      { cluster },
      { id: API, title: 'Nova API' },
      { vip, requires: ['keystone', 'database', 'messaging', 'memcached', CONDUCTOR] },
    ),
    {
      id: 'nova-boot',
      title: 'booting an instance',
      needs: atLeast(0),
      passive: true,
      requires: TO_BOOT,
      capabilities: ['instances'],
      interruption: {},
    },
    workerRule({ cluster }, { id: CONDUCTOR, title: 'Nova conductor', conf: 'nova.conf' }),
    workerRule({ cluster }, { id: SCHEDULER, title: 'Nova scheduler', conf: 'nova.conf' }),
    apiRule(
      { cluster },
      { id: METADATA, title: 'Nova metadata' },
      { vip: 'internal', requires: ['database', 'memcached'] },
    ),
    apiRule(
      { cluster },
      { id: CONSOLE, title: 'Nova console proxy' },
      {
        vip,
        requires: ['keystone', API],
        capabilities: ['console'],
        interruption: { 'process-killed': reopened(), 'process-frozen': silent, 'host-power': silent },
      },
    ),
  ];
}

function reopened(): Interruption {
  return {
    terms: [
      {
        name: 'open consoles are closed and opened again',
        seconds: seconds(0, 1, 5),
        source: 'a session lives in one process',
      },
    ],
  };
}
