// What the components that will run on each host need of it: ports, units, memory, disk. Pure.
import type { HostNeeds, WantedPort } from '../checks/check.ts';
import { spaceNeeds } from '../checks/needs.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import { contributionsOf } from './context.ts';
import type { Deployed } from './context.ts';

export function hostNeeds(cluster: Cluster, deployed: readonly Deployed[]): ReadonlyMap<string, HostNeeds> {
  return new Map(
    cluster.hosts.map((host) => [
      host.name,
      { ports: portsOn(cluster, host, deployed), units: unitsOn(host, deployed), ...spaceNeeds(cluster, host) },
    ]),
  );
}

function portsOn(cluster: Cluster, host: Host, deployed: readonly Deployed[]): readonly WantedPort[] {
  const own = contributionsOf('port', cluster, deployed).flatMap(({ component, hosts, port, protocol, use }) => {
    const address = host.addresses[cluster.uses[use] ?? ''];
    if (!hosts.includes(host.name) || protocol === 'vrrp' || address === undefined) return [];
    return [{ component, protocol, port, address }];
  });
  const balances = deployed.some(({ component, hosts }) => component.id === 'haproxy' && hosts.includes(host));
  const served = contributionsOf('endpoint', cluster, deployed).flatMap(({ port, vips }) =>
    cluster.vips
      .filter((vip) => balances && vips.some((name) => name === vip.name))
      .map(({ address }) => ({ component: 'haproxy', protocol: 'tcp' as const, port, address })),
  );
  const key = (each: WantedPort): string => `${each.protocol} ${each.port}`;
  // The same port on several addresses is one question: who else has it.
  return [...new Map([...served, ...own].map((each) => [key(each), each])).values()];
}

/** A socket's connections are served by the service of the same name. */
function unitsOn(host: Host, deployed: readonly Deployed[]): readonly string[] {
  return deployed
    .filter(({ hosts }) => hosts.includes(host))
    .flatMap(({ component }) => [...(component.units ?? []), ...(component.templates ?? [])])
    .flatMap((unit) => (unit.endsWith('.socket') ? [unit, unit.replace(/\.socket$/, '.service')] : [unit]));
}
