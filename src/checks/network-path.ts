// Every host reaches every other on every network they share. One finding per host and network: when a host reaches
// nobody there, its own cable is meant and not those of all others.
import { hostCheck, onEachHost } from './check.ts';
import type { CheckInput, Outcome } from './check.ts';

export default hostCheck({
  id: 'host.network-path',
  severity: 'critical',
  impact: 'Clusters of database and message broker cannot form.',
  source: 'RFC 792 (echo)',
  check: (input) =>
    onEachHost(input, 'reach', (host, reached) =>
      input.cluster.networks.flatMap(({ name }): readonly Outcome[] => {
        const asked = reached.filter((each) => each.network === name && isOn(input, each));
        const silent = asked.filter((each) => !each.answers).map((each) => hostAt(input, each));
        // The others see the same break; it is named where it is.
        const own = silent.length === asked.length ? silent : silent.filter((other) => !isAlone(input, other, name));
        if (own.length === 0) return [];
        return [
          {
            path: ['networks', name],
            host: host.name,
            message: `${host.name} does not reach ${own.join(', ')} on ${name}.`,
            remediation: 'Check cables, VLAN of the switch ports, and that no firewall drops ICMP between the hosts.',
          },
        ];
      }),
    ),
});

interface Asked {
  readonly network: string;
  readonly address: string;
}

function hostAt(input: CheckInput, { network, address }: Asked): string {
  return input.cluster.hosts.find((host) => host.addresses[network] === address)?.name ?? address;
}

/** A host that ssh does not reach is a finding of its own. */
function isOn(input: CheckInput, asked: Asked): boolean {
  return input.facts.has(hostAt(input, asked));
}

/** Reaches nobody on that network itself. */
function isAlone(input: CheckInput, host: string, network: string): boolean {
  const reading = input.facts.get(host)?.reach;
  if (reading?.known !== true) return false;
  const asked = reading.state.filter((each) => each.network === network && isOn(input, each));
  return asked.length > 0 && asked.every((each) => !each.answers);
}
