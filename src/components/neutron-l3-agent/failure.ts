// How routers of L3 agents fail, from the timers that the agents write into each router's keepalived.conf.
import type { ClusterContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { agentHosts, distributed } from '../oslo/networks.ts';

/** Seconds between two adverts of the active router. */
export const ADVERT_SECONDS = 2;
/** Seconds between two pings of a router to its gateway; two that fail make it give up. */
export const GATEWAY_CHECK_SECONDS = 5;
/** Of every router in Neutron; RFC 3768 (keepalived speaks VRRP version 2): a backup waits longer the lower it is. */
const PRIORITY = 50;
const SKEW_SECONDS = (256 - PRIORITY) / 256;
/** Seconds until a backup misses the active one, right after its last advert. */
const MASTER_DOWN_SECONDS = 3 * ADVERT_SECONDS + SKEW_SECONDS;

const MISSED: Interruption = {
  terms: [
    {
      name: 'the backup router misses three adverts of the active one',
      seconds: seconds(MASTER_DOWN_SECONDS - ADVERT_SECONDS, MASTER_DOWN_SECONDS - ADVERT_SECONDS / 2, 8),
      source: `l3_agent.ini ha_vrrp_advert_int (${ADVERT_SECONDS} s), priority ${PRIORITY}; measured 5.6 s`,
    },
  ],
};

/** Of the tunnels VRRP tells, of the outside the pings to the gateway. */
const CUT: Interruption = {
  terms: [
    {
      name: 'pings to the gateway, or adverts of the active router, are missed',
      seconds: seconds(MASTER_DOWN_SECONDS - ADVERT_SECONDS, 1.5 * GATEWAY_CHECK_SECONDS, 3 * GATEWAY_CHECK_SECONDS),
      source: `l3_agent.ini ha_vrrp_health_check_interval (${GATEWAY_CHECK_SECONDS} s, twice), ha_vrrp_advert_int`,
    },
  ],
};

export function l3Failure({ cluster }: ClusterContext): readonly ComponentRule[] {
  const hosts = agentHosts(cluster);
  return [
    {
      id: 'neutron-l3',
      title: 'L3 HA routers',
      hosts,
      needs: atLeast(1),
      uses: ['tunnel', 'provider'],
      // keepalived and the flows go on without the agent; only a frozen or dead host stops forwarding.
      interruption: {
        'host-power': MISSED,
        'nic-cut': CUT,
        'process-killed': { terms: [] },
        'process-frozen': { terms: [] },
      },
      survives: ['process-killed', 'process-frozen'],
      capabilities: distributed(cluster) ? [] : ['north-south'],
      externals: ['uplink'],
      part: 'the routers on the failed hosts',
      improve:
        hosts.length > 1
          ? 'a bond over two switches for the interface to the outside; a shorter ha_vrrp_advert_int'
          : 'a second host with the role network',
    },
  ];
}
