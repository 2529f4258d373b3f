// hastack lab cut: pulls the cable of a twin on one network.
import { command } from '../command.ts';
import { healAfterFlag, hostArgument, networkArgument, openTwins, report, specFlag } from './twins.ts';
import type { HealAfterFlag, SpecFlag } from './twins.ts';

export const labCutCommand = command<SpecFlag & HealAfterFlag, [string, string]>({
  brief: 'Pull the cable of a twin on a network',
  usage: '[--for SECONDS] [--spec SPEC] HOST NETWORK',
  description: 'The interface loses its carrier. `hastack lab heal` plugs it in again.',
  examples: [
    { command: 'hastack lab cut ctl1 data', does: 'ctl1 loses the network data' },
    { command: 'hastack lab cut ctl1 data --for 30', does: 'for half a minute' },
  ],
  uses: ['state'],
  flags: { spec: specFlag, for: healAfterFlag },
  positional: { kind: 'tuple', parameters: [hostArgument, networkArgument] },
  async run(call, host, network) {
    const { cut } = await import('../../lab/faults.ts');
    const { lab } = await openTwins(call, call.flags.spec);
    const { for: healAfter } = call.flags;
    const fault = await cut(lab, { host, network }, healAfter === undefined ? {} : { healAfter });
    report(call, { fault }, `${host} is cut from ${network} (fault ${fault})`);
  },
});
