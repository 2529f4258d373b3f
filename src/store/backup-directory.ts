// A backup on the operator's machine: a directory CLUSTER-TIME with one age file per part and manifest.json, which
// says what is in it, of which versions, with sizes and hashes, and holds no secret.
// It is written as CLUSTER-TIME.partial and renamed when all is on the disk: what was cut off is never taken for a whole
// one. The newest `keep` of a cluster stay. On failure: HastackError `environment`.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HastackError } from '../model/error.ts';
import { writeAtomically } from './atomic-write.ts';
import { sha256OfFile } from './sealed-file.ts';

const Part = z.object({
  /** Id of the component; `state` and `secrets` are the operator's. */
  name: z.string(),
  title: z.string(),
  file: z.string(),
  /** Of the encrypted file. */
  sha256: z.string(),
  bytes: z.number(),
  plainBytes: z.number(),
  /** Where it was taken. */
  host: z.string().optional(),
  seconds: z.number(),
  /** What the host said of itself before and after: versions, positions, sizes. */
  before: z.record(z.string(), z.string()).default({}),
  after: z.record(z.string(), z.string()).default({}),
  /** Checksums of what did not change meanwhile, and names of what did. */
  stable: z.record(z.string(), z.string()).default({}),
  moving: z.array(z.string()).default([]),
});
const Manifest = z.object({
  hastackBackup: z.literal(1),
  cluster: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  hastack: z.string(),
  recipients: z.array(z.string()),
  parts: z.array(Part),
});
export type BackupManifestPart = z.infer<typeof Part>;
export type BackupManifest = z.infer<typeof Manifest>;

export interface BackupDraft {
  /** Where files are written until it is whole. */
  readonly path: string;
  /** Writes the manifest, syncs, renames; returns the final path. */
  finish(manifest: BackupManifest): string;
  discard(): void;
}

const MANIFEST = 'manifest.json';
const PARTIAL = '.partial';

export function startBackup(root: string, cluster: string, now: number): BackupDraft {
  const name = `${cluster}-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const path = join(root, name);
  const draft = `${path}${PARTIAL}`;
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    // The caller holds the lock of the cluster: what is partial belongs to a run that died.
    for (const each of namesOf(root, cluster, PARTIAL)) rmSync(join(root, each), { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
  } catch (cause) {
    throw unusable(root, cause);
  }
  return {
    path: draft,
    finish(manifest) {
      writeAtomically(join(draft, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
      sync(draft);
      renameSync(draft, path);
      sync(root);
      return path;
    },
    discard: () => rmSync(draft, { recursive: true, force: true }),
  };
}

/** Removes all but the newest `keep`; returns the names of those that went. */
export function pruneBackups(root: string, cluster: string, keep: number): readonly string[] {
  const all = namesOf(root, cluster, '');
  const gone = all.slice(0, Math.max(0, all.length - keep));
  for (const name of gone) {
    // First it stops being whole: a kill in between must not leave half of one.
    renameSync(join(root, name), join(root, `${name}${PARTIAL}`));
    rmSync(join(root, `${name}${PARTIAL}`), { recursive: true, force: true });
  }
  return gone;
}

/** A backup, or the newest one of this cluster in a directory of several. */
export function openBackup(
  from: string,
  cluster: string,
): { readonly path: string; readonly manifest: BackupManifest } {
  const path = existsSync(join(from, MANIFEST)) ? from : newestIn(from, cluster);
  if (path.replace(/\/+$/, '').endsWith(PARTIAL)) throw notWhole(path);
  let manifest: BackupManifest;
  try {
    manifest = Manifest.parse(JSON.parse(readFileSync(join(path, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new HastackError({
      code: 'environment',
      at: { file: join(path, MANIFEST) },
      message: `${join(path, MANIFEST)} is not the manifest of a backup`,
      hint: 'Name another backup: --from DIR.',
      cause,
    });
  }
  if (manifest.cluster === cluster) return { path, manifest };
  throw new HastackError({
    code: 'refused',
    message: `${path} is a backup of the cluster ${manifest.cluster}, not of ${cluster}`,
    hint: 'Give the spec of that cluster, or a backup of this one.',
  });
}

/** Reads every byte of these parts: nothing may be destroyed for a backup that is damaged. */
export async function checkHashes(path: string, parts: readonly BackupManifestPart[]): Promise<void> {
  for (const part of parts) {
    const file = join(path, part.file);
    if (existsSync(file) && (await sha256OfFile(file)) === part.sha256) continue;
    throw new HastackError({
      code: 'refused',
      at: { file },
      message: `${file} is missing or not as it was written`,
      hint: 'This backup is damaged: take another one.',
    });
  }
}

function newestIn(root: string, cluster: string): string {
  const newest = namesOf(root, cluster, '').at(-1);
  if (newest !== undefined) return join(root, newest);
  throw new HastackError({
    code: 'usage',
    message: `there is no whole backup of ${cluster} in ${root}`,
    hint: 'Name the directory of a backup: --from DIR. `hastack backup` takes one.',
  });
}

/** Oldest first: their names end with the time. */
function namesOf(root: string, cluster: string, suffix: string): readonly string[] {
  if (!existsSync(root)) return [];
  const time = /^\d{8}T\d{6}Z$/;
  return readdirSync(root)
    .filter((name) => name.startsWith(`${cluster}-`) && name.endsWith(suffix))
    .filter((name) => time.test(name.slice(cluster.length + 1, name.length - suffix.length)))
    .toSorted();
}

function sync(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function notWhole(path: string): HastackError {
  return new HastackError({
    code: 'refused',
    message: `${path} was cut off while it was written`,
    hint: 'Name a whole backup: --from DIR.',
  });
}

function unusable(root: string, cause: unknown): HastackError {
  return new HastackError({
    code: 'environment',
    message: `${root} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Name another directory: --to DIR.',
    cause,
  });
}
