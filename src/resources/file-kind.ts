// How files are read, compared and written; what they are is in file.ts, the shell in file-scripts.ts.
import { sha256Hex, stableHash } from '../lib/hash.ts';
import type { Difference, Reading, ResourceKind } from '../model/resource.ts';
import { applyFileScript, contentBytes, readFilesScript } from './file-scripts.ts';
import type { FileContent, FileDesired } from './file.ts';
import { maskSecrets } from './mask.ts';
import { known, lineAfter, recordsByIndex, unknown, whole } from './reading.ts';
import { unifiedDiff } from './unified-diff.ts';

export type FileState = { readonly type: 'missing' } | PresentPath;

interface PresentPath {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly uid: string;
  readonly gid: string;
  readonly sha256?: string;
  /** Masked; only of a file that differs, is not secret and not large. */
  readonly content?: string;
  readonly target?: string;
}

export const fileKind: ResourceKind<FileDesired, FileState> = {
  kind: 'file',
  read: (items) => ({ text: readFilesScript(items), timeout: 60 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('the files could not be read'));
    const records = recordsByIndex(output);
    return items.map((item, index) => parsePath(item, records.get(index) ?? []));
  },
  diff: diffPath,
  apply: (desired) => ({ text: applyFileScript(desired), timeout: 60 }),
  hash(desired) {
    if (desired.type !== 'file') return stableHash(desired);
    const { path, mode, owner, group } = desired;
    return stableHash({ path, mode, owner, group, sha256: sha256Hex(contentBytes(desired)) });
  },
};

const TYPES: Readonly<Record<string, PresentPath['type']>> = {
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
  'symbolic link': 'symlink',
};

function parsePath(item: FileDesired, lines: readonly string[]): Reading<FileState> {
  const stat = lineAfter(lines, 'stat ');
  if (stat === undefined) return known({ type: 'missing' });
  const [kind = '', mode = '', owner = '', group = '', uid = '', gid = '', ...path] = stat.split('|');
  // A path that went away between two commands shifts the lines of the others.
  if (path.join('|') !== item.path) return unknown('the files changed while they were read');
  const sha256 = lineAfter(lines, 'sum ');
  const content = lineAfter(lines, 'text ');
  const target = lineAfter(lines, 'link ');
  return known({
    type: TYPES[kind] ?? 'other',
    mode,
    owner,
    group,
    uid,
    gid,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(content === undefined ? {} : { content: decode(content) }),
    ...(target === undefined ? {} : { target: decode(target) }),
  });
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function diffPath(desired: FileDesired, reading: Reading<FileState>): Difference | undefined {
  if (!reading.known) return { action: desired.type === 'absent' ? 'delete' : 'create', reason: reading.reason };
  const state = reading.state;
  if (desired.type === 'absent') {
    return state.type === 'missing' ? undefined : { action: 'delete', reason: `${state.type} must not exist` };
  }
  if (state.type === 'missing') return { action: 'create', reason: 'missing' };
  if (state.type !== desired.type) return { action: 'update', reason: `is a ${state.type}, not a ${desired.type}` };
  if (desired.type === 'symlink') {
    if (state.target === desired.target) return undefined;
    return { action: 'update', reason: `points to ${state.target ?? 'nothing'}, not to ${desired.target}` };
  }
  const differs = desired.type === 'file' && state.sha256 !== sha256Hex(contentBytes(desired));
  const reasons = [...(differs ? ['content differs'] : []), ...attributeReasons(desired, state)];
  if (reasons.length === 0) return undefined;
  const diff = differs ? contentDiff(desired, state) : undefined;
  return { action: 'update', reason: reasons.join(', '), ...(diff === undefined ? {} : { diff }) };
}

function attributeReasons(
  desired: { readonly mode: string; readonly owner: string; readonly group: string },
  state: PresentPath,
): readonly string[] {
  const mode = (text: string) => text.replace(/^0+(?=.)/, '');
  const reasons: string[] = [];
  if (mode(desired.mode) !== mode(state.mode)) reasons.push(`mode ${state.mode} → ${mode(desired.mode)}`);
  const owned = desired.owner === state.owner || desired.owner === state.uid;
  const grouped = desired.group === state.group || desired.group === state.gid;
  if (!owned || !grouped) reasons.push(`owner ${state.owner}:${state.group} → ${desired.owner}:${desired.group}`);
  return reasons;
}

function contentDiff(desired: FileContent, state: PresentPath): string | undefined {
  if (desired.secret || state.content === undefined) return undefined;
  if (desired.encoding === 'base64' || state.content.includes('\0')) return 'binary content differs';
  const before = maskSecrets(state.content, desired.secrets);
  const after = maskSecrets(desired.content, desired.secrets);
  return unifiedDiff(before, after, desired.path) ?? 'only masked values differ';
}
