// `hastack restore`: check the backup → connect → lock → choose hosts → (what is destroyed is agreed to) → bring, stop,
// put in place, compare, start → wait until healthy. `state` alone needs no host: it fills an empty state directory.
// Resumable: run again after a kill, it goes on with the attempt in the state directory.
import { join } from 'node:path';
import { checkReachable } from '../engine/connect.ts';
import type { Connections } from '../engine/context.ts';
import type { MemberStep } from '../model/member-group.ts';
import { HastackError } from '../model/error.ts';
import { restoreBackup, restoreSteps } from '../operations/backup/restore.ts';
import type { RestorePart, RestoreStep, Restoring } from '../operations/backup/restore.ts';
import { chooseHost, randomKey } from '../operations/backup/tools.ts';
import type { BackupTools, NamedBackup } from '../operations/backup/tools.ts';
import { awaitHealthy } from '../phases/await-healthy.ts';
import { backupParts, backupTools, quietUnits } from '../phases/backup-parts.ts';
import { withClusterLock } from '../phases/cluster-lock.ts';
import { withRun } from '../phases/run.ts';
import type { Run, RunInput } from '../phases/run.ts';
import { checkHashes, openBackup } from '../store/backup-directory.ts';
import type { BackupManifest } from '../store/backup-directory.ts';
import { continuedAttempt, forgetAttempt, rememberAttempt } from '../store/restore-attempt.ts';
import type { RestoreAttempt } from '../store/restore-attempt.ts';
import { readSealedText } from '../store/sealed-file.ts';
import { openSecrets } from '../store/secrets.ts';
import { openSealedState, restoreState } from '../store/state-bundle.ts';
import { openStateDirectory } from '../store/state-directory.ts';

export interface RestorePlan {
  readonly backup: string;
  readonly takenAt: string;
  /** What is lost, for the question. */
  readonly destroys: readonly string[];
  readonly steps: readonly Pick<MemberStep, 'host' | 'does'>[];
  /** When the attempt that is continued was begun; absent: it is a new one. */
  readonly continuedFrom?: string;
}

export interface RestoreOptions {
  readonly from: string;
  /** Names of parts; empty: all but the operator's state. */
  readonly only: readonly string[];
  readonly dryRun: boolean;
  readonly identity: string;
  /** May refuse by throwing. */
  readonly agree: (plan: RestorePlan) => Promise<void>;
}

export interface RestoreResult {
  readonly state: 'restored' | 'dry-run';
  readonly plan: RestorePlan;
  readonly steps: readonly RestoreStep[];
  readonly seconds: number;
}

const HEALTHY_SECONDS = 600;

/** Secrets, spec and host keys into a state directory that has none; returns the files that were written. */
export async function restoreStateFlow(
  input: RunInput,
  { from, identity }: Pick<RestoreOptions, 'from' | 'identity'>,
): Promise<readonly string[]> {
  const { path, manifest } = openBackup(from, input.cluster.name);
  const part = manifest.parts.find(({ name }) => name === 'state');
  if (part === undefined) throw noPart('state', manifest);
  await checkHashes(path, [part]);
  const sealed = await readSealedText(join(path, part.file), identity);
  const bundle = await openSealedState(sealed, identity, input.cluster.name);
  return restoreState(openStateDirectory(input.stateRoot), bundle, identity);
}

export async function restoreFlow(input: RunInput, options: RestoreOptions): Promise<RestoreResult> {
  const { path, manifest } = openBackup(options.from, input.cluster.name);
  return withRun(input, async (run) => {
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      return await withClusterLock(run, connections, async (engine) => {
        const tools = backupTools(run, connections, engine);
        const prepared = await prepare(run, tools, { path, manifest, options });
        return act({ run, tools, connections, options }, prepared);
      });
    } finally {
      await connections.close();
    }
  });
}

interface Prepared {
  readonly restoring: Restoring;
  readonly attempt: RestoreAttempt;
  readonly plan: RestorePlan;
}

interface Opened {
  readonly path: string;
  readonly manifest: BackupManifest;
  readonly options: RestoreOptions;
}

