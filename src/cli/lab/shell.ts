// hastack lab shell: a root shell on a twin, by its out-of-band console: works without any network.
// With a command: runs it and exits with its status.
import { command } from '../command.ts';
import { hostArgument, openTwins, specFlag } from './twins.ts';
import type { SpecFlag } from './twins.ts';

export const labShellCommand = command<SpecFlag, string[]>({
  brief: 'Open a root shell on a twin, or run a command there',
  usage: '[--spec SPEC] HOST [-- COMMAND…]',
  description: 'Uses the out-of-band console, which no cut network takes away. The exit status is that of the command.',
  examples: [
    { command: 'hastack lab shell ctl1', does: 'a root shell' },
    { command: 'hastack lab shell ctl1 -- systemctl --failed', does: 'one command' },
  ],
  uses: ['state'],
  flags: { spec: specFlag },
  positional: { kind: 'array', parameter: hostArgument, minimum: 1 },
  async run(call, host = '', ...words) {
    const { consoleEntry, requireOn } = await import('../../lab/console.ts');
    const { lab } = await openTwins(call, call.flags.spec);
    const entry = consoleEntry(await requireOn(lab, host));
    const terminal = call.world.env['TERM'] ?? 'dumb';
    return call.world.attach([...entry, `TERM=${terminal}`, ...(words.length === 0 ? ['bash', '-l'] : words)]);
  },
});
