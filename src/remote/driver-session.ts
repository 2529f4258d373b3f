// A Session over a child process (ssh, or perl itself) whose far end runs the driver.
//
// Guarantees: many scripts side by side over one connection; an aborted script is killed on the far side before its
// promise settles; a lost connection rejects everything under way with HastackError `unreachable`, and the driver
// ends the scripts on its side. Every wait has a deadline, also when the far side hangs.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import type { Script } from '../model/resource.ts';
import { abortFrame, FrameReader, PING_FRAME, runFrame } from './frames.ts';
import type { Frame, HelloFrame, ResultFrame } from './frames.ts';
import type { CommandResult, Session } from './transport.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
const PING_MS = 3_000;
/** What the far side may need beyond a script's deadline: TERM, KILL and the way back. */
const ANSWER_GRACE_MS = 20_000;
const CLOSE_MS = 4_000;
const STDERR_LIMIT = 16_384;

export interface DriverEnd {
  readonly stderr: string;
  readonly code: number | null;
}

export interface DriverOptions {
  readonly host: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** Sent first, for the bootstrap to read. */
  readonly driver: string;
  readonly clock: Clock;
  /** Says in the user's words why the child ended. */
  readonly explain: (end: DriverEnd) => HastackError;
}

interface Pending {
  readonly resolve: (frame: ResultFrame) => void;
  readonly reject: (error: HastackError) => void;
}

export class DriverSession implements Session {
  readonly host: string;
  private readonly options: DriverOptions;
  private readonly reader = new FrameReader();
  private readonly pending = new Map<number, Pending>();
  private readonly ended = new AbortController();
  private readonly exited: Promise<void>;
  private greet: ((hello: HelloFrame) => void) | undefined;
  private failure: HastackError | undefined;
  private stderr = '';
  private nextId = 1;

  constructor(options: DriverOptions) {
    this.options = options;
    this.host = options.host;
    const { child } = options;
    child.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-STDERR_LIMIT);
    });
    child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => {
        this.fail(options.explain({ stderr: error.message, code: 127 }));
        resolve();
      });
      child.on('close', (code) => {
        this.fail(options.explain({ stderr: this.stderr, code }));
        resolve();
      });
    });
  }

  /** Sends the driver and waits for its greeting. */
  async start(timeoutMs: number, signal?: AbortSignal): Promise<HelloFrame> {
    const hello = new Promise<HelloFrame>((resolve, reject) => {
      this.greet = resolve;
      if (this.failure !== undefined) reject(this.failure);
      this.ended.signal.addEventListener('abort', () => reject(this.failure), { once: true });
    });
    this.options.child.stdin.write(this.options.driver);
    try {
      const frame = await this.within(hello, { ms: timeoutMs, what: 'did not answer', ...(signal && { signal }) });
      void this.keepAlive();
      return frame;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async run(script: Script, signal?: AbortSignal): Promise<CommandResult> {
    signal?.throwIfAborted();
    if (this.failure !== undefined) throw this.failure;
    const id = this.nextId++;
    const ms = (script.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
    const answer = new Promise<ResultFrame>((resolve, reject) => this.pending.set(id, { resolve, reject }));
    const abort = (): void => void this.options.child.stdin.write(abortFrame(id));
    // One signal ends the scripts of hundreds of hosts.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', abort, { once: true });
    this.options.child.stdin.write(runFrame(id, ms, script.text));
    try {
      const frame = await this.within(answer, { ms: ms + ANSWER_GRACE_MS, what: 'stopped answering' });
      return { code: frame.code, stdout: frame.stdout.toString('utf8'), stderr: frame.stderr.toString('utf8') };
    } finally {
      this.pending.delete(id);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends what still runs over there, then the connection. */
  async close(): Promise<void> {
    this.options.child.stdin.end();
    const late = new AbortController();
    await Promise.race([this.exited, this.options.clock.sleep(CLOSE_MS, late.signal).catch(() => undefined)]);
    late.abort();
    if (this.options.child.exitCode === null) this.options.child.kill('SIGKILL');
  }

  private receive(chunk: Buffer): void {
    let frames: readonly Frame[];
    try {
      frames = this.reader.push(chunk);
    } catch (error) {
      this.fail(this.lost(`the connection is unusable: ${(error as Error).message}`));
      this.options.child.kill('SIGKILL');
      return;
    }
    for (const frame of frames) {
      if (frame.kind === 'hello') this.greet?.(frame);
      else this.pending.get(frame.id)?.resolve(frame);
    }
  }

  private fail(error: HastackError): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.ended.abort();
    for (const waiting of this.pending.values()) waiting.reject(error);
  }

  private async keepAlive(): Promise<void> {
    while (!this.ended.signal.aborted) {
      if (this.options.child.stdin.writable) this.options.child.stdin.write(PING_FRAME);
      await this.options.clock.sleep(PING_MS, this.ended.signal).catch(() => undefined);
    }
  }

  private async within<T>(
    work: Promise<T>,
    limit: { readonly ms: number; readonly what: string; readonly signal?: AbortSignal },
  ): Promise<T> {
    const timer = new AbortController();
    const signal = limit.signal === undefined ? timer.signal : AbortSignal.any([timer.signal, limit.signal]);
    const late = this.options.clock.sleep(limit.ms, signal).then(() => {
      throw this.lost(`${limit.what} within ${Math.round(limit.ms / 1000)} s`);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      timer.abort();
      late.catch(() => undefined);
    }
  }

  private lost(what: string): HastackError {
    return new HastackError({
      code: 'unreachable',
      host: this.host,
      message: `${this.host} ${what}`,
      hint: 'See whether the host and the network are well, then run the same command again: it continues.',
    });
  }
}
