// hastack lab loss: loses packets of a twin on one network, at random, in both directions.
import { command } from '../command.ts';
import { healAfterFlag, hostArgument, networkArgument, openTwins, report, specFlag } from './twins.ts';
import type { HealAfterFlag, SpecFlag } from './twins.ts';

export const labLossCommand = command<SpecFlag & HealAfterFlag, [string, string, number]>({
  brief: 'Lose packets of a twin on a network',
  usage: '[--for SECONDS] [--spec SPEC] HOST NETWORK PERCENT',
  description: 'Packets are lost at random, in both directions, until `hastack lab heal`.',
  examples: [{ command: 'hastack lab loss ctl1 data 5', does: 'every twentieth packet' }],
  uses: ['state'],
  flags: { spec: specFlag, for: healAfterFlag },
  positional: {
    kind: 'tuple',
    parameters: [
      hostArgument,
      networkArgument,
      { parse: parsePercent, placeholder: 'PERCENT', brief: 'Above 0, at most 100' },
    ],
  },
  async run(call, ...[host, network, percent]) {
    const { loss } = await import('../../lab/faults.ts');
    const { lab } = await openTwins(call, call.flags.spec);
    const { for: healAfter } = call.flags;
    const fault = await loss(lab, { host, network, percent }, healAfter === undefined ? {} : { healAfter });
    report(call, { fault }, `${host} loses ${percent} % on ${network} (fault ${fault})`);
  },
});

function parsePercent(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (!(percent > 0 && percent <= 100)) throw new Error('is not a percentage above 0, at most 100');
  return percent;
}
