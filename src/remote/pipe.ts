// Streams between this machine and a program on a host, for what is too large for a session: over the system's ssh,
// or on this machine for tests. Nothing is held in memory beyond the buffers of pipes.
// Guarantees: resolves only when the program ended with status 0 and everything was taken from it or by it; a stream
// on which nothing moves for `silenceSeconds` is ended. On failure: HastackError with the last line the program said.
// Manual: ssh(1).
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { Transform } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import { sh } from './shell.ts';

export interface PipeRequest {
  readonly host: string;
  /** For `sh`, run as root. It stands in an argument list: no secrets. */
  readonly program: string;
  readonly input?: Readable;
  readonly output?: Writable;
  /** A program may be busy without a byte for so long. */
  readonly silenceSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export type Pipe = (request: PipeRequest) => Promise<void>;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const STDERR_LIMIT = 16_384;
const HEAD = 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8\ncd /\n';

/** `configFile`: what the transport of the same run has written when it connected. */
export function opensshPipe(options: {
  readonly configFile: string;
  readonly sudo: boolean;
  readonly clock: Clock;
}): Pipe {
  return (request) => {
    const program = sh`sh -c ${HEAD + request.program}`;
    const remote = options.sudo ? `exec sudo -n -- ${program}` : `exec ${program}`;
    return run(request, options.clock, ['ssh', '-T', '-F', options.configFile, request.host, remote]);
  };
}

/** As the user of this process. */
export function localPipe(clock: Clock): Pipe {
  return (request) => run(request, clock, ['sh', '-c', HEAD + request.program]);
}

async function run(request: PipeRequest, clock: Clock, argv: readonly [string, ...string[]]): Promise<void> {
  const stop = new AbortController();
  const { host, input, output, silenceSeconds } = request;
  let moved = clock.monotonic();
  const meter = (): Transform =>
    new Transform({
      transform(chunk, _encoding, done) {
        moved = clock.monotonic();
        done(null, chunk);
      },
    });
  const child: Child = spawn(argv[0], argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const ended = endOf(child);
  child.stdin.on('error', () => undefined);
  const kill = (): void => {
    // Its group: ssh, or sh with what it started.
    if (child.pid !== undefined && child.exitCode === null) tryKill(-child.pid);
  };
  const abort = (): void => stop.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', abort, { once: true });
  if (request.signal?.aborted === true) abort();
  stop.signal.addEventListener('abort', kill, { once: true });
  if (stop.signal.aborted) kill();
  const watch = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(1000, stop.signal).catch(() => undefined);
      if (clock.monotonic() - moved > silenceSeconds * 1000) stop.abort(silent(host, silenceSeconds));
    }
  })();
  try {
    const feeding =
      input === undefined ? Promise.resolve(void child.stdin.end()) : pipeline(input, meter(), child.stdin);
    const taking =
      output === undefined ? Promise.resolve(void child.stdout.resume()) : pipeline(child.stdout, meter(), output);
    const [taken, fed, end] = await Promise.allSettled([
      taking.catch(stopAnd(kill)),
      feeding.then(() => true).catch(onlyBroken(kill)),
      ended,
    ]);
    judge(host, { taking: taken, feeding: fed, ended: end }, stop.signal);
  } finally {
    stop.abort();
    request.signal?.removeEventListener('abort', abort);
    await watch;
  }
}

/** A file that cannot be written, or read any further: the program must not go on as if all had been well. */
function stopAnd(kill: () => void): (error: unknown) => never {
  return (error) => {
    kill();
    throw error;
  };
}

/** A program that ended early breaks the pipe; why it ended is told by itself. False: it did not take everything. */
function onlyBroken(kill: () => void): (error: NodeJS.ErrnoException) => boolean {
  return (error) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return false;
    kill();
    throw error;
  };
}

interface End {
  readonly code: number | null;
  readonly stderr: string;
}

function endOf(child: Child): Promise<End> {
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_LIMIT);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, stderr: error.message }));
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

interface Results {
  readonly taking: PromiseSettledResult<void>;
  readonly feeding: PromiseSettledResult<boolean>;
  readonly ended: PromiseSettledResult<End>;
}

function judge(host: string, { taking, feeding, ended }: Results, stop: AbortSignal): void {
  if (stop.aborted) throw stop.reason instanceof HastackError ? stop.reason : interruptedOn(host);
  for (const each of [taking, feeding]) {
    if (each.status === 'rejected') throw each.reason instanceof HastackError ? each.reason : broken(host, each.reason);
  }
  const end = ended.status === 'fulfilled' ? ended.value : { code: null, stderr: String(ended.reason) };
  const whole = feeding.status === 'fulfilled' && feeding.value;
  if (end.code === 0 && whole) return;
  if (end.code === 0) throw broken(host, new Error('it was not taken to its end'));
  throw new HastackError({
    code: end.code === 255 ? 'unreachable' : 'environment',
    host,
    message: `${host}: ${lastLine(end.stderr) ?? `the program ended with status ${end.code ?? 'unknown'}`}`,
    hint: 'Mend what is said there, then run the same command again.',
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}

function silent(host: string, seconds: number): HastackError {
  return new HastackError({
    code: 'unreachable',
    host,
    message: `${host}: nothing moved for ${seconds} s`,
    hint: 'See whether the host and the network are well, then run the same command again.',
  });
}

function broken(host: string, cause: unknown): HastackError {
  return new HastackError({
    code: 'environment',
    host,
    message: `the stream of ${host} broke: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Is there room on this machine? Then run the same command again.',
    cause,
  });
}

function interruptedOn(host: string): HastackError {
  return new HastackError({
    code: 'interrupted',
    host,
    message: `interrupted on ${host}`,
    hint: 'Run the same command again.',
  });
}

function tryKill(group: number): void {
  try {
    process.kill(group, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}
