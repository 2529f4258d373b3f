// hastack init: writes a commented spec. Asks when a person sits at the terminal, takes defaults otherwise.
// Never overwrites a file: exit 1, and the file stays as it was.
import { HastackError } from '../model/error.ts';
import { command } from './command.ts';
import type { Call, CliContext } from './command.ts';
import { DEFAULT_SPEC } from './spec-argument.ts';

interface InitFlags {
  readonly preset?: string;
  readonly output?: string;
}

export const initCommand = command<InitFlags>({
  brief: 'Write a commented spec to start from',
  usage: '[--preset NAME] [-o FILE]',
  description: [
    'Writes a spec with the addresses of an example network; edit it, then run `hastack check`.',
    'On a terminal it asks for what is not given; with --yes, --json or without a terminal it takes the defaults.',
    'An existing file is never overwritten.',
  ].join('\n'),
  examples: [
    { command: 'hastack init', does: 'asks, then writes ./cluster.yaml' },
    { command: 'hastack init --preset three-controllers --yes', does: 'the default shape, nothing asked' },
    { command: 'hastack init --preset three-controllers -o -', does: 'prints it instead' },
  ],
  uses: ['yes'],
  flags: {
    preset: {
      kind: 'parsed',
      parse: (text: string) => text,
      optional: true,
      placeholder: 'NAME',
      brief: 'Shape of the cluster',
      proposeCompletions: proposePresets,
    },
    output: {
      kind: 'parsed',
      parse: (text: string) => text,
      optional: true,
      placeholder: 'FILE',
      brief: `Where to write it (${DEFAULT_SPEC}); - prints it`,
    },
  },
  aliases: { o: 'output' },
  run: writeSpec,
});

async function proposePresets(this: CliContext, partial: string): Promise<readonly string[]> {
  const { listPresets } = await import('../spec/init.ts');
  return listPresets()
    .map((preset) => preset.name)
    .filter((name) => name.startsWith(partial));
}

async function writeSpec({ flags, world }: Call<InitFlags>): Promise<void> {
  const { initText, listPresets } = await import('../spec/init.ts');
  const file = flags.output ?? DEFAULT_SPEC;
  // Before any question is asked: nothing is worse than answers that cannot be kept.
  if (file !== '-' && (await world.files.readIfThere(file)) !== undefined) throw alreadyThere(file);
  const asks = world.interactive && !flags.yes && !flags.json && file !== '-';
  const { preset, answers } = asks
    ? await (await import('./init-questions.ts')).askForSpec(listPresets(), flags.preset)
    : { preset: flags.preset ?? listPresets()[0]?.name ?? '', answers: {} };
  const text = initText(preset, answers);
  if (file === '-') {
    world.stdout.write(flags.json ? `${JSON.stringify({ preset, text })}\n` : text);
    return;
  }
  await world.files.write(file, text, { exclusive: true });
  if (flags.json) world.stdout.write(`${JSON.stringify({ preset, file })}\n`);
  else
    world.stdout.write(`wrote ${file} (preset ${preset})\nnext: edit the addresses, then \`hastack check ${file}\`\n`);
}

function alreadyThere(file: string): HastackError {
  return new HastackError({
    code: 'refused',
    message: `${file} exists and is not overwritten`,
    hint: 'give another name with -o FILE, or move the file away',
  });
}
