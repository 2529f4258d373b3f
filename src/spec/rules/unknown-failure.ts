// A tier survives things that exist: parts of every cluster, or failure domains that hosts of this one have.
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';
import { knownInstead } from './wording.ts';

const PARTS = ['process', 'host', 'nic', 'disk', 'network'];

export default specRule({
  id: 'spec.unknown-failure',
  severity: 'critical',
  impact: 'The promise cannot be judged.',
  source: 'the spec itself',
  reads: ['availability', 'hosts'],
  check: ({ spec }) => {
    const domains = entriesOf(spec.hosts).flatMap(([, host]) => Object.keys(host.domains ?? {}));
    const known = [...new Set([...PARTS, ...domains])];
    return entriesOf(spec.availability?.tiers).flatMap(([tier, { survives }]) =>
      survives.flatMap((word, index) =>
        known.includes(word)
          ? []
          : [
              {
                path: ['availability', 'tiers', tier, 'survives', index],
                message: `Nothing in this cluster is a ${word} that could fail.`,
                remediation: `${knownInstead(word, known, 'failure')} A failure domain needs domains: { ${word}: ... } on the hosts.`,
              },
            ],
      ),
    );
  },
});
