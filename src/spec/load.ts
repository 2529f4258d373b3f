// Reads a spec from disk: the only I/O of this room. A file that cannot be read is a HastackError with a hint.
import { readFile } from 'node:fs/promises';
import { HastackError } from '../model/error.ts';
import { checkSpec } from './check.ts';
import type { SpecCheck } from './check.ts';

export interface LoadedSpec extends SpecCheck {
  readonly text: string;
  readonly file: string;
}

export async function loadSpec(path: string): Promise<LoadedSpec> {
  const text = decode(path, await read(path));
  return { ...checkSpec(text, path), text, file: path };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { why, hint } = reasonOf(cause);
    throw new HastackError({ code: 'usage', message: `the spec ${path} ${why}`, hint, at: { file: path }, cause });
  }
}

function reasonOf(cause: unknown): { readonly why: string; readonly hint: string } {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return { why: 'does not exist', hint: 'write one with: hastack init' };
  if (code === 'EISDIR') return { why: 'is a directory', hint: 'name the file in it' };
  if (code === 'EACCES' || code === 'EPERM') return { why: 'may not be read', hint: 'change its owner or mode' };
  return {
    why: `cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    hint: 'name another file',
  };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HastackError({
      code: 'spec-invalid',
      message: `the spec ${path} is not UTF-8 text`,
      hint: 'save it as UTF-8',
      at: { file: path },
      cause,
    });
  }
}
