// Runs programs of this machine: argument vectors only, never a shell string built from values.
// Every call has a deadline; when it passes, or when the signal aborts, the whole process group is killed.
// `command` turns a failure into a HastackError with the program's own words; `tryCommand` returns it.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { HastackError } from '../model/error.ts';

export interface CommandOptions {
  readonly input?: string;
  /** Seconds; default 60. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly hint?: string;
}

export interface CommandOutput {
  /** Exit status; 124 when the deadline passed, 127 when the program is missing, 128 + n when killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_TIMEOUT_SECONDS = 60;
const KILLED = 137;
const TIMED_OUT = 124;
const MISSING = 127;

export type Argv = readonly [string, ...string[]];

export async function command(argv: Argv, options: CommandOptions = {}): Promise<string> {
  const output = await tryCommand(argv, options);
  if (output.code === 0) return output.stdout;
  throw new HastackError({
    code: 'environment',
    message: `${argv.slice(0, 4).join(' ')} failed (${output.code}): ${lastLines(output.stderr || output.stdout, 5)}`,
    hint:
      options.hint ??
      spaceHint(output.stderr) ??
      'run `hastack lab down` and `hastack lab up` again; if it stays, report it with --verbose',
  });
}

export async function tryCommand(argv: Argv, options: CommandOptions = {}): Promise<CommandOutput> {
  options.signal?.throwIfAborted();
  const [program, ...parameters] = argv;
  const child = spawn(program, parameters, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath(), LC_ALL: 'C.UTF-8', ...options.env },
  });
  const late = AbortSignal.timeout((options.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000);
  const end = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
  const abort = (): void => killGroup(child);
  end.addEventListener('abort', abort, { once: true });
  try {
    const output = await collect(child, options.input);
    options.signal?.throwIfAborted();
    return late.aborted ? { ...output, code: TIMED_OUT } : output;
  } finally {
    end.removeEventListener('abort', abort);
  }
}

/** Starts a program that outlives this one; its output goes to a file. Returns the process id. */
export function launch(argv: Argv, logFile: string, env: Readonly<Record<string, string>> = {}): number {
  const [program, ...parameters] = argv;
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(program, parameters, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: searchPath(), ...env },
    });
    // A failed start shows in what the caller waits for; without a listener it would end this program.
    child.once('error', () => undefined);
    child.unref();
    return child.pid ?? 0;
  } finally {
    closeSync(log);
  }
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

export function spaceHint(text: string): string | undefined {
  return text.includes('No space left on device')
    ? 'free disk space, or set HASTACK_CACHE and --state to a larger file system'
    : undefined;
}

async function collect(child: ChildProcess, input: string | undefined): Promise<CommandOutput> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => stderr.push(data));
  // EPIPE when the program ends before it has read everything: its exit status says why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: MISSING, stdout: '', stderr: error.message }));
    child.once('close', (code) =>
      resolve({
        code: code ?? KILLED,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // the group is gone already
  }
}

/** sbin is not on the path of every shell. */
function searchPath(): string {
  return `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;
}
