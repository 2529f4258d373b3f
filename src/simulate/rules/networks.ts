// Neutron with OVN: a RAFT of databases, gateways that watch each other over the tunnels. What they do not see: a
// gateway that lost only its way to the outside. With agents (backend: ovs) their components say how they fail.
// Manual: ovn-architecture(7)
import { atLeast, majority } from '../../model/failure.ts';
import type { Interruption, PlacedRule } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { api, computeHosts, interruption, placed } from './context.ts';
import type { RuleContext } from './context.ts';
import { singleUnderPacemaker } from './pacemaker.ts';

export function neutron(ctx: RuleContext): readonly PlacedRule[] {
  const ovs = ctx.options['backend'] === 'ovs';
  const requires = ['keystone', 'database', 'messaging', 'memcached', ...(ovs ? [] : ['ovn-db'])];
  return [
    api(ctx, { id: 'neutron-api', title: 'Neutron API' }, { requires }),
    ...(ovs ? [] : ovnParts(ctx)),
    instanceNetwork(ctx),
  ];
}

function ovnParts(ctx: RuleContext): readonly PlacedRule[] {
  const election = interruption({
    name: 'the database servers elect a leader',
    seconds: seconds(1, 2, 10),
    source: 'ovsdb-server(1) election-timer (1 s)',
  });
  const moved = interruption({
    name: 'BFD over the tunnels misses the gateway, another one takes its routers',
    seconds: seconds(1, 2.6, 4),
    source: 'OVN BFD interval and multiplier; measured 2.6 s',
  });
  // Two are no majority when one fails: Pacemaker runs them as active and standby there.
  const pair = ctx.hosts.length < 3 && ctx.cluster.availability.engine === 'pacemaker';
  const promoted = {
    name: 'the standby database is promoted',
    seconds: seconds(1, 3, 15),
    source: 'ocf:ovn:ovndb-servers',
  };
  if (pair) {
    return [
      singleUnderPacemaker(ctx, { id: 'ovn-db', title: 'OVN databases' }, promoted),
      gateway(ctx, { id: 'ovn-gateway', title: 'OVN gateways' }, moved),
    ];
  }
  return [
    placed(
      ctx,
      { id: 'ovn-db', title: 'OVN databases' },
      {
        needs: majority,
        uses: ['internal'],
        interruption: { 'process-killed': election, 'process-frozen': election, 'host-power': election },
        improve: 'three or five hosts with the role network: two databases are no majority when one fails',
      },
    ),
    gateway(ctx, { id: 'ovn-gateway', title: 'OVN gateways' }, moved),
  ];
}

function gateway(
  ctx: RuleContext,
  named: { readonly id: string; readonly title: string },
  moved: Interruption,
): PlacedRule {
  const floatingOnCompute = ctx.options['dvr'] === true;
  return placed(ctx, named, {
    needs: atLeast(1),
    uses: ['tunnel'],
    strands: ['provider'],
    // The data path goes on without its controller; only a frozen or dead host stops forwarding.
    interruption: { 'host-power': moved, 'process-killed': { terms: [] }, 'process-frozen': { terms: [] } },
    survives: ['process-killed', 'process-frozen'],
    capabilities: floatingOnCompute ? [] : ['north-south'],
    externals: ['uplink'],
    part: 'the routers on the failed gateways',
    improve: 'nobody notices a gateway that lost only its outside link: bond that interface over two switches',
  });
}

/** The data path on the compute hosts. An instance of a dead host is counted where instances are. */
function instanceNetwork(ctx: RuleContext): PlacedRule {
  const dvr = ctx.options['dvr'] === true;
  return {
    ...placed(
      ctx,
      { id: 'instance-network', title: 'network of the instances' },
      {
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
    ),
    hosts: computeHosts(ctx.cluster),
  };
}
