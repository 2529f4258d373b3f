// `hastack backup`: connect → lock → take each part and the operator's state → whole → verify when asked → prune.
// With `from` nothing is taken: a backup that is there is verified. Users notice nothing: databases are read on a
// member that is not the writer. It holds the lock of the cluster, so that no apply restarts that member.
import { checkReachable } from '../engine/connect.ts';
import { takeBackup } from '../operations/backup/take.ts';
import { verifyBackup } from '../operations/backup/verify.ts';
import type { VerifiedPart } from '../operations/backup/verify.ts';
import type { BackupTools, NamedBackup } from '../operations/backup/tools.ts';
import { backupParts, backupTools } from '../phases/backup-parts.ts';
import { withClusterLock } from '../phases/cluster-lock.ts';
import { clusterContext } from '../phases/context.ts';
import { withRun } from '../phases/run.ts';
import type { Run, RunInput } from '../phases/run.ts';
import { checkHashes, openBackup, pruneBackups, startBackup } from '../store/backup-directory.ts';
import type { BackupManifestPart } from '../store/backup-directory.ts';
import { recipientsOf } from '../store/sealed-file.ts';
import { sealedState } from '../store/state-bundle.ts';

export interface BackupOptions {
  /** Directory of the backups. */
  readonly to: string;
  readonly keep: number;
  readonly verify: boolean;
  /** Verify this one and take none. */
  readonly from?: string | undefined;
  /** Text of an age identity file. */
  readonly identity: string;
  readonly version: string;
}

export interface BackupResult {
  readonly ok: boolean;
  readonly directory: string;
  readonly seconds: number;
  readonly parts: readonly BackupManifestPart[];
  /** Empty: it was not verified. */
  readonly verified: readonly VerifiedPart[];
  /** Older ones that were removed. */
  readonly removed: readonly string[];
}

export async function backupFlow(input: RunInput, options: BackupOptions): Promise<BackupResult> {
  return withRun(input, async (run) => {
    const backups = backupParts(run.context);
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      return await withClusterLock(run, connections, async (engine) => {
        const tools = backupTools(run, connections, engine);
        const { path, parts } = await takeOrOpen(run, tools, { backups, options });
        const { identity, verify } = options;
        const verified = verify ? await verifyBackup(tools, { path, parts, backups, identity }) : [];
        const ok = verified.every((part) => part.ok);
        // A backup that does not restore must not push out one that may.
        const removed =
          ok && options.from === undefined ? pruneBackups(options.to, input.cluster.name, options.keep) : [];
        const seconds = (engine.clock.monotonic() - run.started) / 1000;
        engine.emit({ event: 'run-finished', runId: run.id, ok, changed: 0, seconds });
        return { ok, directory: path, seconds, parts, verified, removed };
      });
    } finally {
      await connections.close();
    }
  });
}

interface Taking {
  readonly backups: readonly NamedBackup[];
  readonly options: BackupOptions;
}

async function takeOrOpen(
  run: Run,
  tools: BackupTools,
  { backups, options }: Taking,
): Promise<{ readonly path: string; readonly parts: readonly BackupManifestPart[] }> {
  const { cluster, access, specText } = run.input;
  if (options.from !== undefined) {
    const { path, manifest } = openBackup(options.from, cluster.name);
    await checkHashes(path, manifest.parts);
    return { path, parts: manifest.parts };
  }
  const { secrets } = run.state;
  const recipients = recipientsOf(secrets);
  const knownHosts = access?.knownHosts ?? run.state.knownHosts;
  const state = await sealedState({ cluster: cluster.name, secrets, knownHosts, specText })?.seal();
  const ctx = clusterContext(run.context);
  const { path, manifest } = await takeBackup(tools, {
    cluster: cluster.name,
    version: options.version,
    parts: backups,
    recipients,
    secret: (name) => ctx.secret(name),
    state,
    draft: startBackup(options.to, cluster.name, tools.clock.now()),
  });
  return { path, parts: manifest.parts };
}
