// hastack lab heal: undoes every fault: cables, partitions, loss, frozen processes, powered-off twins.
import { command, toggle } from '../command.ts';
import { specArgument } from '../spec-argument.ts';
import { openTwins, report } from './twins.ts';

interface HealFlags {
  readonly keepOff?: boolean;
}

export const labHealCommand = command<HealFlags, [string]>({
  brief: 'Undo every fault of the lab',
  usage: '[--keep-off] [SPEC]',
  description: [
    'Plugs cables in, ends partitions and loss, continues frozen processes, powers twins on, restarts what serves the lab.',
    'What the services on the twins make of it is theirs: see `hastack status --lab`.',
  ].join('\n'),
  examples: [
    { command: 'hastack lab heal', does: 'everything' },
    { command: 'hastack lab heal --keep-off', does: 'everything but the power of twins' },
  ],
  uses: ['state'],
  flags: { keepOff: toggle('Leave twins off that are off') },
  positional: { kind: 'tuple', parameters: [specArgument] },
  async run(call, spec) {
    const { heal } = await import('../../lab/heal.ts');
    const { lab } = await openTwins(call, spec);
    await heal(lab, { powerOn: !call.flags.keepOff });
    report(call, { healed: true }, 'healed');
  },
});
