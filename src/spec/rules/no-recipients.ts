// Without age recipients the secrets of the cluster are on one machine only.
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.no-recipients',
  severity: 'info',
  impact: 'When the machine that ran hastack is lost, so are the secrets that recover needs.',
  source: 'age(1), RECIPIENTS AND IDENTITIES',
  reads: ['recipients'],
  check: ({ spec }) =>
    (spec.recipients ?? []).length > 0
      ? []
      : [
          {
            path: ['recipients'],
            on: 'key',
            message: 'No age recipients are given.',
            remediation: 'Make a key with age-keygen, keep it safe, and write recipients: [age1...].',
          },
        ],
});
