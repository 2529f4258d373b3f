// Runs this program inside the lab's network namespace as a child whose output comes back line by line.
// The child dies with us, however we end. Manual: nsenter(1), setpriv(1).
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HastackError } from '../model/error.ts';
import type { Lab } from './context.ts';
import { inLab } from './namespace.ts';

export interface RunInLabOptions {
  readonly onLine: (line: string) => void;
  /** Asks the child to stop cleanly. */
  readonly signal?: AbortSignal;
}

/** `argv`: main.js and its arguments. Resolves with the exit status; standard error goes to ours. */
export async function runInLab(lab: Lab, argv: readonly string[], options: RunInLabOptions): Promise<number> {
  const program = ['setpriv', '--pdeathsig', 'KILL', process.execPath, ...process.execArgv, ...argv] as const;
  const [command, ...parameters] = inLab(lab.names, program);
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGINT');
  options.signal?.addEventListener('abort', stop, { once: true });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', options.onLine);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(
          new HastackError({
            code: 'environment',
            message: `the lab cannot be entered: ${cause.message}`,
            hint: 'install util-linux (nsenter, setpriv)',
            cause,
          }),
        ),
      );
      child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 137)));
    });
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}
