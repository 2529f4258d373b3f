// Files, directories, symbolic links and paths that must not exist, as one kind: all of a host are read with one
// `stat` and one `sha256sum`. A file that is as desired is never touched (inode and mtime stay); a changed one is
// written beside, given its owner and mode, synced and renamed, so that readers see the old or the new content only.
// The plan shows a unified diff; values that look like secrets are masked on the host already, and the content of
// files marked `secret` never leaves the host. Source: stat(1), sha256sum(1), rename(2).
import type { ResourceId, Resource } from '../model/resource.ts';

export interface FileOptions {
  /** Absolute. Missing parent directories are made, root:root 0755. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Octal, `0644` unless given. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  /** The content is never shown nor read back, only its hash. */
  readonly secret?: boolean;
  /** Secret values within the content: masked in the diff. */
  readonly secrets?: readonly string[];
  /** Shell script that checks the new content before it is put in place; the path of the candidate is `$1`. */
  readonly validate?: string;
  readonly notifies?: readonly ResourceId[];
}

export interface DirectoryOptions {
  readonly path: string;
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly notifies?: readonly ResourceId[];
}

export interface FileContent {
  readonly type: 'file';
  readonly path: string;
  readonly encoding: 'utf8' | 'base64';
  readonly content: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly secret: boolean;
  readonly secrets: readonly string[];
  readonly validate?: string;
}

export type FileDesired =
  | FileContent
  | {
      readonly type: 'directory';
      readonly path: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string }
  | { readonly type: 'absent'; readonly path: string; readonly recursive: boolean };

/** A regular file with this content. */
export function file(options: FileOptions): Resource<FileDesired> {
  const text = typeof options.content === 'string';
  return resource(options.notifies, {
    type: 'file',
    path: options.path,
    encoding: text ? 'utf8' : 'base64',
    content: typeof options.content === 'string' ? options.content : Buffer.from(options.content).toString('base64'),
    mode: options.mode ?? '0644',
    owner: options.owner ?? 'root',
    group: options.group ?? 'root',
    secret: options.secret ?? false,
    secrets: options.secrets ?? [],
    ...(options.validate === undefined ? {} : { validate: options.validate }),
  });
}

/** A directory; what is in it is left alone. */
export function directory(options: DirectoryOptions): Resource<FileDesired> {
  return resource(options.notifies, {
    type: 'directory',
    path: options.path,
    mode: options.mode ?? '0755',
    owner: options.owner ?? 'root',
    group: options.group ?? 'root',
  });
}

export function symlink(options: {
  readonly path: string;
  readonly target: string;
  readonly notifies?: readonly ResourceId[];
}): Resource<FileDesired> {
  return resource(options.notifies, { type: 'symlink', path: options.path, target: options.target });
}

/** A path that must not exist. A directory that is not empty is removed with `recursive` only. */
export function absent(
  path: string,
  options: { readonly recursive?: boolean; readonly notifies?: readonly ResourceId[] } = {},
): Resource<FileDesired> {
  return resource(options.notifies, { type: 'absent', path, recursive: options.recursive ?? false });
}

function resource(notifies: readonly ResourceId[] | undefined, desired: FileDesired): Resource<FileDesired> {
  checkPath(desired.path);
  if (desired.type === 'absent' && desired.recursive && desired.path.split('/').length < 3) {
    throw new Error(`refusing to remove ${desired.path} with everything in it`);
  }
  return { id: `file:${desired.path}`, kind: 'file', desired, ...(notifies === undefined ? {} : { notifies }) };
}

/** Paths come from components, so a bad one is a bug. Control characters would break the lines of the read script. */
function checkPath(path: string): void {
  const parts = path.split('/').slice(1);
  const plain = path.startsWith('/') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!plain || /[\u0000-\u001f\u007f]| $/.test(path))
    throw new Error(`not an absolute, plain path: ${JSON.stringify(path)}`);
}
