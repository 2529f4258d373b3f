// The age identity with which a backup or a copy of the state is read: --identity, or that of the state directory.
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';
import type { Call } from './command.ts';

export async function identityText(
  { flags, world }: Pick<Call<{ readonly identity?: string }>, 'flags' | 'world'>,
  stateRoot: string,
): Promise<string> {
  const file = flags.identity ?? join(stateRoot, 'identity.txt');
  const text = await world.files.readIfThere(file);
  if (text !== undefined) return text;
  throw new HastackError({
    code: 'usage',
    message: `there is no identity in ${file}`,
    hint: 'Name the age identity file of one of the recipients: --identity FILE.',
  });
}
