// The logs of a running host, for the doctor: which there are, and each as a stream of text. Changes nothing there.
//
// A session's answer is limited, so every log is asked for by itself, compressed, and of a long one the end.
// Manuals: journalctl(1), find(1), tail(1).
import { gunzipSync } from 'node:zlib';

import { END, wholeLines } from '../facts/gatherer.ts';
import type { Script } from '../model/resource.ts';
import { raw, sh } from '../remote/shell.ts';
import type { Session } from '../remote/transport.ts';
import type { LogFile } from '../sources/log-files.ts';
import type { Skipped } from '../sources/source-file.ts';

/** Of one log; what is older than its last 32 MiB has to be copied and read as a file. */
const LONGEST_BYTES = 32 * 1024 * 1024;
/** Characters of base64; a session's answer has 8 MiB at most. */
const LONGEST_ANSWER = 7 * 1024 * 1024;
const SECONDS = 120;

export interface LogRequest {
  /** Only logs that were written in the last so many hours, and of the journal only these. */
  readonly hours: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly skip: (skipped: Skipped) => void;
  readonly signal?: AbortSignal;
}

interface Listed {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly size: number;
}

/** The journal, then the files below /var/log. Rejects with HastackError `unreachable` when the session is lost. */
export async function* hostLogs(session: Session, request: LogRequest): AsyncGenerator<LogFile> {
  const { stdout } = await session.run(listing(request.hours), request.signal);
  const live = { path: '/var/log/journal.txt', modified: request.now, size: 0 };
  for (const listed of [live, ...wholeLines(stdout).flatMap(listedOf)]) {
    const script = listed === live ? journal(request.hours) : sh`cat -- ${listed.path}`;
    const { stdout: packed } = await session.run(packedScript(script), request.signal);
    const path = `${session.host}${listed.path}`;
    const text = packed.length > LONGEST_ANSWER ? undefined : unpacked(packed);
    if (text === undefined) request.skip({ path, why: 'it is too long to be sent, or cannot be read: copy it' });
    else yield { path, location: `/${path}`, modified: listed.modified, mode: 0o640, size: listed.size, blocks: once(text) };
  }
} // prettier-ignore

function listing(hours: number): Script {
  return {
    timeout: SECONDS,
    text: sh`find /var/log -xdev -type f -mmin ${`-${hours * 60}`} ! -path '*/journal/*' ! -name '*.gz' ! -name '*.xz' ! -name 'lastlog' ! -name '*tmp' -size +0 -printf ${'%T@ %s %p\\n'}
echo ${END}`,
  };
}

function journal(hours: number): string {
  return sh`journalctl --since ${`-${hours}h`} --no-pager --all --output short-iso-precise`;
}

/** One byte more than may be sent shows that it was too long. */
function packedScript(command: string): Script {
  const text = sh`${raw(command)} | tail -c ${LONGEST_BYTES} | gzip -c | base64 | head -c ${LONGEST_ANSWER + 1}`;
  return { timeout: SECONDS, text };
}

function listedOf(line: string): readonly Listed[] {
  const [, seconds, size, path] = /^([\d.]+) (\d+) (\/.*)$/.exec(line) ?? [];
  return path === undefined ? [] : [{ path, modified: Number(seconds) * 1000, size: Number(size) }];
}

function unpacked(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    return gunzipSync(Buffer.from(text, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
