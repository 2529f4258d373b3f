// Capabilities are promised tiers that exist.
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';
import { knownInstead } from './wording.ts';

export default specRule({
  id: 'spec.unknown-tier',
  severity: 'critical',
  impact: 'Nothing is promised for the capability: no drill judges it.',
  source: 'the spec itself',
  reads: ['availability'],
  check: ({ spec }) => {
    const tiers = Object.keys(spec.availability?.tiers ?? {});
    return entriesOf(spec.availability?.capabilities).flatMap(([capability, tier]) => {
      if (tier === undefined || tiers.includes(tier)) return [];
      return [
        {
          path: ['availability', 'capabilities', capability],
          message: `There is no tier named ${tier}.`,
          remediation: knownInstead(tier, tiers, 'tier'),
        },
      ];
    });
  },
});
