// A host without roles gets nothing but costs money.
import { ROLES } from '../../model/cluster.ts';
import { entriesOf } from '../lookup.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.host-without-roles',
  severity: 'critical',
  impact: 'Nothing runs on the host.',
  source: 'the presets: hastack init --preset',
  reads: ['hosts'],
  check: ({ spec }) =>
    entriesOf(spec.hosts)
      .filter(([, host]) => (host.roles ?? []).length === 0)
      .map(([name, host]) => ({
        path: host.roles === undefined ? ['hosts', name] : ['hosts', name, 'roles'],
        on: 'key',
        host: name,
        message: `The host ${name} has no roles.`,
        remediation: `Write roles: [control], or other ones of ${ROLES.join(', ')}.`,
      })),
});
