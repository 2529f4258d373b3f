// What a backup is on the operator's disk: whole or not at all, readable for its recipients, and nobody's past by mistake.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkHashes, openBackup, pruneBackups, startBackup } from './backup-directory.ts';
import type { BackupManifest } from './backup-directory.ts';
import { continuedAttempt, forgetAttempt, rememberAttempt } from './restore-attempt.ts';
import { openSealedFile, readSealedText, sealFile } from './sealed-file.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'backup-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const NOON = Date.UTC(2026, 5, 1, 12);

function manifest(changes: Partial<BackupManifest> = {}): BackupManifest {
  return {
    hastackBackup: 1,
    cluster: 'campus',
    startedAt: '2026-06-01T12:00:00.000Z',
    finishedAt: '2026-06-01T12:01:00.000Z',
    hastack: '0.1.0',
    recipients: [],
    parts: [],
    ...changes,
  };
}

describe('a sealed file', () => {
  it('gives back what went in, in many chunks, to its identity only', async () => {
    const [identity, other] = [await generateX25519Identity(), await generateX25519Identity()];
    const path = join(root, 'a.age');
    const chunk = Buffer.alloc(70_000, 'row ');
    const sealed = await sealFile({
      path,
      recipients: [await identityToRecipient(identity)],
      source: async (sink) => {
        for (let index = 0; index < 20; index += 1) sink.write(chunk);
        sink.end('end');
      },
    });
    expect(sealed.plainBytes).toBe(20 * 70_000 + 3);
    expect(readFileSync(path).length).toBe(sealed.bytes);
    expect(readFileSync(path).includes('row row')).toBe(false);
    expect(await readSealedText(path, identity)).toBe(`${'row '.repeat((20 * 70_000) / 4)}end`);
    await expect(openSealedFile(path, other)).rejects.toThrow(/not encrypted for this identity/);
    await checkHashes(root, [{ ...part('a'), sha256: sealed.sha256 }]);
  });

  it('is no file to read when its end is missing or a byte was changed', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const path = join(root, 'a.age');
    const sealed = await sealFile({
      path,
      recipients,
      source: async (sink) => void sink.end(Buffer.alloc(200_000, 'x')),
    });
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 1000));
    await expect(readSealedText(path, identity)).rejects.toThrow();
    whole[150_000] = (whole[150_000] ?? 0) ^ 1;
    writeFileSync(path, whole);
    await expect(readSealedText(path, identity)).rejects.toThrow();
    await expect(checkHashes(root, [{ ...part('a'), sha256: sealed.sha256 }])).rejects.toThrow(/not as it was written/);
  });

  it('is not told of when its source broke', async () => {
    const recipients = [await identityToRecipient(await generateX25519Identity())];
    const source = async (sink: NodeJS.WritableStream): Promise<void> => {
      sink.write('half');
      throw new Error('the donor died');
    };
    await expect(sealFile({ path: join(root, 'a.age'), recipients, source })).rejects.toThrow('the donor died');
  });
});

describe('a directory of backups', () => {
  it('has a backup under its name only when it is whole', () => {
    const draft = startBackup(root, 'campus', NOON);
    expect(readdirSync(root)).toEqual(['campus-20260601T120000Z.partial']);
    expect(() => openBackup(root, 'campus')).toThrow(/no whole backup/);
    expect(() => openBackup(draft.path, 'campus')).toThrow(/no whole backup/);
    expect(draft.finish(manifest())).toBe(join(root, 'campus-20260601T120000Z'));
    expect(openBackup(root, 'campus').manifest.finishedAt).toBe('2026-06-01T12:01:00.000Z');
  });

  it('refuses one that was cut off after its manifest', () => {
    mkdirSync(join(root, 'campus-20260601T120000Z.partial'));
    writeFileSync(join(root, 'campus-20260601T120000Z.partial', 'manifest.json'), JSON.stringify(manifest()));
    expect(() => openBackup(join(root, 'campus-20260601T120000Z.partial'), 'campus')).toThrow(/cut off/);
  });

  it('keeps the newest, removes what a run that died left, and touches nothing of others', () => {
    for (const name of [
      'lab-20260601T120000Z',
      'campus-east-20260601T120000Z',
      'campus-20260101T000000Z.partial',
      'x',
    ]) {
      mkdirSync(join(root, name));
    }
    for (const day of [1, 2, 3]) startBackup(root, 'campus', NOON + day * 86_400_000).finish(manifest());
    expect(pruneBackups(root, 'campus', 2)).toEqual(['campus-20260602T120000Z']);
    expect(readdirSync(root).toSorted()).toEqual([
      'campus-20260603T120000Z',
      'campus-20260604T120000Z',
      'campus-east-20260601T120000Z',
      'lab-20260601T120000Z',
      'x',
    ]);
    expect(openBackup(root, 'campus').path).toBe(join(root, 'campus-20260604T120000Z'));
  });

  it('is refused for another cluster', () => {
    startBackup(root, 'campus', NOON).finish(manifest({ cluster: 'lab' }));
    expect(() => openBackup(root, 'campus')).toThrow(/backup of the cluster lab/);
  });

  it('loses a draft that is discarded', () => {
    startBackup(root, 'campus', NOON).discard();
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a restore that was begun', () => {
  const attempt = { backup: '/b/1', only: ['galera'], key: 'ab', startedAt: NOON, hosts: { galera: 'ctl1' } };

  it('goes on for the same backup and parts, within hours, until it is finished', () => {
    expect(continuedAttempt(root, attempt, NOON)).toBeUndefined();
    rememberAttempt(root, attempt);
    expect(continuedAttempt(root, attempt, NOON + 60_000)).toEqual(attempt);
    expect(continuedAttempt(root, { ...attempt, backup: '/b/2' }, NOON)).toBeUndefined();
    expect(continuedAttempt(root, { ...attempt, only: [] }, NOON)).toBeUndefined();
    expect(continuedAttempt(root, attempt, NOON + 7 * 3_600_000)).toBeUndefined();
    forgetAttempt(root);
    expect(existsSync(join(root, 'restore.json'))).toBe(false);
  });
});

function part(name: string) {
  const empty = { before: {}, after: {}, stable: {}, moving: [] };
  return { name, title: name, file: `${name}.age`, sha256: '', bytes: 0, plainBytes: 0, seconds: 0, ...empty };
}
