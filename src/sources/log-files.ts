// The files that a user names, each as a stream of text: single files, directories with everything below, tarballs and
// compressed files (gzip). A gigabyte passes through a few megabytes of memory.
//
// As in read-paths.ts: no link is followed, what cannot be read is left out with a reason, a path that does not exist
// is a HastackError, nothing is written. A binary journal is left out with the command that makes it readable.
import { createReadStream } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';

import { HastackError } from '../model/error.ts';
import type { Skipped } from './source-file.ts';
import { tarMembers } from './tar-stream.ts';

const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;
const NOT_READ = new Set(['.git', 'node_modules', 'proc', 'sys', 'dev']);
const CHUNK = 256 * 1024;
/** A line that is longer is cut in two: a file without newlines must not fill the memory. */
const LONGEST_LINE = 2 * 1024 * 1024;

export interface LogFile {
  readonly path: string;
  /** Absolute, without the extension of an archive or of compression. */
  readonly location: string;
  /** When it was last written, milliseconds since 1970. */
  readonly modified: number;
  readonly mode: number;
  /** Bytes as stored; compressed ones are more when read. */
  readonly size: number;
  /** Whole lines, some hundred thousand characters at a time. Read before the next file is asked for. */
  readonly blocks: AsyncIterable<string>;
}

interface Entry {
  readonly path: string;
  readonly location: string;
}

/** All files below the paths, in the order of their names. */
export async function* logFiles(
  paths: readonly string[],
  options: { readonly cwd: string; readonly skip: (skipped: Skipped) => void },
): AsyncGenerator<LogFile> {
  for (const path of paths) {
    const location = resolve(options.cwd, path);
    const found = await stat(location).catch((cause: unknown) => {
      throw new HastackError({
        code: 'usage',
        message: `cannot read ${path}`,
        hint: 'name a file, a directory or a tarball that exists and that you may read',
        cause,
      });
    });
    if (found.isDirectory()) yield* directory({ path, location }, options.skip);
    else yield* single({ path, location }, options.skip);
  }
}

async function* directory(at: Entry, skip: (skipped: Skipped) => void): AsyncGenerator<LogFile> {
  const entries = await readdir(at.location, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return skip({ path: at.path, why: 'this user may not list it' });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = { path: join(at.path, entry.name), location: join(at.location, entry.name) };
    if (entry.isDirectory()) {
      if (!NOT_READ.has(entry.name)) yield* directory(child, skip);
    } else if (entry.isFile()) yield* single(child, skip);
  }
}

async function* single(at: Entry, skip: (skipped: Skipped) => void): AsyncGenerator<LogFile> {
  const { size, mode, mtimeMs } = await lstat(at.location);
  const stream = createReadStream(at.location, { highWaterMark: CHUNK });
  const failed = (why: string) => skip({ path: at.path, why });
  try {
    if (ARCHIVE.test(at.path)) {
      const location = join(at.location, '..', basename(at.location).replace(ARCHIVE, ''));
      for await (const member of tarMembers(unpacked(stream, failed), failed)) {
        const child = { path: join(at.path, member.name), location: join(location, member.name) };
        const why = (reason: string) => skip({ path: child.path, why: reason });
        yield logFile(child, { ...member, blocks: lines(unpacked(member.data, why), why) });
      }
    } else
      yield logFile(at, {
        modified: mtimeMs,
        mode: mode & 0o7777,
        size,
        blocks: lines(unpacked(stream, failed), failed),
      });
  } finally {
    stream.destroy();
  }
}

function logFile(at: Entry, { modified, mode, size, blocks }: Omit<LogFile, keyof Entry>): LogFile {
  return { path: at.path, location: at.location.replace(/\.gz$/, ''), modified, mode, size, blocks };
}

/** Takes gzip off when the first bytes are gzip's. What is damaged or not readable ends early, with its reason. */
async function* unpacked(chunks: AsyncIterable<Uint8Array>, failed: (why: string) => void): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    if (first.done === true) return;
    const whole = again(first.value, source);
    if (first.value[0] === 0x1f && first.value[1] === 0x8b) yield* gunzipped(whole);
    else yield* whole;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    failed(
      code === 'EACCES' || code === 'EPERM'
        ? 'this user may not read it'
        : 'it is damaged; what stands before that was read',
    );
  }
}

async function* again(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Readable } = await import('node:stream');
  const source = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
}

async function* lines(chunks: AsyncIterable<Uint8Array>, skip: (why: string) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf8');
  let rest = '';
  let first = true;
  for await (const chunk of chunks) {
    const why = first ? unreadable(chunk) : undefined;
    if (why !== undefined) return skip(why);
    first = false;
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n');
    if (end >= 0) yield text.slice(0, end + 1);
    rest = text.slice(end + 1);
    if (rest.length > LONGEST_LINE) {
      yield `${rest}\n`;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield `${rest}\n`;
}

function unreadable(start: Uint8Array): string | undefined {
  const magic = Buffer.from(start.subarray(0, 8)).toString('latin1');
  if (magic === 'LPKSHHRH') return 'a binary journal: give `journalctl --file FILE -o export` instead';
  if (magic.startsWith('\u00FD7zXZ') || magic.startsWith('(\u00B5/\u00FD') || magic.startsWith('BZh'))
    return 'compressed with xz, zstd or bzip2: unpack it first';
  if (magic.startsWith('__CURSOR')) return undefined;
  return start.subarray(0, 8000).includes(0) ? 'binary' : undefined;
}
