// Proves a backup: restored on a host into a place of its own, compared with what was read when it was taken, and
// checked from end to end. Nothing in use is touched, and the place is removed whatever happens.
import { join } from 'node:path';
import { HastackError } from '../../model/error.ts';
import type { BackupManifestPart } from '../../store/backup-directory.ts';
import { openSealedFile } from '../../store/sealed-file.ts';
import { compareFacts, parseFacts } from './facts.ts';
import { ask, chooseHost, note, randomKey, SILENCE_SECONDS } from './tools.ts';
import type { BackupTools, NamedBackup } from './tools.ts';

export interface VerifiedPart {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly seconds: number;
}

export interface Verifying {
  readonly path: string;
  readonly identity: string;
  readonly parts: readonly BackupManifestPart[];
  readonly backups: readonly NamedBackup[];
}

export async function verifyBackup(tools: BackupTools, verifying: Verifying): Promise<readonly VerifiedPart[]> {
  const results: VerifiedPart[] = [];
  for (const part of verifying.parts) {
    const started = tools.clock.monotonic();
    const outcome = await verifyPart(tools, verifying, part);
    results.push({ name: part.name, ...outcome, seconds: Math.round((tools.clock.monotonic() - started) / 100) / 10 });
  }
  return results;
}

type Outcome = Pick<VerifiedPart, 'ok' | 'detail'>;

async function verifyPart(tools: BackupTools, verifying: Verifying, part: BackupManifestPart): Promise<Outcome> {
  const backup = verifying.backups.find(({ name }) => name === part.name);
  try {
    if (backup?.stream?.scratch !== undefined) return await inScratch(tools, verifying, { part, backup });
    // Decrypted to its end: whole, and for this identity.
    await readToEnd(join(verifying.path, part.file), verifying.identity);
    return { ok: true, detail: `decrypts, ${part.plainBytes} bytes` };
  } catch (error) {
    if (!(error instanceof HastackError) || error.code === 'interrupted') throw error;
    return { ok: false, detail: error.message };
  }
}

async function inScratch(
  tools: BackupTools,
  { path, identity }: Verifying,
  { part, backup }: { readonly part: BackupManifestPart; readonly backup: NamedBackup },
): Promise<Outcome> {
  const scratch = backup.stream?.scratch;
  if (scratch === undefined) throw new Error(`${part.name} has no scratch`);
  const host = await chooseHost(tools, backup);
  const target = {
    host,
    key: randomKey(tools),
    contentBytes: Number(part.before['content-bytes'] ?? 0),
    streamBytes: part.plainBytes,
  };
  note(tools, host, `restoring ${part.title} into a place of their own, to look at them`);
  const { pipe, signal } = tools;
  try {
    const input = await openSealedFile(join(path, part.file), identity);
    await pipe({ host, program: scratch.load(target), input, silenceSeconds: SILENCE_SECONDS, signal });
    const agreement = compareFacts(part, parseFacts(await ask(tools, host, scratch.facts(target))));
    const checked = (await ask(tools, host, scratch.check(target))).trim();
    const { differences, compared, moving } = agreement;
    if (differences.length > 0) return { ok: false, detail: differences.slice(0, 5).join(', ') };
    const changed = moving === 0 ? '' : `, ${moving} changed during the backup`;
    return {
      ok: true,
      detail: `${compared} tables have the checksums of the backup${changed}; ${checked} tables checked`,
    };
  } finally {
    // Not by the signal of the run: what was interrupted is removed too.
    await tools.sessions
      .get(host)
      ?.run(scratch.remove(target))
      .catch(() => undefined);
  }
}

async function readToEnd(path: string, identity: string): Promise<void> {
  try {
    for await (const chunk of await openSealedFile(path, identity)) void chunk;
  } catch (cause) {
    if (cause instanceof HastackError) throw cause;
    throw new HastackError({
      code: 'environment',
      at: { file: path },
      message: `${path} cannot be decrypted to its end`,
      hint: 'This backup is damaged: take another one.',
      cause,
    });
  }
}
