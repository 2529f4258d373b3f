// The operator's state as one encrypted text, to be kept elsewhere (decision 5): secrets.yaml as it is, the spec and
// the known host keys, encrypted with age for everybody who can read secrets.yaml. The operator's own identity is not
// in it: any recipient opens it with theirs. Encryption never gives the same text twice, so `hash` says whether the
// content is what a copy has already. On failure HastackError `environment`. Manual: https://age-encryption.org/v1
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { parse } from 'yaml';
import { z } from 'zod';
import { HastackError } from '../model/error.ts';
import { writeAtomically } from './atomic-write.ts';
import type { StateDirectory } from './state-directory.ts';

const Bundle = z.object({
  hastackState: z.literal(1),
  cluster: z.string(),
  secrets: z.string(),
  spec: z.string().optional(),
  knownHosts: z.string().optional(),
});
export type StateBundle = z.infer<typeof Bundle>;

export interface SealedState {
  /** SHA-256 of what is in it and for whom. */
  readonly hash: string;
  /** ASCII armor. */
  seal(): Promise<string>;
}

export interface StateSource {
  readonly cluster: string;
  readonly secrets: string;
  readonly knownHosts: string;
  readonly specText?: string | undefined;
}

/** Undefined when there are no secrets yet. The paths are those of the state directory. */
export function sealedState({ cluster, secrets, knownHosts, specText }: StateSource): SealedState | undefined {
  if (!existsSync(secrets)) return undefined;
  const text = readFileSync(secrets, 'utf8');
  const recipients = z.object({ recipients: z.array(z.string()).min(1) }).parse(parse(text)).recipients;
  const bundle: StateBundle = {
    hastackState: 1,
    cluster,
    secrets: text,
    ...(specText === undefined ? {} : { spec: specText }),
    ...(existsSync(knownHosts) ? { knownHosts: readFileSync(knownHosts, 'utf8') } : {}),
  };
  const plain = JSON.stringify(bundle);
  return {
    hash: createHash('sha256')
      .update(JSON.stringify([recipients, plain]))
      .digest('hex'),
    async seal() {
      const encrypter = new Encrypter();
      for (const recipient of recipients) encrypter.addRecipient(recipient);
      return armor.encode(await encrypter.encrypt(plain));
    },
  };
}

/** `identity`: the text of an age identity file. */
export async function openSealedState(sealed: string, identity: string, cluster: string): Promise<StateBundle> {
  const keys = secretKeys(identity);
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key);
  let plain: string;
  try {
    plain = await decrypter.decrypt(armor.decode(sealed), 'text');
  } catch (cause) {
    throw new HastackError({
      code: 'environment',
      message: 'the copy of the state is not encrypted for this identity, or it is damaged',
      hint: 'Give the identity of one of the recipients in the spec: --identity FILE.',
      cause,
    });
  }
  const bundle = Bundle.parse(JSON.parse(plain));
  if (bundle.cluster === cluster) return bundle;
  throw new HastackError({
    code: 'refused',
    message: `the copy is of the cluster ${bundle.cluster}, not of ${cluster}`,
    hint: 'Give the spec of that cluster.',
  });
}

/** Into a state directory without secrets; returns what was written. Nothing that is there is overwritten. */
export function restoreState(state: StateDirectory, bundle: StateBundle, identity: string): readonly string[] {
  refuseState(state);
  const specCopy = `${state.root}/spec.yaml`;
  const files = [
    { path: state.identity, text: `${secretKeys(identity).join('\n')}\n` },
    { path: state.knownHosts, text: bundle.knownHosts },
    { path: specCopy, text: bundle.spec },
    // Last: a directory with secrets is one that is complete.
    { path: state.secrets, text: bundle.secrets },
  ];
  return files.flatMap(({ path, text }) => {
    if (text === undefined || existsSync(path)) return [];
    writeAtomically(path, text, 0o600);
    return [path];
  });
}

/** HastackError `refused` when the directory has secrets: those of the copy may be older. */
export function refuseState(state: StateDirectory): void {
  if (!existsSync(state.secrets)) return;
  throw new HastackError({
    code: 'refused',
    message: `there is a state already: ${state.secrets}`,
    hint: 'Move it away first, or pull into another directory with --state DIR.',
  });
}

function secretKeys(identity: string): readonly string[] {
  const keys = identity.split('\n').filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (keys.length > 0) return keys.map((key) => key.trim());
  throw new HastackError({
    code: 'usage',
    message: 'there is no AGE-SECRET-KEY in the identity file',
    hint: 'Give the file that age-keygen wrote: --identity FILE.',
  });
}
