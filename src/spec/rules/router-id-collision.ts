// VRRP router ids are unique in the cluster. Derived ones always are; ids the user gave may collide.
import { entriesOf } from '../lookup.ts';
import { groupsOfSame, specRule } from './rule.ts';

const IDS = 255;

export default specRule({
  id: 'spec.router-id-collision',
  severity: 'critical',
  impact: 'Two VIPs take each other for one: both flap between hosts.',
  source: 'RFC 9568 (VRRP), section 5.2.3',
  reads: ['vips'],
  check: ({ spec }) => {
    const vips = entriesOf(spec.vips);
    const ids = vips.flatMap(([name, { routerId }]) => (routerId === undefined ? [] : [{ name, routerId }]));
    const same = groupsOfSame(ids, ({ routerId }) => String(routerId)).flatMap(([first, ...others]) =>
      others.map(({ name, routerId }) => ({
        path: ['vips', name, 'routerId'],
        message: `The VIPs ${first.name} and ${name} have the same VRRP router id ${routerId}.`,
        remediation: 'Leave routerId out: a unique one is derived.',
      })),
    );
    if (vips.length <= IDS) return same;
    return [
      ...same,
      {
        path: ['vips'],
        on: 'key' as const,
        message: `There are ${vips.length} VIPs but only ${IDS} VRRP router ids.`,
        remediation: 'Let services share VIPs.',
      },
    ];
  },
});
