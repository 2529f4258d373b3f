// How the parts of OpenStack services fail: APIs behind the balancers, and workers that live off queues. The same for
// all of them, from the timers of haproxy.cfg and oslo.messaging.
import type { Cluster } from '../../model/cluster.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { FASTER_CHECKS, silentServer } from './balancer.ts';
import { RPC_TIMEOUT } from './messaging.ts';
import { timer } from './timers.ts';
import type { TimerContext } from './timers.ts';

interface Named {
  readonly id: string;
  readonly title: string;
}

interface Worker extends Named {
  /** Base name of its configuration file. */
  readonly conf: string;
}

/** The VIP users reach a service at: `services: { nova: { vip: ... } }`. */
export function vipOf(cluster: Cluster, service: string, otherwise: 'public' | 'internal' = 'public'): string {
  const wanted = cluster.services[service]?.['vip'];
  return typeof wanted === 'string' ? wanted : otherwise;
}

/** An API on several hosts behind the balancers; a killed one refuses connections, which costs nobody a request. */
export function apiRule(
  ctx: TimerContext,
  named: Named,
  rule: Partial<ComponentRule> & { readonly vip: string },
): ComponentRule {
  const silent = silentServer(ctx, named.id);
  return {
    ...named,
    needs: atLeast(1),
    uses: ['internal'],
    interruption: {
      'process-killed': { terms: [] },
      'process-frozen': silent,
      'host-power': silent,
    },
    improve: FASTER_CHECKS,
    ...rule,
  };
}

/** Daemons that take their work from queues: a living one takes what a dead one left. */
export function workerRule(
  ctx: TimerContext,
  { conf, ...named }: Worker,
  rule: Partial<ComponentRule> = {},
): ComponentRule {
  const timeout = timer(ctx, { file: conf, section: 'DEFAULT', option: 'rpc_response_timeout' }, RPC_TIMEOUT);
  const gone: Interruption = {
    terms: [
      {
        name: 'calls to the dead worker time out and are sent again',
        seconds: seconds(0, Math.min(5, timeout), timeout),
        source: `${conf} rpc_response_timeout`,
      },
    ],
  };
  const requeued: Interruption = {
    terms: [
      {
        name: 'its connection closes and what it had not acknowledged goes to another worker',
        seconds: seconds(0, Math.min(1, timeout), timeout),
        source: `AMQP; a call that was being worked on times out: ${conf} rpc_response_timeout`,
      },
    ],
  };
  return {
    ...named,
    needs: atLeast(1),
    uses: ['internal'],
    interruption: { 'process-killed': requeued, 'process-frozen': gone, 'host-power': gone },
    improve: `a shorter rpc_response_timeout, for calls that are never slow: config: { ${conf}: { DEFAULT: { rpc_response_timeout: 30 } } }`,
    ...rule,
  };
}
