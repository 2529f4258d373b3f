// What taking, looking at and restoring a backup are given: the hosts, time, and where events go.
import type { Backup } from '../../model/backup.ts';
import type { Clock, RandomBytes } from '../../model/clock.ts';
import { HastackError } from '../../model/error.ts';
import type { Emit } from '../../model/event.ts';
import type { Script } from '../../model/resource.ts';
import type { Pipe } from '../../remote/pipe.ts';
import type { Session } from '../../remote/transport.ts';

export interface BackupTools {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly pipe: Pipe;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly emit: Emit;
  readonly signal?: AbortSignal | undefined;
}

/** The part of a component. */
export interface NamedBackup extends Backup {
  readonly name: string;
}

/** A stream may stand still for so long: a server writes its dirty pages, a member prepares. */
export const SILENCE_SECONDS = 1800;

/** Output of a script that must succeed. */
export async function ask(tools: BackupTools, host: string, script: Script): Promise<string> {
  const session = tools.sessions.get(host);
  if (session === undefined) throw away(host);
  const { code, stdout, stderr } = await session.run(script, tools.signal);
  if (code === 0) return stdout;
  throw new HastackError({
    code: 'apply-failed',
    host,
    message: `${host}: ${lastLine(stderr) ?? lastLine(stdout) ?? `exit status ${code}`}`,
    hint: 'Mend what is said there, then run the same command again: it continues.',
  });
}

export async function holds(tools: BackupTools, host: string, script: Script): Promise<boolean> {
  const session = tools.sessions.get(host);
  if (session === undefined) throw away(host);
  return (await session.run(script, tools.signal)).code === 0;
}

/** The host that is needed least elsewhere, of those that are fit. */
export async function chooseHost(tools: BackupTools, part: NamedBackup): Promise<string> {
  const stream = part.stream;
  if (stream === undefined) throw new Error(`${part.name} has no stream`);
  const ranked: { readonly host: string; readonly rank: number }[] = [];
  for (const host of stream.hosts) {
    const session = tools.sessions.get(host);
    if (session === undefined) continue;
    const { code, stdout } = await session.run(stream.rank(host), tools.signal);
    const rank = Number(stdout.trim());
    if (code === 0 && stdout.trim() !== '' && Number.isFinite(rank)) ranked.push({ host, rank });
  }
  const best = ranked.toSorted((a, b) => a.rank - b.rank)[0];
  if (best !== undefined) return best.host;
  throw new HastackError({
    code: 'refused',
    message: `${part.name}: none of ${stream.hosts.join(', ')} can be read now`,
    hint: '`hastack status` says what is wrong; `hastack recover` brings a stopped cluster back.',
  });
}

export function randomKey({ random }: Pick<BackupTools, 'random'>): string {
  return Buffer.from(random(8)).toString('hex');
}

export function note(tools: BackupTools, host: string, message: string): void {
  tools.emit({ event: 'note', host, message });
}

function away(host: string): HastackError {
  return new HastackError({
    code: 'unreachable',
    host,
    message: `${host} cannot be reached`,
    hint: 'See whether it is on, then run the same command again.',
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}
