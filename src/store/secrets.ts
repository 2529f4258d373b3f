// The secrets of a cluster: secrets.yaml, encrypted value by value, safe to commit (docs/design/0015-secrets-format.md).
//
// One data key is wrapped with age for the recipients of the spec and this operator's identity; each value is
// AES-256-GCM under it with its name as associated data, so values cannot be swapped. Opening costs one age operation.
// Writes are atomic and refuse to overwrite what somebody else wrote meanwhile. On failure: HastackError `environment`.
// Manual: https://age-encryption.org/v1, NIST SP 800-38D.
import { existsSync, readFileSync } from 'node:fs';
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { RandomBytes } from '../model/clock.ts';
import type { SecretContribution } from '../model/component.ts';
import { HastackError } from '../model/error.ts';
import { writeAtomically } from './atomic-write.ts';
import { generateSecret } from './secret-values.ts';

const SCHEME = 'aes256gcm';
const SecretsFile = z.object({
  version: z.literal(1),
  recipients: z.array(z.string()),
  key: z.string(),
  values: z.record(z.string(), z.string()),
});
type SecretsFile = z.infer<typeof SecretsFile>;

export interface SecretsOptions {
  /** secrets.yaml and identity.txt of the state directory. */
  readonly secrets: string;
  readonly identity: string;
  /** age recipients of the spec. */
  readonly recipients: readonly string[];
  readonly random: RandomBytes;
}

export interface Secrets {
  /** Throws HastackError when there is none of that name. */
  get(name: string): string;
  has(name: string): boolean;
  names(): readonly string[];
  /** Generates what is missing, in one write; returns the names of the new ones. */
  ensure(wanted: readonly SecretContribution[]): readonly string[];
  set(name: string, value: string): void;
  remove(name: string): void;
}

export async function openSecrets(options: SecretsOptions): Promise<Secrets> {
  const identity = await ownIdentity(options);
  const recipients = [...new Set([await identityToRecipient(identity), ...options.recipients])].toSorted();
  if (!existsSync(options.secrets)) return newStore(options, recipients);
  const text = readFileSync(options.secrets, 'utf8');
  const file = parseFile(options.secrets, text);
  const key = await unwrap(options, file, identity);
  const store = secretStore(options, { key, file, text });
  if (sameList(file.recipients, recipients)) return store;
  // Somebody came or went: a new data key, because those who left know the old one.
  const renewed = await emptyFile(options, recipients);
  const values = Object.fromEntries(
    store.names().map((name) => [name, seal(options.random, renewed.key, { name, value: store.get(name) })]),
  );
  const next = secretStore(options, { key: renewed.key, file: { ...renewed.file, values }, text });
  next.save();
  return next;
}

/** For who only looks: undefined, and nothing is made, when this cluster has no secrets yet. */
export async function secretsIfThere(options: SecretsOptions): Promise<Secrets | undefined> {
  return existsSync(options.secrets) && existsSync(options.identity) ? openSecrets(options) : undefined;
}

interface Opened {
  readonly key: Uint8Array;
  readonly file: SecretsFile;
  /** What the file held when it was read or written last; undefined: there was none. */
  readonly text: string | undefined;
}

async function newStore(options: SecretsOptions, recipients: readonly string[]): Promise<Secrets> {
  const { key, file } = await emptyFile(options, recipients);
  return secretStore(options, { key, file, text: undefined });
}

async function emptyFile(
  options: SecretsOptions,
  recipients: readonly string[],
): Promise<{ readonly key: Uint8Array; readonly file: SecretsFile }> {
  const key = options.random(32);
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  const wrapped = armor.encode(await encrypter.encrypt(Buffer.from(key).toString('base64')));
  return { key, file: { version: 1, recipients: [...recipients], key: wrapped, values: {} } };
}

