// Host names differ in more than upper and lower case, and no VIP has the name of a host.
import { entriesOf } from '../lookup.ts';
import { groupsOfSame, specRule } from './rule.ts';
import { sentence } from './wording.ts';

export default specRule({
  id: 'spec.duplicate-name',
  severity: 'critical',
  impact: 'The name leads to the wrong machine: members of clusters and certificates are mixed up.',
  source: 'RFC 4343 (DNS names ignore case)',
  reads: ['vips', 'hosts'],
  check: ({ spec }) => {
    const hosts = Object.keys(spec.hosts).map((name) => ({ name, owner: `the host ${name}`, path: ['hosts', name] }));
    const vips = entriesOf(spec.vips).flatMap(([vip, { name }]) =>
      name === undefined ? [] : [{ name, owner: `the VIP ${vip}`, path: ['vips', vip, 'name'] }],
    );
    return groupsOfSame([...hosts, ...vips], ({ name }) => name.toLowerCase())
      .filter((group) => group.some(({ path }) => path[0] === 'hosts'))
      .flatMap(([first, ...others]) =>
        others.map((other) => ({
          path: other.path,
          on: other.path[0] === 'hosts' ? ('key' as const) : ('value' as const),
          message: `${sentence(other.owner)} has the same name as ${first.owner}.`,
          remediation: 'Give one of them another name.',
        })),
      );
  },
});
