// How Ceph fails. Monitors decide who is alive: a majority must live. Data is served as long as min_size copies of it
// are there, and a copy is one host. The terms are the timers of ceph-conf.ts.
import type { ClusterContext } from '../../model/component.ts';
import { atLeast, majority } from '../../model/failure.ts';
import type { FailureRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { timer } from '../oslo/timers.ts';
import { volumeStore } from '../oslo/volume-store.ts';
import { TIMERS } from './ceph-conf.ts';
import { copiesOf, osdHosts } from './layout.ts';

/** Seconds beyond the grace; measured with a grace of 4: 5.7 to 6.8 s in all. */
const AFTER_GRACE = 2.8;

export function monitorFailure(ctx: ClusterContext): FailureRule {
  const monLease = cephTimer(ctx, 'mon_lease', TIMERS.monLease);
  const electionTimeout = cephTimer(ctx, 'mon_election_timeout', TIMERS.electionTimeout);
  const election = term(
    'the monitors elect a leader',
    seconds(0, monLease + electionTimeout, 2 * (monLease + electionTimeout)),
    'ceph.conf mon_lease, mon_election_timeout',
  );
  return {
    needs: majority,
    // A client with an open session needs no monitor for its next request.
    interruption: { 'process-killed': election, 'process-frozen': election, 'host-power': election },
    ...disks(ctx),
    improve: 'five monitors survive two failures: services: { ceph: { monitors: [...] } }',
  };
}

export function osdFailure(ctx: ClusterContext): FailureRule {
  const heartbeatGrace = cephTimer(ctx, 'osd_heartbeat_grace', TIMERS.heartbeatGrace);
  const heartbeatInterval = cephTimer(ctx, 'osd_heartbeat_interval', TIMERS.heartbeatInterval);
  const silent = term(
    'the monitors mark the silent OSDs down, clients go to the other copies',
    seconds(heartbeatGrace, heartbeatGrace + AFTER_GRACE, 2 * heartbeatGrace + 2 * heartbeatInterval),
    'ceph.conf osd_heartbeat_grace, osd_heartbeat_interval; measured 5.7 to 6.8 s with 4 s, 1 s',
  );
  const refused = term(
    'peers report the refused connection',
    seconds(1, 3, 10),
    'ceph.conf osd_fast_fail_on_connection_refused; not measured',
  );
  const { size, minSize } = copiesOf(ctx.cluster);
  return {
    // One copy per host: with more hosts away than copies may be missing, some data waits.
    needs: atLeast(Math.max(1, osdHosts(ctx.cluster).length - (size - minSize))),
    dataDisk: true,
    interruption: {
      'process-killed': refused,
      'process-frozen': silent,
      'host-power': silent,
      'disk-failed': refused,
    },
    ...disks(ctx),
    improve: 'a shorter osd_heartbeat_grace shortens the pause; a failure domain of racks survives a rack',
  };
}

/** Disks of instances are on it when volumes are. */
function disks(ctx: ClusterContext): Pick<FailureRule, 'capabilities'> {
  return volumeStore(ctx.cluster) === 'ceph' ? { capabilities: ['disk-io'] } : {};
}

function cephTimer(ctx: ClusterContext, option: string, rendered: number): number {
  return timer(ctx, { file: 'ceph.conf', section: 'global', option }, rendered);
}

function term(name: string, time: ReturnType<typeof seconds>, source: string): Interruption {
  return { terms: [{ name, seconds: time, source }] };
}
