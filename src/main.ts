#!/usr/bin/env node
// The program: gives the command line the real world (streams, files, clock, signals) and exits with its code.
// A reader that closes the pipe is no error: the rest of the output is dropped and the command ends as it would.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { runCli } from './cli/run.ts';
import type { Files, OutputStream, World } from './cli/world.ts';
import { systemClock } from './lib/system-clock.ts';
import { systemRandom } from './lib/system-random.ts';
import { HastackError } from './model/error.ts';

const INTERRUPTED = 130;
/** The program that has the terminal for the rest of this one's life. */
let attached: ChildProcess | undefined;

const world: World = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  inputLines: () => createInterface({ input: process.stdin, crlfDelay: Infinity }),
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stdin.isTTY && process.stdout.isTTY && process.env['CI'] === undefined,
  clock: systemClock,
  randomBytes: systemRandom,
  files: realFiles(),
  program: [process.execPath, fileURLToPath(import.meta.url)],
  attach,
  version: readVersion,
  interruptible: handleSignals(),
};

process.exitCode = await runCli(process.argv.slice(2), world);

function outputOf(stream: NodeJS.WriteStream): OutputStream {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code === 'EPIPE') return;
    // A full disk behind a redirection: nothing more can be said there, and the result is not whole.
    if (stream !== process.stderr) process.stderr.write(`error: cannot write the output: ${reasonOf(error)}\n`);
    process.exit(1);
  });
  return {
    write(text) {
      if (open) stream.write(text);
    },
    isTTY: stream.isTTY ?? false,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}

function realFiles(): Files {
  return {
    async read(path) {
      return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw unreadable(path, error);
      });
    },
    async readIfThere(path) {
      return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw unreadable(path, error);
      });
    },
    write: writeThroughTemporary,
  };
}

async function writeThroughTemporary(
  path: string,
  text: string,
  options: Parameters<Files['write']>[2],
): Promise<void> {
  const mode = options.mode ?? 0o644;
  try {
    if (options.exclusive) {
      await writeFile(path, text, { flag: 'wx', mode });
      return;
    }
    // A reader sees the old text or the new one, never half of it; an existing file keeps its permissions.
    const kept = await stat(path).then(
      (found) => found.mode & 0o777,
      () => mode,
    );
    const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
    await writeFile(temporary, text, { flag: 'wx', mode: kept });
    await rename(temporary, path).catch(async (error: unknown) => {
      await rm(temporary, { force: true });
      throw error;
    });
  } catch (error) {
    throw unwritable(path, error as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): HastackError {
  const message = `cannot read ${path}: ${reasonOf(error)}`;
  return new HastackError({ code: 'usage', message, hint: 'check the path and its permissions', cause: error });
}

function unwritable(path: string, error: NodeJS.ErrnoException): HastackError {
  const message = `cannot write ${path}: ${reasonOf(error)}`;
  return new HastackError({ code: 'refused', message, hint: 'give another place, or make room there', cause: error });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
    EEXIST: 'it exists',
    ENOSPC: 'no space left on the device',
    EROFS: 'the file system is read-only',
  };
  return reasons[error.code ?? ''] ?? error.message;
}

async function attach(argv: readonly string[]): Promise<number> {
  const [program = '', ...parameters] = argv;
  const child = spawn(program, parameters, { stdio: 'inherit' });
  attached = child;
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new HastackError({
          code: 'environment',
          message: `cannot run ${program}: ${cause.message}`,
          hint: 'is it installed?',
          cause,
        }),
      ),
    );
    child.once('close', (code) => resolve(code ?? INTERRUPTED));
  });
}

/** package.json is beside src/ and dist/ alike. */
async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Without a command that asked to be told, a signal ends the program at once with 130. */
function handleSignals(): () => AbortSignal {
  const controller = new AbortController();
  let told = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (attached !== undefined) {
      // A terminal sends SIGINT to both; only the program that has it decides what that means.
      if (signal !== 'SIGINT') attached.kill(signal);
      return;
    }
    if (!told || controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\nstopping cleanly; once more (Ctrl-C) stops at once\n');
    controller.abort(
      new HastackError({ code: 'interrupted', message: 'interrupted', hint: 'run the same command again to go on' }),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return () => {
    told = true;
    return controller.signal;
  };
}
