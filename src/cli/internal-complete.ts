// hastack internal-complete -- WORD…: answers the completion scripts of shells. Prints one proposal per line,
// a tab and its description; nothing when it has none, so that the shell goes on to complete file names.
import { command } from './command.ts';
import type { NoFlags } from './command.ts';

export const internalCompleteCommand = command<NoFlags, string[]>({
  brief: 'Answer the completion scripts of shells',
  usage: '-- WORD…',
  description: 'The words after `hastack` on the command line; the last one, which may be empty, is completed.',
  examples: [{ command: "hastack internal-complete -- lab ''", does: 'the subcommands of lab' }],
  positional: {
    kind: 'array',
    parameter: { parse: (text: string) => text, placeholder: 'WORD', brief: 'A word of the command line' },
  },
  async run({ world, complete }, ...words) {
    for (const { completion, brief } of await complete(words)) world.stdout.write(`${completion}\t${brief}\n`);
  },
});
