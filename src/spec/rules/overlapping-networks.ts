// Two networks of one cluster never share addresses.
import { overlaps } from '../addresses.ts';
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.overlapping-networks',
  severity: 'critical',
  impact: 'Hosts route to the wrong network: traffic between them is lost or leaves through the wrong interface.',
  source: 'RFC 4632 (CIDR)',
  reads: ['networks'],
  check: ({ spec }) => {
    const networks = entriesOf(spec.networks);
    return networks.flatMap(([name, network], index) =>
      networks
        .slice(0, index)
        .filter(([, earlier]) => overlaps(earlier.cidr, network.cidr))
        .map(([other, earlier]) => ({
          path: ['networks', name, 'cidr'],
          message: `${name} (${network.cidr}) and ${other} (${earlier.cidr}) overlap.`,
          remediation: `Give ${name} a network of its own.`,
        })),
    );
  },
});
