// Reads the files that a user names: single files, directories with everything below, tarballs (.tar, .tar.gz, .tgz).
//
// Follows no link out of a directory (links are listed, their targets are read where they stand), so no cycle and no
// surprise. Large and binary files are left out with a reason; a file that cannot be read too. A path that does not
// exist is a HastackError, since the user meant something else. Nothing is written.
import { lstat, readFile, readdir, readlink, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { HastackError } from '../model/error.ts';
import type { Skipped, SourceFile, SourceLink, SourceTree } from './source-file.ts';
import { readTar } from './tar.ts';

const LARGEST_FILE = 8 * 1024 * 1024;
const LARGEST_ARCHIVE = 512 * 1024 * 1024;
const MOST_FILES = 50_000;
const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;
/** Never configuration, often huge. */
const NOT_READ = new Set(['.git', 'node_modules', 'proc', 'sys']);

interface Reading {
  readonly files: SourceFile[];
  readonly links: SourceLink[];
  readonly skipped: Skipped[];
}

/** Reads all paths, in the order of their names. Relative ones start at `cwd`. */
export async function readPaths(paths: readonly string[], cwd: string): Promise<SourceTree> {
  const reading: Reading = { files: [], links: [], skipped: [] };
  for (const path of paths) {
    const full = resolve(cwd, path);
    const found = await stat(full).catch((cause: unknown) => {
      throw new HastackError({
        code: 'usage',
        message: `cannot read ${path}`,
        hint: 'name a file, a directory or a tarball that exists and that you may read',
        cause,
      });
    });
    if (found.isDirectory()) await readDirectory(reading, { path, location: full });
    else await readOne(reading, { path, location: full });
  }
  return reading;
}

interface Entry {
  readonly path: string;
  readonly location: string;
}

async function readDirectory(reading: Reading, directory: Entry): Promise<void> {
  const entries = await readdir(directory.location, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    reading.skipped.push({ path: directory.path, why: 'this user may not list it' });
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = { path: join(directory.path, entry.name), location: join(directory.location, entry.name) };
    if (entry.isSymbolicLink()) {
      const target = await readlink(child.location).catch(() => '');
      reading.links.push({ ...child, target });
    } else if (entry.isDirectory()) {
      if (!NOT_READ.has(entry.name)) await readDirectory(reading, child);
    } else if (entry.isFile()) await readOne(reading, child);
  }
}

async function readOne(reading: Reading, file: Entry): Promise<void> {
  if (reading.files.length >= MOST_FILES) {
    if (reading.files.length === MOST_FILES) reading.skipped.push({ path: file.path, why: 'too many files' });
    return;
  }
  const archive = ARCHIVE.test(file.path);
  try {
    const { size, mode } = await lstat(file.location);
    if (size > (archive ? LARGEST_ARCHIVE : LARGEST_FILE)) reading.skipped.push({ path: file.path, why: 'too large' });
    else if (archive) await readArchive(reading, file);
    else addFile(reading, { ...file, bytes: await readFile(file.location), mode: mode & 0o7777 });
  } catch {
    reading.skipped.push({ path: file.path, why: 'this user may not read it' });
  }
}

async function readArchive(reading: Reading, file: Entry): Promise<void> {
  const packed = await readFile(file.location);
  const zipped = packed[0] === 0x1f && packed[1] === 0x8b;
  const bytes = zipped
    ? await promisify(gunzip)(packed, { maxOutputLength: LARGEST_ARCHIVE }).catch(() => undefined)
    : packed;
  if (bytes === undefined) {
    reading.skipped.push({ path: file.path, why: 'the archive is damaged or too large when unpacked' });
    return;
  }
  const { entries, problem } = readTar(bytes);
  if (problem !== undefined) reading.skipped.push({ path: file.path, why: problem });
  const location = join(file.location, '..', basename(file.location).replace(ARCHIVE, ''));
  for (const entry of entries) {
    const child = { path: join(file.path, entry.name), location: join(location, entry.name) };
    if (entry.type === 'link') reading.links.push({ ...child, target: entry.target });
    else if (entry.data.length > LARGEST_FILE) reading.skipped.push({ path: child.path, why: 'too large' });
    else addFile(reading, { ...child, bytes: entry.data, mode: entry.mode & 0o7777 });
  }
}

function addFile(reading: Reading, file: Entry & { readonly bytes: Uint8Array; readonly mode: number }): void {
  const { path, location, bytes, mode } = file;
  // A NUL byte early on: a database, a key ring, a picture.
  if (bytes.subarray(0, 8000).includes(0)) reading.skipped.push({ path, why: 'binary' });
  else reading.files.push({ path, location, mode, text: new TextDecoder('utf8').decode(bytes) });
}
