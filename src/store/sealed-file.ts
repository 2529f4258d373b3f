// Files encrypted with age as a stream: a database of any size goes through without being held in memory.
// A file is written, synced and only then told of; age authenticates every chunk and the end, so a cut file or a
// changed byte is an error while it is read. Manual: https://age-encryption.org/v1
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { PassThrough, Readable, Transform } from 'node:stream';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream as WebStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { parse } from 'yaml';
import { z } from 'zod';
import { HastackError } from '../model/error.ts';

export interface SealedFile {
  /** Of the encrypted file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly plainBytes: number;
}

export interface Sealing {
  readonly path: string;
  /** age recipients. */
  readonly recipients: readonly string[];
  /** Writes the content and ends the stream; when it rejects, the file is not whole. */
  readonly source: (sink: Writable) => Promise<void>;
}

export async function sealFile({ path, recipients, source }: Sealing): Promise<SealedFile> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const plain = new PassThrough();
  const meter = counter();
  const sealed = counter();
  const metered = plain.pipe(meter.stream);
  // A pipe() hands on no error: the encrypting side must not wait for a writer that failed.
  plain.on('error', (error) => meter.stream.destroy(error));
  metered.on('error', () => undefined);
  const stream = await encrypter.encrypt(webStream(metered));
  const writing = pipeline(
    Readable.fromWeb(stream as unknown as WebStream),
    sealed.stream,
    createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }),
  );
  const sourcing = source(plain).catch((error: unknown) => {
    plain.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  // A full disk ends the writing; the source is then ended as well.
  const guarded = writing.catch((error: unknown) => {
    plain.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [sourced, written] = await Promise.allSettled([sourcing, guarded]);
  if (sourced.status === 'rejected') throw sourced.reason;
  if (written.status === 'rejected') throw written.reason;
  return { sha256: sealed.hash(), bytes: sealed.bytes(), plainBytes: meter.bytes() };
}

/** `identity`: the text of an age identity file. */
export async function openSealedFile(path: string, identity: string): Promise<Readable> {
  const decrypter = new Decrypter();
  for (const key of secretKeys(identity)) decrypter.addIdentity(key);
  const file = createReadStream(path);
  try {
    const plain = await decrypter.decrypt(webStream(file));
    return Readable.fromWeb(plain);
  } catch (cause) {
    file.destroy();
    throw new HastackError({
      code: 'environment',
      at: { file: path },
      message: `${path} is not encrypted for this identity, or it is damaged`,
      hint: 'Give the identity of one of the recipients of the backup: --identity FILE.',
      cause,
    });
  }
}

/** For small ones. */
export async function readSealedText(path: string, identity: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await openSealedFile(path, identity)) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** For whom secrets.yaml is encrypted: whoever can read it can read a backup. */
export function recipientsOf(secretsPath: string): readonly string[] {
  const shape = z.object({ recipients: z.array(z.string()).min(1) });
  if (existsSync(secretsPath)) return shape.parse(parse(readFileSync(secretsPath, 'utf8'))).recipients;
  throw new HastackError({
    code: 'environment',
    message: `there is no ${secretsPath}: nobody could read a backup`,
    hint: 'Bring the state of the cluster back first: `hastack state pull`, or `hastack restore --only state`.',
  });
}

/** One chunk at a time: Readable.toWeb of Node 20 counts its high-water mark of bytes in chunks and holds gigabytes. */
function webStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const stream = new WebStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
  return stream;
}

function secretKeys(identity: string): readonly string[] {
  return identity
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('AGE-SECRET-KEY-'));
}

function counter() {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    stream: new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    }),
    hash: () => hash.digest('hex'),
    bytes: () => bytes,
  };
}
