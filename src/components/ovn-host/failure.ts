// How the data path fails: gateways watch each other by BFD, and every compute host carries its own instances' packets.
import type { ClusterContext } from '../../model/component.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { distributed, networkServiceHosts } from '../oslo/networks.ts';

const MOVED: Interruption = {
  terms: [
    {
      name: 'BFD over the tunnels misses the gateway, another one takes its routers',
      seconds: seconds(1, 2.6, 4),
      source: 'OVN BFD interval and multiplier; measured 2.6 s',
    },
  ],
};

export function ovnHostFailure({ cluster }: ClusterContext): readonly ComponentRule[] {
  const dvr = distributed(cluster);
  return [
    {
      id: 'ovn-gateway',
      title: 'OVN gateways',
      hosts: networkServiceHosts(cluster),
      needs: atLeast(1),
      uses: ['tunnel'],
      strands: ['provider'],
      // Packets flow on without the controller; only a frozen or dead host stops forwarding.
      interruption: { 'host-power': MOVED, 'process-killed': { terms: [] }, 'process-frozen': { terms: [] } },
      survives: ['process-killed', 'process-frozen'],
      capabilities: dvr ? [] : ['north-south'],
      externals: ['uplink'],
      part: 'the routers on the failed gateways',
      improve: 'nobody notices a gateway that lost only its outside link: bond that interface over two switches',
    },
    // An instance of a dead host is counted where instances are.
    {
      id: 'instance-network',
      title: 'network of the instances',
      hosts: hostsWithRole(cluster, 'compute').map(({ name }) => name),
      needs: atLeast(1),
      serves: 'own',
      passive: true,
      uses: dvr ? ['tunnel', 'provider'] : ['tunnel'],
      interruption: {},
      survives: ['process-killed', 'process-frozen', 'host-power', 'disk-failed'],
      capabilities: ['east-west', 'north-south'],
      externals: dvr ? ['uplink'] : [],
      part: 'the instances on the hosts that are cut off',
      improve: 'a bond over two switches for the network that carries the tunnels',
    },
  ];
}
