// Services that this version writes and starts, and that nobody has yet seen serve an instance from end to end.
import { listed } from '../../lib/text.ts';
import { ON_TRIAL, SERVICES } from '../services.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.on-trial',
  severity: 'warning',
  impact: 'They may not start, or not serve; how they fail was reckoned, not measured.',
  source: 'what the rehearsals of this version have shown',
  reads: ['hosts', 'services', 'preset'],
  check: ({ cluster, preset }) => {
    // Of others spec.not-deployable says more.
    const tried = preset.deployable ? ON_TRIAL.filter((name) => name in cluster.services) : [];
    if (tried.length === 0) return [];
    return [
      {
        path: ['preset'],
        message: `This version has not yet rehearsed ${listed(tried.map((name) => SERVICES[name].title))} to an instance that answers.`,
        remediation: 'Deploy it to twins (--lab), not to servers you need.',
      },
    ];
  },
});
