// How the parts of OpenStack services fail: APIs behind the balancers, and workers that live off queues. The same for
// all of them, from the timers of haproxy.cfg and oslo.messaging.
import type { Cluster } from '../../model/cluster.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { silentServer } from './balancer.ts';
import { RPC_TIMEOUT } from './messaging.ts';

interface Named {
  readonly id: string;
  readonly title: string;
}

/** The VIP users reach a service at: `services: { nova: { vip: ... } }`. */
export function vipOf(cluster: Cluster, service: string, otherwise: 'public' | 'internal' = 'public'): string {
  const wanted = cluster.services[service]?.['vip'];
  return typeof wanted === 'string' ? wanted : otherwise;
}

/** An API on several hosts behind the balancers; a killed one refuses connections, which costs nobody a request. */
export function apiRule(named: Named, rule: Partial<ComponentRule> & { readonly vip: string }): ComponentRule {
  return {
    ...named,
    needs: atLeast(1),
    uses: ['internal'],
    interruption: {
      'process-killed': { terms: [] },
      'process-frozen': silentServer(),
      'host-power': silentServer(),
    },
    ...rule,
  };
}

/** Daemons that take their work from queues: a living one takes what a dead one left. */
export function workerRule(named: Named, rule: Partial<ComponentRule> = {}): ComponentRule {
  const gone: Interruption = {
    terms: [
      {
        name: 'calls to the dead worker time out and are sent again',
        seconds: seconds(0, 5, RPC_TIMEOUT),
        source: 'oslo.messaging rpc_response_timeout',
      },
    ],
  };
  const requeued: Interruption = {
    terms: [
      {
        name: 'its connection closes and what it had not acknowledged goes to another worker',
        seconds: seconds(0, 1, RPC_TIMEOUT),
        source: 'AMQP; a call that was being worked on times out',
      },
    ],
  };
  return {
    ...named,
    needs: atLeast(1),
    uses: ['internal'],
    interruption: { 'process-killed': requeued, 'process-frozen': gone, 'host-power': gone },
    ...rule,
  };
}
