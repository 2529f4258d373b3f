// Clocks of the hosts agree. chrony sets them during the deployment; what is far off breaks it before that.
import { factOf, hostCheck } from './check.ts';
import type { Outcome } from './check.ts';

/** Seconds. Certificates made now are not valid yet on a host that is behind by more than they are dated back. */
const FAR = 300;
const OFF = 1;

export default hostCheck({
  id: 'host.clock-offset',
  severity: 'warning',
  impact: 'Tokens expire early, and the order of log lines over hosts is wrong.',
  source: 'chrony.conf(5), RFC 5905',
  check: (input) => {
    const known = input.cluster.hosts.flatMap(({ name }) => {
      const clock = factOf(input, name, 'clock');
      return clock === undefined ? [] : [{ name, ...clock }];
    });
    const unknown = [...input.facts.keys()].filter((name) => !known.some((each) => each.name === name));
    const middle = known.map(({ offset }) => offset).toSorted((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
    return [
      ...unknown.map((name) => ({ missing: `the clock of ${name}` })),
      ...known.flatMap((each) => judge(each, middle)),
    ];
  },
});

function judge(
  clock: { readonly name: string; readonly offset: number; readonly error: number },
  middle: number,
): readonly Outcome[] {
  const off = clock.offset - middle;
  if (Math.abs(off) + clock.error <= OFF) return [];
  if (Math.abs(off) - clock.error <= OFF)
    return [{ missing: `the clock of ${clock.name} to within ${clock.error.toFixed(1)} s` }];
  return [
    {
      path: ['hosts', clock.name],
      host: clock.name,
      message: `The clock of ${clock.name} is ${Math.abs(off).toFixed(1)} s ${off > 0 ? 'ahead of' : 'behind'} the other hosts.`,
      remediation:
        'Set it: chronyc makestep, or date -s; write ntp: [SERVER] into the spec when the pool cannot be reached.',
      ...(Math.abs(off) > FAR
        ? { severity: 'critical' as const, impact: 'Certificates and package signatures are not valid there.' }
        : {}),
    },
  ];
}
