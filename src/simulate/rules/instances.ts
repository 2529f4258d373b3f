// The compute hosts, and what happens to the instances of a host that dies.
// Manual: https://docs.openstack.org/nova/2025.1/admin/
import { atLeast } from '../../model/failure.ts';
import type { PlacedRule } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { computeHosts, interruption, placed } from './context.ts';
import type { RuleContext } from './context.ts';

/** Whatever must work so that an instance is built; those that a cluster lacks are left out. */
export const TO_BOOT = [
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-compute',
  'keystone',
  'glance',
  'placement',
  'neutron-api',
  'neutron-dhcp',
  'database',
  'messaging',
  'memcached',
];

/** What no component states: the compute hosts. */
export function computeRules(ctx: RuleContext): readonly PlacedRule[] {
  return [compute(ctx), ...('instance-ha' in ctx.cluster.services ? [] : [mortalInstances(ctx)])];
}

function compute(ctx: RuleContext): PlacedRule {
  const stale = interruption({
    name: 'requests that the scheduler still sends to the dead host wait until it is known to be down',
    seconds: seconds(0, 60, 75),
    source: 'nova.conf service_down_time (60 s), report_interval (10 s)',
  });
  return {
    ...placed(
      ctx,
      { id: 'nova-compute', title: 'Nova compute' },
      {
        needs: atLeast(1),
        uses: ['internal'],
        interruption: { 'process-killed': stale, 'process-frozen': stale, 'host-power': stale },
        improve:
          'a shorter service_down_time; more compute hosts make the share of requests that meet the dead one smaller',
      },
    ),
    hosts: computeHosts(ctx.cluster),
  };
}

/** Without instance HA nothing starts them elsewhere. */
function mortalInstances(ctx: RuleContext): PlacedRule {
  return {
    ...placed(
      ctx,
      { id: 'instances', title: 'instances' },
      {
        needs: atLeast(1),
        serves: 'own',
        passive: true,
        interruption: {},
        survives: ['process-killed', 'process-frozen', 'host-isolated', 'nic-cut', 'network-down'],
        capabilities: ['instance-survival'],
        onlyWhenHit: true,
        part: 'the instances of the failed hosts',
        improve:
          'services: { instance-ha: true } with a bmc for every compute host, so that they are fenced and their instances started elsewhere',
      },
    ),
    hosts: computeHosts(ctx.cluster),
  };
}

export function instanceHa(ctx: RuleContext): readonly PlacedRule[] {
  const evacuated = interruption(
    {
      name: 'Pacemaker misses its remote node',
      seconds: seconds(5, 15, 30),
      source: 'pacemaker remote reconnect, op monitor timeout',
    },
    { name: 'the host is fenced and known to be off', seconds: seconds(2, 5, 20), source: 'fence agent; op timeout' },
    {
      name: 'force-down, then the instance is started on another host',
      seconds: seconds(10, 16, 60),
      source: 'measured: evacuate to ACTIVE 15 s',
    },
    { name: 'the guest boots', seconds: seconds(5, 20, 120), source: 'the image' },
  );
  return [
    {
      ...placed(
        ctx,
        { id: 'instance-ha', title: 'instance HA' },
        {
          needs: atLeast(1),
          passive: true,
          fenced: true,
          // The dead host is forced down first, so the scheduler sends nothing there.
          requires: ['pacemaker', ...TO_BOOT.filter((id) => id !== 'nova-compute')],
          interruption: { 'host-power': evacuated, 'host-isolated': evacuated, 'disk-failed': evacuated },
          survives: ['process-killed', 'process-frozen', 'nic-cut', 'network-down'],
          capabilities: ['instance-survival'],
          onlyWhenHit: true,
          uses: ['internal'],
          part: 'the instances of hosts that cannot be fenced',
          improve:
            'a bmc for every compute host: an instance is started elsewhere only when its host is known to be off',
        },
      ),
      hosts: computeHosts(ctx.cluster),
    },
  ];
}
