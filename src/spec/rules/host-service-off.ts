// What every host needs cannot be left out or moved.
import { own } from '../lookup.ts';
import { HOST_SERVICES } from '../services.ts';
import type { Hit } from './rule.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.host-service-off',
  severity: 'critical',
  impact: 'Services would start on hosts that are not prepared for them.',
  source: 'the spec itself',
  reads: ['services'],
  check: ({ spec }) =>
    HOST_SERVICES.flatMap((name): readonly Hit[] => {
      const asked = own(spec.services, name);
      const moved = typeof asked === 'object' && own(asked, 'hosts') !== undefined;
      if (asked !== false && !moved) return [];
      const instead =
        name === 'firewall'
          ? 'To keep hastack away from the firewall write firewall: none at the top.'
          : 'Remove the line.';
      return [{ path: ['services', name], on: 'key', message: `${name} is on every host.`, remediation: instead }];
    }),
});
