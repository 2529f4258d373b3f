// hastack lab partition: two groups of twins that no longer hear each other.
import { command, toggle } from '../command.ts';
import { healAfterFlag, hostArgument, openTwins, report, specFlag } from './twins.ts';
import type { HealAfterFlag, SpecFlag } from './twins.ts';

interface PartitionFlags extends SpecFlag, HealAfterFlag {
  readonly oneWay?: boolean;
  readonly network?: string;
}

const groupArgument = {
  ...hostArgument,
  parse: parseGroup,
  placeholder: 'HOST,…',
  brief: 'Hosts on this side',
} as const;

export const labPartitionCommand = command<PartitionFlags, [readonly string[], readonly string[]]>({
  brief: 'Drop what two groups of twins say to each other',
  usage: '[--one-way] [--network NETWORK] [--for SECONDS] [--spec SPEC] HOST,… HOST,…',
  description: [
    'Drops every frame between the two groups, on all networks or one; links stay up. `outside` stands for the operator.',
    'With --one-way only what the first group sends to the second.',
  ].join('\n'),
  examples: [
    { command: 'hastack lab partition ctl1,ctl2 ctl3', does: 'ctl3 is alone' },
    { command: 'hastack lab partition ctl1 ctl2 --one-way', does: 'ctl2 no longer hears ctl1' },
  ],
  uses: ['state'],
  flags: {
    spec: specFlag,
    for: healAfterFlag,
    oneWay: toggle('Only from the first group to the second'),
    network: {
      kind: 'parsed',
      parse: (text: string) => text,
      optional: true,
      placeholder: 'NETWORK',
      brief: 'Only there',
    },
  },
  positional: { kind: 'tuple', parameters: [groupArgument, groupArgument] },
  async run(call, from, to) {
    const { partition } = await import('../../lab/faults.ts');
    const { lab } = await openTwins(call, call.flags.spec);
    const { for: healAfter, network, oneWay } = call.flags;
    const fault = await partition(lab, {
      from,
      to,
      oneWay: oneWay ?? false,
      ...(network === undefined ? {} : { network }),
      ...(healAfter === undefined ? {} : { healAfter }),
    });
    report(call, { fault }, `${from.join(', ')} ${oneWay ? '→' : '↔'} ${to.join(', ')}: cut (fault ${fault})`);
  },
});

function parseGroup(text: string): readonly string[] {
  const hosts = text.split(',').map((name) => name.trim());
  if (hosts.includes('')) throw new Error('is not a list of hosts like a,b');
  return hosts;
}
