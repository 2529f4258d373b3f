// Restores a backup: everything is brought to the hosts and made ready beside what is in use; then the services stop,
// each part is put in place and compared with what it was, and the services start.
//
// Resumable after a kill at any moment: every restore has a key, every step that is done leaves a mark under it on its
// host, and the same command with the same key goes on after the last mark.
import { join } from 'node:path';
import type { RestoreTarget } from '../../model/backup.ts';
import { HastackError } from '../../model/error.ts';
import type { MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import type { BackupManifestPart } from '../../store/backup-directory.ts';
import { openSealedFile } from '../../store/sealed-file.ts';
import { compareFacts, parseFacts } from './facts.ts';
import { startSteps, stopSteps } from './services.ts';
import type { QuietUnits } from './services.ts';
import { ask, holds, note, SILENCE_SECONDS } from './tools.ts';
import type { BackupTools, NamedBackup } from './tools.ts';

export interface RestorePart {
  readonly part: BackupManifestPart;
  readonly backup: NamedBackup;
  /** Where it is put; the same when it is run again. */
  readonly host: string;
}

export interface Restoring {
  readonly path: string;
  readonly identity: string;
  readonly key: string;
  readonly streams: readonly RestorePart[];
  readonly secretSteps: readonly MemberStep[];
  readonly units: QuietUnits;
  /** Hosts on which marks are removed at the end. */
  readonly hosts: readonly string[];
  /** Everything is done, and users may write: called before the marks go, or the same restore would be done again. */
  readonly finished: () => Promise<void>;
}

export interface RestoreStep {
  readonly host: string;
  readonly does: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** What will be done, in order; staging and comparing are not in it. */
export function restoreSteps(restoring: Restoring): readonly MemberStep[] {
  const { streams, secretSteps, units } = restoring;
  const quiet = streams.some(({ backup }) => backup.needsQuiet);
  return [
    ...(quiet ? stopSteps(units, directoryOf(restoring)) : []),
    ...secretSteps,
    ...streams.flatMap((each) => stepsOf(each, restoring)),
    ...(quiet ? startSteps(units, directoryOf(restoring)) : []),
  ];
}

export async function restoreBackup(tools: BackupTools, restoring: Restoring): Promise<readonly RestoreStep[]> {
  const done: RestoreStep[] = [];
  const { streams, secretSteps, units } = restoring;
  const directory = directoryOf(restoring);
  const quiet = streams.some(({ backup }) => backup.needsQuiet);
  const runAll = async (prefix: string, steps: readonly MemberStep[]): Promise<void> => {
    for (const [index, step] of steps.entries()) {
      done.push(await runStep(tools, step, `${directory}/${prefix}-${index}.done`));
    }
  };
  for (const each of streams) done.push(await stage(tools, restoring, each));
  if (quiet) await runAll('stop', stopSteps(units, directory));
  await runAll('secrets', secretSteps);
  for (const each of streams) {
    const target = targetOf(each, restoring);
    const stream = each.backup.stream;
    if (stream === undefined) continue;
    await runAll(`${each.part.name}-replace`, stream.replace(target));
    done.push(await compare(tools, each, `${directory}/${each.part.name}-compared.done`));
    await runAll(`${each.part.name}-finish`, stream.finish(target));
  }
  if (quiet) await runAll('start', startSteps(units, directory));
  await restoring.finished();
  for (const host of restoring.hosts) {
    await tools.sessions.get(host)?.run({ text: sh`rm -rf ${directory}` }, tools.signal);
  }
  return done;
}

function stepsOf(each: RestorePart, restoring: Restoring): readonly MemberStep[] {
  const target = targetOf(each, restoring);
  return [...(each.backup.stream?.replace(target) ?? []), ...(each.backup.stream?.finish(target) ?? [])];
}

async function stage(tools: BackupTools, restoring: Restoring, each: RestorePart): Promise<RestoreStep> {
  const { part, backup, host } = each;
  const stream = backup.stream;
  if (stream === undefined) throw new Error(`${part.name} has no stream`);
  const target = targetOf(each, restoring);
  const started = tools.clock.monotonic();
  const does = `bring ${part.title} there and make them ready`;
  if (!(await holds(tools, host, stream.staged(target)))) {
    note(tools, host, does);
    const input = await openSealedFile(join(restoring.path, part.file), restoring.identity);
    const { pipe, signal } = tools;
    await pipe({ host, program: stream.stage(target), input, silenceSeconds: SILENCE_SECONDS, signal });
  }
  return { host, does, ok: true, seconds: secondsSince(tools, started) };
}

/** The services are still stopped: what is there now is what was brought, or it is not the backup. */
async function compare(tools: BackupTools, { part, backup, host }: RestorePart, mark: string): Promise<RestoreStep> {
  const started = tools.clock.monotonic();
  const does = `compare ${part.title} with the backup`;
  const facts = backup.stream?.facts;
  if (facts !== undefined && !(await holds(tools, host, { text: sh`[ -e ${mark} ]` }))) {
    note(tools, host, does);
    const { differences, compared } = compareFacts(part, parseFacts(await ask(tools, host, facts(host))));
    if (differences.length > 0) throw notAsBackedUp(host, differences);
    note(tools, host, `${compared} have the checksums of the backup`);
    await ask(tools, host, { text: sh`mkdir -p ${mark.slice(0, mark.lastIndexOf('/'))}; : >${mark}` });
  }
  return { host, does, ok: true, seconds: secondsSince(tools, started) };
}

/** The mark is written where the step was done, by the same script: a connection that is lost in between loses neither. */
async function runStep(tools: BackupTools, { host, does, script }: MemberStep, mark: string): Promise<RestoreStep> {
  const started = tools.clock.monotonic();
  tools.emit({ event: 'member-step', host, group: 'restore', does });
  // Not `( … ) || exit`: there the shell would ignore a `set -e` of the step.
  const text = `${sh`[ ! -e ${mark} ] || exit 0`}
(
${script.text}
)
code=$?
[ "$code" = 0 ] || exit "$code"
${sh`mkdir -p ${mark.slice(0, mark.lastIndexOf('/'))} && : >${mark}`}`;
  await ask(tools, host, { ...script, text });
  return { host, does, ok: true, seconds: secondsSince(tools, started) };
}

function targetOf({ part, host }: RestorePart, { key }: Restoring): RestoreTarget {
  return { host, key, contentBytes: Number(part.before['content-bytes'] ?? 0), streamBytes: part.plainBytes };
}

function directoryOf({ key }: Restoring): string {
  return `/var/lib/hastack/restore/${key}`;
}

function secondsSince({ clock }: BackupTools, started: number): number {
  return Math.round((clock.monotonic() - started) / 100) / 10;
}

function notAsBackedUp(host: string, differences: readonly string[]): HastackError {
  return new HastackError({
    code: 'apply-failed',
    host,
    message: `${host}: what was restored is not what was backed up: ${differences.slice(0, 5).join(', ')}`,
    hint: 'The services are stopped and what was there before is kept. Restore another backup, or put the old data directory back.',
  });
}
