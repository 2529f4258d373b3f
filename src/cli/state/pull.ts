// hastack state pull: the operator's state back from the control hosts.
import { join } from 'node:path';
import { HastackError } from '../../model/error.ts';
import { command } from '../command.ts';
import type { Call } from '../command.ts';
import { prepareRun } from '../run-input.ts';
import { specArgument } from '../spec-argument.ts';

interface PullFlags {
  readonly identity?: string;
}

export const statePullCommand = command<PullFlags, [string]>({
  brief: "Bring the operator's state back from the control hosts",
  usage: '[--identity FILE] [--lab] [SPEC]',
  description: [
    'Every successful apply leaves an encrypted copy of secrets, spec and host keys on the control hosts. This writes the',
    'newest one into a state directory that has none. It is decrypted with the age identity of any recipient of the spec,',
    'which becomes the identity of that directory. Nothing is changed on the hosts.',
  ].join('\n'),
  examples: [
    { command: 'hastack state pull --identity ~/age.txt', does: 'on a new laptop, with the spec from version control' },
  ],
  uses: ['lab', 'state'],
  flags: {
    identity: {
      kind: 'parsed',
      parse: (text: string) => text,
      optional: true,
      placeholder: 'FILE',
      brief: 'age identity of a recipient (identity.txt of the state directory)',
    },
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: pullState,
});

async function pullState(call: Call<PullFlags>, spec: string): Promise<number> {
  const prepared = await prepareRun(call, { spec, command: 'state pull', emit: () => undefined, withoutFiles: true });
  if ('entered' in prepared) return prepared.entered;
  const { flags, world } = call;
  const file = flags.identity ?? join(prepared.input.stateRoot, 'identity.txt');
  const identity = await world.files.readIfThere(file);
  if (identity === undefined) {
    throw new HastackError({
      code: 'usage',
      message: `there is no identity in ${file}`,
      hint: 'Name the age identity file of one of the recipients: --identity FILE.',
    });
  }
  const { statePullFlow } = await import('../../flows/state-pull.ts');
  const pulled = await statePullFlow(prepared.input, identity);
  const { host, time, files, unreachable } = pulled;
  const away = unreachable.length === 0 ? '' : `could not be asked: ${unreachable.join(', ')}\n`;
  const text = `the state of ${time}, from ${host}:\n${files.map((path) => `  ${path}\n`).join('')}${away}`;
  world.stdout.write(flags.json ? `${JSON.stringify(pulled)}\n` : text);
  return 0;
}
