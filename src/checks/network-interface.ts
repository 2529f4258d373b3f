// Interfaces of the spec: they exist, are up, and have the address the spec gives the host there. Bonds and VLANs are
// looked at and never written.
import { contains, parseAddress, parseCidr } from '../lib/cidr.ts';
import type { InterfaceFacts } from '../facts/interfaces.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.network-interface',
  severity: 'critical',
  impact: 'Services cannot bind their address, or cannot reach the other hosts.',
  source: 'interfaces(5), systemd.network(5)',
  check: (input) =>
    onEachHost(input, 'interfaces', (host, found) =>
      Object.keys(host.interfaces).flatMap((network) => judge(input.cluster, host, { network, found })),
    ),
});

interface Place {
  readonly network: string;
  readonly found: readonly InterfaceFacts[];
}

type Hit = (message: string, remediation: string) => Outcome;

function judge(cluster: Cluster, host: Host, { network, found }: Place): readonly Outcome[] {
  const name = host.interfaces[network] ?? '';
  const wanted = host.addresses[network];
  const hit: Hit = (message, remediation) => ({
    path: wanted === undefined ? ['networks', network] : ['hosts', host.name, 'addresses', network],
    host: host.name,
    message,
    remediation,
  });
  const link = found.find((each) => each.name === name);
  if (link === undefined) {
    const names = found.map((each) => each.name).filter((each) => each !== 'lo');
    const message = `${host.name} has no interface ${name} for the network ${network}; it has ${names.join(', ')}.`;
    const write = `hosts: { ${host.name}: { interfaces: { ${network}: NAME } } }`;
    return [hit(message, `Write the right one: ${write}, or set it up on the host.`)];
  }
  const message = `${name} of ${host.name} (network ${network}) is down or has no link.`;
  const down = link.up
    ? []
    : [hit(message, `Check the cable and the switch port, and that ${name} is set up at boot.`)];
  return [
    ...down,
    ...(wanted === undefined ? [] : judgeAddress({ cluster, host, network, found }, { link, wanted }, hit)),
  ];
}

function judgeAddress(
  { cluster, host, network, found }: Place & { readonly cluster: Cluster; readonly host: Host },
  { link, wanted }: { readonly link: InterfaceFacts; readonly wanted: string },
  hit: Hit,
): readonly Outcome[] {
  const { name } = link;
  const holder = found.find((each) => each.addresses.some((address) => address.split('/')[0] === wanted));
  if (holder === undefined) {
    const message = `${host.name} does not have the address ${wanted} (network ${network}).`;
    return [hit(message, `Give it to ${name} on the host, or correct the spec.`)];
  }
  if (holder.name !== name) {
    const message = `${host.name} has the address ${wanted} on ${holder.name}, the spec says ${name}.`;
    return [hit(message, `Write interfaces: { ${network}: ${holder.name} } for the host, or move the address.`)];
  }
  return wrongPrefix(cluster, { network, wanted, link }).map((text) =>
    hit(`${host.name}: ${text}`, `Use the prefix of the network on the host, or correct networks.${network}.cidr.`),
  );
}

function wrongPrefix(
  cluster: Cluster,
  at: { readonly network: string; readonly wanted: string; readonly link: InterfaceFacts },
): readonly string[] {
  const cidr = cluster.networks.find((each) => each.name === at.network)?.cidr ?? '';
  const written = at.link.addresses.find((address) => address.split('/')[0] === at.wanted) ?? '';
  const [network, own] = [parseCidr(cidr), parseCidr(written)];
  const address = parseAddress(at.wanted);
  if (network === undefined || own === undefined || address === undefined || !contains(network, address)) return [];
  return network.prefix === own.prefix ? [] : [`the address is ${written} on the host, but the network is ${cidr}.`];
}
