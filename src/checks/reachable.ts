// ssh and sudo work: without them nothing else can be looked at.
import { hostCheck } from './check.ts';

export default hostCheck({
  id: 'host.reachable',
  severity: 'critical',
  impact: 'The host cannot be deployed.',
  source: 'ssh(1), sudoers(5)',
  check: ({ unreachable }) =>
    [...unreachable].map(([host, { message, hint }]) => ({
      path: ['hosts', host],
      host,
      message: `${message}.`,
      remediation: hint,
    })),
});