async function prepare(run: Run, tools: BackupTools, { path, manifest, options }: Opened): Promise<Prepared> {
  const wanted = backupParts(run.context).filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  );
  refuseUnknown(options.only, wanted, manifest);
  const parts = manifest.parts.filter(({ name }) => name === 'secrets' || wanted.some((each) => each.name === name));
  await checkHashes(path, parts);
  const asked = { backup: path, only: wanted.map(({ name }) => name) };
  const earlier = continuedAttempt(run.state.root, asked, tools.clock.now());
  const streams: RestorePart[] = [];
  for (const backup of wanted) {
    const part = parts.find(({ name }) => name === backup.name);
    if (part === undefined || backup.stream === undefined) continue;
    requireHosts(tools, backup);
    streams.push({ part, backup, host: earlier?.hosts[backup.name] ?? (await hostFor(tools, backup)) });
  }
  const secrets = await secretsOf(path, manifest, options);
  const names = wanted.flatMap(({ secrets: own }) => own?.names ?? []);
  const attempt = earlier ?? {
    ...asked,
    key: randomKey(tools),
    startedAt: tools.clock.now(),
    hosts: Object.fromEntries(streams.map(({ part, host }) => [part.name, host])),
  };
  const restoring: Restoring = {
    path,
    identity: options.identity,
    key: attempt.key,
    streams,
    secretSteps: wanted.flatMap(({ secrets: own }) => own?.install(pick(secrets, own.names)) ?? []),
    units: quietUnits(run.context),
    hosts: run.desired.hosts,
    finished: async () => {
      await keepSecrets(run, pick(secrets, names));
      forgetAttempt(run.state.root);
    },
  };
  const plan: RestorePlan = {
    backup: path,
    takenAt: manifest.finishedAt,
    destroys: wanted.map(({ destroys }) => destroys),
    steps: restoreSteps(restoring).map(({ host, does }) => ({ host, does })),
    ...(earlier === undefined ? {} : { continuedFrom: new Date(earlier.startedAt).toISOString() }),
  };
  return { restoring, attempt, plan };
}

interface Acting {
  readonly run: Run;
  readonly tools: BackupTools;
  readonly connections: Connections;
  readonly options: RestoreOptions;
}

async function act({ run, tools, connections, options }: Acting, prepared: Prepared): Promise<RestoreResult> {
  const { restoring, attempt, plan } = prepared;
  const seconds = (): number => (tools.clock.monotonic() - run.started) / 1000;
  if (options.dryRun) return { state: 'dry-run', plan, steps: [], seconds: seconds() };
  await options.agree(plan);
  rememberAttempt(run.state.root, attempt);
  const steps = await restoreBackup(tools, restoring);
  await awaitHealthy(run, connections.sessions, HEALTHY_SECONDS);
  run.engine.emit({ event: 'run-finished', runId: run.id, ok: true, changed: steps.length, seconds: seconds() });
  return { state: 'restored', plan, steps, seconds: seconds() };
}

/** What was laid on the hosts is what the operator's state has to say, or the next apply would undo it. */
async function keepSecrets(run: Run, values: Readonly<Record<string, string>>): Promise<void> {
  const { secrets, identity } = run.state;
  const { cluster, random } = run.input;
  const keeper = await openSecrets({ secrets, identity, recipients: cluster.recipients, random });
  for (const [name, value] of Object.entries(values)) {
    if (!keeper.has(name) || keeper.get(name) !== value) keeper.set(name, value);
  }
}

async function secretsOf(path: string, manifest: BackupManifest, { identity }: RestoreOptions) {
  const part = manifest.parts.find(({ name }) => name === 'secrets');
  if (part === undefined) return {};
  return JSON.parse(await readSealedText(join(path, part.file), identity)) as Readonly<Record<string, string>>;
}

function pick(values: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** A cluster that is down altogether is restored too: on any member. */
async function hostFor(tools: BackupTools, backup: NamedBackup): Promise<string> {
  try {
    return await chooseHost(tools, backup);
  } catch (error) {
    const [first] = backup.stream?.hosts ?? [];
    if (first === undefined || !(error instanceof HastackError) || error.code !== 'refused') throw error;
    return first;
  }
}

/** A member that is away could come back with the old data and find its like. */
function requireHosts(tools: BackupTools, { name, needsQuiet, stream }: NamedBackup): void {
  const missing = needsQuiet ? (stream?.hosts ?? []).filter((host) => !tools.sessions.has(host)) : [];
  if (missing.length === 0) return;
  throw new HastackError({
    code: 'refused',
    message: `${name} is restored only when every member answers; ${missing.join(', ')} cannot be reached`,
    hint: 'Bring the host back. When it is lost for good, take it out of the spec first.',
  });
}

/** A part that is secrets only is in the file of all secrets. */
function refuseUnknown(only: readonly string[], wanted: readonly NamedBackup[], manifest: BackupManifest): void {
  const has = (name: string): boolean => manifest.parts.some((part) => part.name === name);
  const unknown = only.find((name) => {
    const backup = wanted.find((each) => each.name === name);
    return backup === undefined || !has(backup.stream === undefined ? 'secrets' : name);
  });
  if (unknown !== undefined) throw noPart(unknown, manifest);
}

function noPart(name: string, manifest: BackupManifest): HastackError {
  return new HastackError({
    code: 'usage',
    message: `there is no part ${name} in this backup`,
    hint: `it has: ${manifest.parts.map((part) => part.name).join(', ')}`,
  });
}