function secretStore(options: SecretsOptions, opened: Opened): Secrets & { save(): void } {
  const { key } = opened;
  const values = new Map(Object.entries(opened.file.values));
  let text = opened.text;
  const save = (): void => {
    refuseOverwrite(options.secrets, text);
    const sorted = Object.fromEntries([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    text = render({ ...opened.file, values: sorted });
    writeAtomically(options.secrets, text);
  };
  const put = (name: string, value: string): void => {
    values.set(name, seal(options.random, key, { name, value }));
  };
  return {
    save,
    has: (name) => values.has(name),
    names: () => [...values.keys()].toSorted(),
    get(name) {
      const sealed = values.get(name);
      if (sealed === undefined) throw missing(options.secrets, name);
      return unseal(options.secrets, key, { name, sealed });
    },
    ensure(wanted) {
      const fresh = wanted.filter(({ name }) => !values.has(name));
      for (const { name, kind } of fresh) put(name, generateSecret(kind, options.random));
      if (fresh.length > 0) save();
      return fresh.map(({ name }) => name);
    },
    set(name, value) {
      put(name, value);
      save();
    },
    remove(name) {
      if (values.delete(name)) save();
    },
  };
}

function seal(random: RandomBytes, key: Uint8Array, secret: { readonly name: string; readonly value: string }): string {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(secret.name));
  const sealed = Buffer.concat([nonce, cipher.update(secret.value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${SCHEME}:${sealed.toString('base64')}`;
}

function unseal(path: string, key: Uint8Array, secret: { readonly name: string; readonly sealed: string }): string {
  try {
    const [scheme, text = ''] = secret.sealed.split(':');
    const bytes = Buffer.from(text, 'base64');
    if (scheme !== SCHEME || bytes.length < 28) throw new Error('not a sealed value');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(associatedData(secret.name))
      .setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw damaged(path, `the value of ${secret.name} was changed or belongs to another key`, error);
  }
}

function associatedData(name: string): Buffer {
  return Buffer.from(`hastack secret 1\0${name}`, 'utf8');
}

async function ownIdentity(options: SecretsOptions): Promise<string> {
  if (existsSync(options.identity)) {
    const line = readFileSync(options.identity, 'utf8')
      .split('\n')
      .find((text) => text.startsWith('AGE-SECRET-KEY-'));
    if (line !== undefined) return line.trim();
    throw damaged(options.identity, 'there is no AGE-SECRET-KEY in it', undefined);
  }
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  writeAtomically(
    options.identity,
    `# age identity of this operator; keep it secret\n# public key: ${recipient}\n${identity}\n`,
  );
  return identity;
}

async function unwrap(options: SecretsOptions, file: SecretsFile, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return Buffer.from(await decrypter.decrypt(armor.decode(file.key), 'text'), 'base64');
  } catch (error) {
    throw new HastackError({
      code: 'environment',
      message: `${options.secrets} is not encrypted for the identity in ${options.identity}`,
      hint:
        `Somebody who can read it adds your recipient (the public key in ${options.identity}) to \`recipients\` in the ` +
        'spec and runs apply once; or put your own age identity into that file.',
      cause: error,
    });
  }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    throw new HastackError({
      code: 'spec-invalid',
      message: `${recipient} is not an age recipient`,
      hint: 'A recipient begins with age1; `age-keygen -y` prints yours.',
      cause: error,
    });
  }
}

function parseFile(path: string, text: string): SecretsFile {
  try {
    return SecretsFile.parse(parse(text));
  } catch (error) {
    throw damaged(path, 'it is not a secrets file of hastack (version 1)', error);
  }
}

function refuseOverwrite(path: string, expected: string | undefined): void {
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (present === expected) return;
  throw new HastackError({
    code: 'environment',
    message: `${path} was changed by somebody else while this run used it; nothing was written`,
    hint: 'Run the same command again: it reads the new content.',
  });
}

function render(file: SecretsFile): string {
  const header =
    '# Secrets of a hastack cluster, encrypted value by value; safe to commit. Do not edit: use hastack.\n';
  return header + stringify(file, { lineWidth: 0 });
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function missing(path: string, name: string): HastackError {
  return new HastackError({
    code: 'environment',
    message: `there is no secret named ${name} in ${path}`,
    hint: 'Secrets are generated by `hastack apply`; `hastack state pull` brings back those of a running cluster.',
  });
}

function damaged(path: string, what: string, cause: unknown): HastackError {
  return new HastackError({
    code: 'environment',
    at: { file: path },
    message: `${path} cannot be used: ${what}`,
    hint: 'Bring back the last good version (version control, or `hastack state pull`).',
    cause,
  });
}
