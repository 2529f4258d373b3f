// The out-of-band console of a twin: runs a script as root inside its namespaces, whatever its network does.
// The script travels on stdin, so nothing of it shows in any process list. When the deadline passes the whole
// process group is killed; a twin that is off is an error. Contained like the twin itself.
// Manuals: nsenter(1), setpriv(1), capabilities(7).
import { readFileSync } from 'node:fs';
import { twinGroupFiles } from './cgroup.ts';
import { HastackError } from '../model/error.ts';
import { type Argv, type CommandOutput, tryCommand } from './command.ts';
import { type Lab, twinOf } from './context.ts';
import { initOf } from './twin.ts';
import { waitFor } from './wait.ts';

export interface ConsoleScript {
  readonly text: string;
  /** Seconds; default 60. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

// The console has the machine's capabilities otherwise, and with them the machine's clock and modules (decision 4).
const CONTAINED = ['setpriv', '--bounding-set=-sys_time,-sys_module'] as const;
const ENVIRONMENT = [
  ...CONTAINED,
  'env',
  '-i',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LC_ALL=C.UTF-8',
] as const;

export async function consoleRun(lab: Lab, host: string, script: string | ConsoleScript): Promise<CommandOutput> {
  const init = await requireOn(lab, host);
  const { signal = lab.signal, text, timeout = 60 } = typeof script === 'string' ? { text: script } : script;
  return tryCommand([...consoleEntry(init), 'sh', '-s'], { input: text, timeout, signal });
}

/**
 * The argument vector that enters a twin; for `lab shell` append a program. Whoever enters has the capabilities
 * and the limits of the twin itself and no more: root of this machine could set its clock from in there.
 */
export function consoleEntry(init: number): Argv {
  const groups = twinGroupFiles(readFileSync(`/proc/${init}/cgroup`, 'utf8'));
  const capabilities = capabilityParameters(readFileSync(`/proc/${init}/status`, 'utf8'));
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid'];
  const entering: Argv = ['sh', '-c', JOIN_SCRIPT, 'join', String(groups.length), ...groups];
  return [...entering, 'setpriv', ...capabilities, 'nsenter', `--target=${init}`, ...namespaces, '--', ...ENVIRONMENT];
}

const JOIN_SCRIPT =
  'count=$1; shift; while [ "$count" -gt 0 ]; do echo $$ > "$1"; shift; count=$((count - 1)); done; exec "$@"';

/** setpriv parameters that keep what `CapBnd` of a /proc/PID/status has. */
export function capabilityParameters(status: string): readonly string[] {
  const mask = BigInt(`0x${/^CapBnd:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const kept = Array.from({ length: 64 }, (_, number) => number).filter(
    (number) => ((mask >> BigInt(number)) & 1n) === 1n,
  );
  return [`--bounding-set=${['-all', ...kept.map((number) => `+cap_${number}`)].join(',')}`, '--inh-caps=-all'];
}

export async function requireOn(lab: Lab, host: string): Promise<number> {
  twinOf(lab, host);
  const init = await initOf(lab, host);
  if (init !== undefined) return init;
  throw new HastackError({
    code: 'refused',
    message: `the twin of ${host} is powered off`,
    hint: `run \`hastack lab power on ${host}\``,
    host,
  });
}

export type BootState = 'running' | 'degraded' | 'starting';

/**
 * Waits for systemd to finish booting. `reachable` returns as soon as sshd serves, also while a unit that the
 * deployment gates is still starting. A degraded system is returned, with the names of the failed units.
 */
export async function waitForBoot(
  lab: Lab,
  host: string,
  want: { seconds: number; until: 'booted' | 'reachable' },
): Promise<{ state: BootState; failed: readonly string[] }> {
  const script =
    'systemctl is-system-running; systemctl is-active ssh.service; systemctl list-units --failed --plain --no-legend | cut -d" " -f1';
  return waitFor({
    clock: lab.clock,
    seconds: want.seconds,
    every: 200,
    signal: lab.signal,
    look: async () => {
      const answer = await consoleRun(lab, host, { text: script, timeout: 10 }).catch(ifOff);
      if (answer === undefined) return undefined;
      const [state, ssh, ...failed] = answer.stdout.trim().split('\n');
      if (state === 'running' || state === 'degraded') return { state, failed: failed.filter((name) => name !== '') };
      if (want.until === 'reachable' && ssh === 'active') return { state: 'starting' as const, failed: [] };
      return undefined;
    },
    late: () =>
      new HastackError({
        code: 'environment',
        message: `${host} did not finish booting within ${want.seconds} s`,
        hint: `look with \`hastack lab shell ${host} -- systemctl list-jobs\`; its console is in ${twinOf(lab, host).paths.console}`,
        host,
      }),
  });
}

/** A twin that is off, or goes off while it is asked, is not an error for who waits for it. */
function ifOff(error: unknown): undefined {
  if (error instanceof HastackError && error.code === 'refused') return undefined;
  if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
    return undefined;
  throw error;
}
