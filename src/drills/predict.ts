// What the failure model says a probe will see: pure, from the rules the components state.
//
// A rule counts when its component is on the probe's way and its instance is hit: the virtual address and HAProxy
// only on the host that holds the VIP; Galera for statements that commit whichever member fails (the others wait
// until it is evicted), for reads only when it is the writer; services behind HAProxy on any host, as every host
// takes its share of the requests; RabbitMQ for the member that leads the queue. What happens side by side does not
// add up: the slowest counts.
//
// A probe measures the longest time in which nothing succeeds. While one of several servers does not answer, requests
// that meet the others do: so a shared service costs this figure nothing at best, all of its interruption at worst.
import type { DrillFaultKind, ProbeName, ProbeResult } from '../model/drill.ts';
import { interruptionOf, type FailureRule, type FaultKind, type Interruption } from '../model/failure.ts';
import { addSeconds, NO_TIME, seconds, slowest, type Seconds } from '../model/seconds.ts';

export type FailureRules = ReadonlyMap<string, FailureRule>;

export interface PredictedFault {
  readonly kind: DrillFaultKind;
  /** Component whose process is failed; absent: the host. */
  readonly component?: string | undefined;
  /** The VIP that users come through. That of the database may be elsewhere. */
  readonly holdsVip: boolean;
  readonly isWriter: boolean;
  readonly leadsQueue?: boolean;
  /** Hosts that share the work; several unless given. */
  readonly hosts?: number;
}

const WAY: Readonly<Record<ProbeName, readonly string[]>> = {
  'http-get': ['keepalived', 'haproxy', 'keystone'],
  'token-validate': ['keepalived', 'haproxy', 'keystone', 'galera', 'memcached'],
  'token-issue': ['keepalived', 'haproxy', 'keystone', 'galera'],
  'mariadb-set': ['keepalived', 'haproxy', 'galera'],
  'rabbitmq-publish': ['rabbitmq'],
  control: [],
};

const ENTRANCE: readonly string[] = ['keepalived', 'haproxy'];
/** One member does the work: it is hit or it is not. */
const ALONE: readonly string[] = ['galera', 'rabbitmq'];

const MODEL_KIND: Readonly<Record<DrillFaultKind, FaultKind | 'unnoticed' | 'unknown'>> = {
  'host-power-off': 'host-power',
  'process-killed': 'process-killed',
  'unit-stopped': 'process-stopped',
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
    const sum = interruption.terms.reduce((all, term) => addSeconds(all, term.seconds), NO_TIME);
    const all = isShared(component, fault) ? seconds(0, 0, sum.high) : sum;
    total = slowest(total, isUncertain(component, probe) ? seconds(0, all.expected, all.high) : all);
  }
  return total;
}

/** What the component states, else what whoever watches over it does: Keepalived over HAProxy. */
function interruptionBy(rules: FailureRules, component: string, kind: FaultKind): Interruption | undefined {
  const rule = rules.get(component);
  const own = rule && interruptionOf(rule, kind);
  return own ?? (component === 'haproxy' ? rules.get('keepalived')?.watches?.[kind] : undefined);
}

/** A shared machine holds any measurement up for so long, seconds: more and the control probe voids the attempt. */
const NOISE = 0.1;

/**
 * On which side of the predicted range the measurement is, if it is outside. A probe that sends every p seconds sees
 * an interruption up to p shorter or longer than it is.
 */
export function outsidePrediction(
  { predicted, periodSeconds }: Pick<ProbeResult, 'predicted' | 'periodSeconds'>,
  measuredSeconds: number,
): 'below' | 'above' | undefined {
  if (predicted === null) return undefined;
  if (measuredSeconds > predicted.high + periodSeconds + NOISE) return 'above';
  return measuredSeconds < predicted.low - periodSeconds ? 'below' : undefined;
}

function isHit(component: string, fault: PredictedFault, probe: ProbeName): boolean {
  if (fault.component !== undefined && fault.component !== component) return false;
  if (ENTRANCE.includes(component)) return fault.holdsVip;
  if (component === 'rabbitmq') return fault.leadsQueue === true;
  if (component === 'galera') return probe === 'mariadb-set' || fault.isWriter;
  return true;
}

/** Of several servers one does not answer; requests that meet the others do. */
function isShared(component: string, fault: PredictedFault): boolean {
  return ![...ENTRANCE, ...ALONE].includes(component) && (fault.hosts ?? 2) > 1;
}

/** Perhaps the probe does not come through it at all. */
function isUncertain(component: string, probe: ProbeName): boolean {
  // The VIP of the database is another one, and may be on the same host or not.
  if (ENTRANCE.includes(component)) return probe === 'mariadb-set';
  // A token that was validated before is found in the cache.
  return component === 'galera' && probe === 'token-validate';
}
