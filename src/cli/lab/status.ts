// hastack lab status: power, memory and addresses of the twins, active faults, and where twins differ.
import { command } from '../command.ts';
import { specArgument } from '../spec-argument.ts';
import { openTwins, report, statusText } from './twins.ts';

export const labStatusCommand = command<object, [string]>({
  brief: 'Show power, memory, addresses and faults of the twins',
  usage: '[SPEC]',
  description:
    'Reads the lab from the system and changes nothing. For the services on the twins: `hastack status --lab`.',
  examples: [{ command: 'hastack lab status', does: 'the twins of ./cluster.yaml' }],
  uses: ['state'],
  positional: { kind: 'tuple', parameters: [specArgument] },
  async run(call, spec) {
    const { labStatus } = await import('../../lab/status.ts');
    const { lab } = await openTwins(call, spec);
    const status = await labStatus(lab);
    report(call, status, statusText(status));
  },
});
