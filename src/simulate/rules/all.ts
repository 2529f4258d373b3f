// The failure rules of a cluster: those of the components that deploy a service, else those written here. Services
// that run active/standby under Pacemaker are described here as long as no component deploys them that way.
import type { Cluster } from '../../model/cluster.ts';
import type { Interruption, PlacedRule } from '../../model/failure.ts';
import type { ServiceRules } from './context.ts';
import { cinder, imageServer, swift } from './images-volumes.ts';
import { computeRules, instanceHa } from './instances.ts';
import { neutron } from './networks.ts';
import { aodh, ceilometer, gnocchi, octavia, valkey } from './others.ts';
import { activeStandby, drbd, mariadb, pacemaker } from './pacemaker.ts';

const RULES: Readonly<Record<string, ServiceRules>> = {
  aodh,
  ceilometer,
  cinder,
  drbd,
  glance: imageServer,
  gnocchi,
  'instance-ha': instanceHa,
  mariadb,
  neutron,
  nova: computeRules,
  octavia,
  pacemaker,
  swift,
  valkey,
};

export interface RulesInput {
  /** With every service it asks for, whether this version deploys it or not. */
  readonly cluster: Cluster;
  /** Rules of the components that this version deploys, by service. */
  readonly deployed: ReadonlyMap<string, readonly PlacedRule[]>;
  readonly silentServer: Interruption;
}

export function clusterRules({ cluster, deployed, silentServer }: RulesInput): readonly PlacedRule[] {
  return Object.entries(cluster.services).flatMap(([service, options]) => {
    const listed = options['hosts'];
    const hosts = Array.isArray(listed) ? listed.map(String) : [];
    const ctx = { cluster, service, hosts, options, silentServer };
    const standby = options['mode'] === 'active-standby' ? activeStandby(ctx) : undefined;
    if (standby !== undefined) return standby;
    const own = deployed.get(service) ?? [];
    const planned = RULES[service]?.(ctx) ?? [];
    // A service of several components: the rules here stand in for those that this version does not deploy.
    return [...own, ...planned.filter(({ id }) => !own.some((rule) => rule.id === id))];
  });
}
