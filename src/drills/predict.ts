// What the failure model says a probe will see: pure, from the rules the components state.
//
// A rule counts when its component is on the probe's way and its instance is hit: the virtual address and HAProxy
// only on the host that holds the VIP; Galera for statements that commit whichever member fails (the others wait
// until it is evicted), for reads only when it is the writer; services behind HAProxy on any host, as every host
// takes its share of the requests; RabbitMQ for the member that leads the queue. What happens side by side does not
// add up: the slowest counts.
import type { DrillFaultKind, ProbeName } from '../model/drill.ts';
import { interruptionOf, type FailureRule, type FaultKind, type Interruption } from '../model/failure.ts';
import { addSeconds, NO_TIME, slowest, type Seconds } from '../model/seconds.ts';

export type FailureRules = ReadonlyMap<string, FailureRule>;

export interface PredictedFault {
  readonly kind: DrillFaultKind;
  /** Component whose process is failed; absent: the host. */
  readonly component?: string | undefined;
  readonly holdsVip: boolean;
  readonly isWriter: boolean;
  readonly leadsQueue?: boolean;
}

const WAY: Readonly<Record<ProbeName, readonly string[]>> = {
  'http-get': ['keepalived', 'haproxy', 'keystone'],
  'token-validate': ['keepalived', 'haproxy', 'keystone', 'galera', 'memcached'],
  'token-issue': ['keepalived', 'haproxy', 'keystone', 'galera'],
  'mariadb-set': ['keepalived', 'haproxy', 'galera'],
  'rabbitmq-publish': ['rabbitmq'],
  control: [],
};

const MODEL_KIND: Readonly<Record<DrillFaultKind, FaultKind | 'unnoticed' | 'unknown'>> = {
  'host-power-off': 'host-power',
  'process-killed': 'process-killed',
  // An orderly stop closes its connections, as a kill does.
  'unit-stopped': 'process-killed',
  // Out of the load balancers before it stops: nobody is there to notice.
  'unit-drained-stopped': 'unnoticed',
  'unit-frozen': 'process-frozen',
  'nic-cut': 'nic-cut',
  'host-isolated': 'host-isolated',
  // The rules say nothing of these: the limits of the drills alone judge them.
  // Clients of the minority wait until it pauses, which is another time than the eviction that the rules state.
  partition: 'unknown',
  'partition-one-way': 'unknown',
  'packet-loss': 'unknown',
  'vip-deleted': 'unknown',
  'certificate-expired': 'unknown',
  'disk-full': 'unknown',
  'host-reboot': 'unknown',
};

/** undefined: a component on the way is hit and states nothing, so nothing is known. */
export function predict(rules: FailureRules, fault: PredictedFault, probe: ProbeName): Seconds | undefined {
  const kind = MODEL_KIND[fault.kind];
  if (kind === 'unnoticed' || WAY[probe].length === 0) return NO_TIME;
  if (kind === 'unknown') return undefined;
  let total = NO_TIME;
  for (const component of WAY[probe]) {
    if (!isHit(component, fault, probe) || (!rules.has(component) && fault.component === undefined)) continue;
    const interruption = interruptionBy(rules, component, kind);
    if (!interruption) {
      if (fault.component === component) return undefined;
      continue;
    }
    const sum = interruption.terms.reduce((seconds, term) => addSeconds(seconds, term.seconds), NO_TIME);
    total = slowest(total, sum);
  }
  return total;
}

/** What the component states, else what whoever watches over it does: Keepalived over HAProxy. */
function interruptionBy(rules: FailureRules, component: string, kind: FaultKind): Interruption | undefined {
  const rule = rules.get(component);
  const own = rule && interruptionOf(rule, kind);
  return own ?? (component === 'haproxy' ? rules.get('keepalived')?.watches?.[kind] : undefined);
}

function isHit(component: string, fault: PredictedFault, probe: ProbeName): boolean {
  if (fault.component !== undefined && fault.component !== component) return false;
  if (component === 'keepalived' || component === 'haproxy') return fault.holdsVip;
  if (component === 'rabbitmq') return fault.leadsQueue === true;
  if (component === 'galera') return probe === 'mariadb-set' || fault.isWriter;
  return true;
}
