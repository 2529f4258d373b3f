// Takes a backup: each component's stream out of the host that is needed least, encrypted on its way to the disk, then the
// secrets that belong to it and the operator's state. Nothing is whole before the last rename (store/backup-directory).
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { BackupDraft, BackupManifest, BackupManifestPart } from '../../store/backup-directory.ts';
import { sealFile } from '../../store/sealed-file.ts';
import { parseFacts, parseInfo, settle } from './facts.ts';
import { ask, chooseHost, note, SILENCE_SECONDS } from './tools.ts';
import type { BackupTools, NamedBackup } from './tools.ts';

export interface Taking {
  readonly cluster: string;
  /** Version of this program. */
  readonly version: string;
  readonly parts: readonly NamedBackup[];
  readonly recipients: readonly string[];
  readonly secret: (name: string) => string;
  /** The operator's state, encrypted for itself as on the control hosts. */
  readonly state: string | undefined;
  readonly draft: BackupDraft;
}

export async function takeBackup(
  tools: BackupTools,
  taking: Taking,
): Promise<{ path: string; manifest: BackupManifest }> {
  const { draft, cluster, version, recipients } = taking;
  const startedAt = new Date(tools.clock.now()).toISOString();
  try {
    const parts: BackupManifestPart[] = [];
    for (const part of taking.parts) {
      if (part.stream !== undefined) parts.push(await takeStream(tools, taking, part));
    }
    parts.push(
      await takeText(tools, taking, { name: 'secrets', title: 'keys of the components', text: secretsText(taking) }),
    );
    if (taking.state !== undefined) {
      parts.push(await takeText(tools, taking, { name: 'state', title: "the operator's state", text: taking.state }));
    }
    const finishedAt = new Date(tools.clock.now()).toISOString();
    const manifest: BackupManifest = {
      hastackBackup: 1,
      cluster,
      startedAt,
      finishedAt,
      hastack: version,
      recipients: [...recipients],
      parts,
    };
    return { path: draft.finish(manifest), manifest };
  } catch (error) {
    draft.discard();
    throw error;
  }
}

async function takeStream(tools: BackupTools, taking: Taking, part: NamedBackup): Promise<BackupManifestPart> {
  const stream = part.stream;
  if (stream === undefined) throw new Error(`${part.name} has no stream`);
  const host = await chooseHost(tools, part);
  note(tools, host, `backing up ${part.title}`);
  const started = tools.clock.monotonic();
  const facts = stream.facts;
  const read = async () =>
    facts === undefined ? new Map<string, string>() : parseFacts(await ask(tools, host, facts(host)));
  const [before, factsBefore] = [parseInfo(await ask(tools, host, stream.info(host))), await read()];
  const { pipe, signal } = tools;
  const sealed = await seal(taking, part.name, (output) =>
    pipe({ host, program: stream.export(host), output, silenceSeconds: SILENCE_SECONDS, signal }),
  );
  const [after, factsAfter] = [parseInfo(await ask(tools, host, stream.info(host))), await read()];
  return {
    name: part.name,
    title: part.title,
    host,
    seconds: secondsSince(tools, started),
    ...sealed,
    before,
    after,
    ...settle(factsBefore, factsAfter),
  };
}

async function takeText(
  tools: BackupTools,
  taking: Taking,
  { name, title, text }: { readonly name: string; readonly title: string; readonly text: string },
): Promise<BackupManifestPart> {
  const started = tools.clock.monotonic();
  const sealed = await seal(taking, name, (output) => new Promise((resolve) => output.end(text, () => resolve())));
  return {
    name,
    title,
    seconds: secondsSince(tools, started),
    ...sealed,
    before: {},
    after: {},
    stable: {},
    moving: [],
  };
}

async function seal({ draft, recipients }: Taking, name: string, source: (sink: Writable) => Promise<void>) {
  const file = `${name}.age`;
  return { file, ...(await sealFile({ path: join(draft.path, file), recipients, source })) };
}

function secretsText({ parts, secret }: Taking): string {
  const names = parts.flatMap((part) => part.secrets?.names ?? []);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, secret(name)])));
}

function secondsSince({ clock }: BackupTools, started: number): number {
  return Math.round((clock.monotonic() - started) / 100) / 10;
}
