// What stands in the Ceph cluster: the pools of volumes, instances, images and backups, and a user per service with
// access to its pools only. Made on a monitor host once OSDs serve. The daemons are the components ceph-mon and
// ceph-osd, the files of clients ceph-client.
// Manual: https://docs.ceph.com/en/reef/rbd/rbd-openstack/
import { component } from '../../model/component.ts';
import type { ClusterContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { cephPool, cephUser } from '../../resources/ceph.ts';
import { sh } from '../../remote/shell.ts';
import { copiesOf, hasCeph, monitorHosts, poolPlans } from './layout.ts';
import { capabilitiesOf } from './users.ts';

export default component({
  id: 'ceph',
  title: 'Ceph pools and users',
  roles: [],
  placedOn: monitorHosts,
  after: ['ceph-client', 'ceph-mon', 'ceph-osd'],
  when: hasCeph,
  steps: [{ on: 'one', resources: poolsAndUsers }],
  health: () => [{ name: 'Ceph serves all data', script: HEALTH }],
  // No process of its own.
  failure: () => [],
});

function poolsAndUsers(ctx: ClusterContext): readonly Resource[] {
  const users = new Map(ctx.contributions('cephUser').map((each) => [each.user, each]));
  return [
    ...poolPlans(ctx.cluster).map((plan) => cephPool({ ...plan, ...copiesOf(ctx.cluster) })),
    ...[...users.values()].map((wanted) =>
      cephUser({
        entity: `client.${wanted.user}`,
        key: ctx.secret(wanted.secret),
        capabilities: capabilitiesOf(wanted),
      }),
    ),
  ];
}

/**
 * Not HEALTH_OK: Debian 13's managers warn for good of modules that they cannot load. Nor the states of placement
 * groups alone: without a manager they are those of an earlier time.
 */
const JUDGE = `import json, sys
SERIOUS = ("MON_DOWN", "MGR_DOWN", "OSD_DOWN", "OSD_HOST_DOWN", "OSD_FULL", "OSD_NEARFULL", "POOL_FULL",
           "PG_AVAILABILITY", "PG_DEGRADED", "PG_DAMAGED", "OSD_SCRUB_ERRORS", "SLOW_OPS")
checks = json.load(sys.stdin).get("checks", {})
bad = [f"{code}: {checks[code]['summary']['message']}" for code in SERIOUS if code in checks]
print("; ".join(bad) or "no serious warning")
sys.exit(1 if bad else 0)`;
const HEALTH = `answer=$(timeout 15 ceph --connect-timeout 8 health --format json </dev/null 2>/dev/null) || { echo 'the monitors do not answer'; exit 1; }
printf '%s' "$answer" | ${sh`python3 -c ${JUDGE}`}`;
