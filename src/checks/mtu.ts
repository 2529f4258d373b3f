// Packets as large as the network's MTU pass between all hosts, in both directions, without being fragmented.
// An interface that is set smaller is named itself; what lies between two hosts only where both ends are right.
import type { InterfaceFacts } from '../facts/interfaces.ts';
import { factOf, hostCheck, onEachHost } from './check.ts';
import type { CheckInput, Outcome } from './check.ts';

export default hostCheck({
  id: 'host.mtu',
  severity: 'critical',
  impact: 'Small messages pass and large ones vanish: state transfers and migrations hang.',
  source: 'ip-link(8) mtu, RFC 1191',
  check: (input) => [
    ...onEachHost(input, 'interfaces', (host, found) => ownLinks(input, host.name, found)),
    ...paths(input),
  ],
});

type Links = readonly InterfaceFacts[];

function ownLinks(input: CheckInput, host: string, found: Links): readonly Outcome[] {
  return input.cluster.networks.flatMap((network) => {
    const link = linkOf(input, host, { network: network.name, found });
    if (link === undefined || link.mtu >= network.mtu) return [];
    return [
      {
        path: ['networks', network.name],
        host,
        message: `${link.name} of ${host} has MTU ${link.mtu}; ${network.name} has ${network.mtu} in the spec.`,
        remediation: `Set ${link.name} to MTU ${network.mtu} on the host, or write mtu: ${link.mtu} for the network.`,
      },
    ];
  });
}

function linkOf(input: CheckInput, host: string, at: { readonly network: string; readonly found?: Links }) {
  const name = input.cluster.hosts.find((each) => each.name === host)?.interfaces[at.network];
  return (at.found ?? factOf(input, host, 'interfaces') ?? []).find((each) => each.name === name);
}

/** Where small packets pass, large ones do not, and neither end's own interface explains it. */
function paths(input: CheckInput): readonly Outcome[] {
  return onEachHost(input, 'reach', (host, reached) =>
    reached.flatMap(({ network, address, answers, full }): readonly Outcome[] => {
      const mtu = input.cluster.networks.find((each) => each.name === network)?.mtu ?? 0;
      const other = input.cluster.hosts.find((each) => each.addresses[network] === address)?.name ?? address;
      const small = [host.name, other].some((end) => (linkOf(input, end, { network })?.mtu ?? mtu) < mtu);
      if (!answers || full === 'answers' || small) return [];
      return [
        {
          path: ['networks', network],
          host: host.name,
          message: `Packets of ${mtu} bytes do not pass from ${host.name} to ${other} on ${network}; small ones do.`,
          remediation: `Set the MTU of the switches between them to ${mtu} or more, or write the smaller one into the spec.`,
        },
      ];
    }),
  );
}
