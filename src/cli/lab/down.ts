// hastack lab down: takes everything away that `lab up` made, whatever state it is in. The image cache stays.
import { command } from '../command.ts';
import { specArgument } from '../spec-argument.ts';
import { openTwins, report } from './twins.ts';

export const labDownCommand = command<object, [string]>({
  brief: 'Remove the twins and everything they left on this machine',
  usage: '[SPEC]',
  description: [
    'Ends the twins and removes their disks, namespace, networks and mounts. Works in any state, also after a crash.',
    'The image and the packages that were fetched stay, so that the next `lab up` is fast.',
  ].join('\n'),
  examples: [{ command: 'hastack lab down', does: 'removes the twins of ./cluster.yaml' }],
  uses: ['state'],
  positional: { kind: 'tuple', parameters: [specArgument] },
  async run(call, spec) {
    const { labDown } = await import('../../lab/down.ts');
    const { lab, cluster } = await openTwins(call, spec);
    await labDown(lab);
    report(call, { up: false }, `the lab of ${cluster.name} is down`);
  },
});
