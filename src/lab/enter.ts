// `--lab`: runs this program again inside the lab's network namespace, which has no way out. ssh, API calls and
// probes are then unchanged, and production cannot be reached by mistake (decision 3). The copy has the
// terminal; signals go to it; its exit status is ours. Manual: nsenter(1).
import { spawn } from 'node:child_process';
import { readlinkSync, statSync } from 'node:fs';
import { HastackError } from '../model/error.ts';
import { type Lab, requireUp } from './context.ts';
import { inLab } from './namespace.ts';
import { checkPlatform } from './prerequisites.ts';

/** Are we in the lab's namespace already? Asked of the kernel, not of the environment. */
function isInLab(lab: Lab): boolean {
  try {
    return readlinkSync('/proc/self/ns/net') === `net:[${statSync(lab.names.netnsPath).ino}]`;
  } catch {
    return false;
  }
}

/**
 * Runs `argv` (program first, as in process.argv after the interpreter) inside the lab and returns its exit
 * status; undefined: this process is inside already, go on.
 */
export async function enterLab(lab: Lab, argv: readonly string[]): Promise<number | undefined> {
  checkPlatform();
  requireUp(lab);
  if (isInLab(lab)) return undefined;
  const [program, ...parameters] = inLab(lab.names, [process.execPath, ...process.execArgv, ...argv]);
  const child = spawn(program, parameters, { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  // A terminal sends SIGINT to both of us; only the copy decides what it means.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(
          new HastackError({
            code: 'environment',
            message: `the lab cannot be entered: ${cause.message}`,
            hint: 'install util-linux (nsenter)',
            cause,
          }),
        ),
      );
      child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 137)));
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
  }
}
