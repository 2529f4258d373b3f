// Where a host has an address, the interface that carries it is known.
import { entriesOf, own } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.missing-interface',
  severity: 'critical',
  impact: 'VIPs, firewall and twins need the interface of every network a host is on.',
  source: 'keepalived.conf(5), interface',
  reads: ['networks', 'hosts'],
  check: ({ spec, cluster }) =>
    cluster.hosts.flatMap((host) =>
      entriesOf(host.addresses)
        .filter(([network]) => own(spec.networks, network) !== undefined && own(host.interfaces, network) === undefined)
        .map(([network]) => ({
          path: ['hosts', host.name, 'addresses', network],
          on: 'key',
          host: host.name,
          message: `No interface is named for ${host.name} on ${network}.`,
          remediation: `Write interface: eno1 on the network ${network}, or interfaces: { ${network}: eno1 } on ${host.name}.`,
        })),
    ),
});
