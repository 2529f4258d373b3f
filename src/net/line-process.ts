// A child process that speaks lines: configuration in on stdin, results out on stdout, the end of stdin asks it
// to finish. Its environment is inherited; nothing secret stands in its argv.
// A child that does not finish within the deadline is killed; what it wrote to stderr is kept for the message.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Clock } from '../model/clock.ts';

export interface LineProcess {
  readonly pid: number | undefined;
  write(line: string): void;
  /** Closes stdin and waits for the exit; kills after the deadline. Resolves with the exit status. */
  finish(deadlineMs: number): Promise<number>;
  /** Resolves when the child is gone, with its status (128 + signal when killed). */
  readonly exited: Promise<number>;
  stderr(): string;
  kill(): void;
}

export interface LineProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly onLine: (line: string) => void;
  readonly clock: Clock;
}

const STDERR_KEPT = 8000;

export function startLineProcess(options: LineProcessOptions): LineProcess {
  const [program, ...args] = options.command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-STDERR_KEPT);
  });
  // The exit status says more than a broken pipe.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', options.onLine);
  const drained = new Promise<void>((resolve) => lines.once('close', resolve));
  const left = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      errors += error.message;
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 137 : 1)));
  });
  // Not before the last line was read.
  const exited = left.then(async (code) => {
    if (code !== 127 || child.pid !== undefined) await drained;
    return code;
  });
  return {
    pid: child.pid,
    write: (line) => child.stdin.write(`${line}\n`),
    finish: async (deadlineMs) => {
      child.stdin.end();
      const inTime = new AbortController();
      void options.clock.sleep(deadlineMs, inTime.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      try {
        return await exited;
      } finally {
        inTime.abort();
      }
    },
    exited,
    stderr: () => errors,
    kill: () => void child.kill('SIGKILL'),
  };
}
