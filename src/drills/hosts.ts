// Scripts on hosts during a drill: a session per host, opened when first needed and again after the host was gone.
// A lost connection is retried once on a new one; what a script does on failure is the caller's to decide.
import { HastackError } from '../model/error.ts';
import type { CommandResult, Session, Transport } from '../remote/transport.ts';

export interface DrillHosts {
  run(host: string, text: string, options?: RunOptions): Promise<CommandResult>;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Seconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

export function drillHosts(transport: Transport): DrillHosts {
  // Promises, so that scripts that begin at the same moment share one connection.
  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (host: string, signal: AbortSignal | undefined): Promise<Session> => {
    const open = sessions.get(host);
    if (open !== undefined) return open;
    const opening = transport.connect(host, signal);
    sessions.set(host, opening);
    opening.catch(() => {
      if (sessions.get(host) === opening) sessions.delete(host);
    });
    return opening;
  };
  const attempt = async (host: string, text: string, options: RunOptions): Promise<CommandResult> => {
    const opened = sessionOf(host, options.signal);
    const session = await opened;
    try {
      return await session.run({ text, timeout: options.timeout ?? 20 }, options.signal);
    } catch (error) {
      if (sessions.get(host) === opened) sessions.delete(host);
      void session.close().catch(() => undefined);
      throw error;
    }
  };
  return {
    run: async (host, text, options = {}) => {
      const known = sessions.has(host);
      try {
        return await attempt(host, text, options);
      } catch (error) {
        const lost = error instanceof HastackError && error.code === 'unreachable';
        if (!known || !lost || options.signal?.aborted === true) throw error;
        return attempt(host, text, options);
      }
    },
    close: async () => {
      await Promise.allSettled([...sessions.values()].map(async (session) => (await session).close()));
      sessions.clear();
    },
  };
}

/** Runs a script that has to succeed. */
export async function mustRun(
  hosts: DrillHosts,
  host: string,
  script: { readonly text: string } & RunOptions,
): Promise<string> {
  const result = await hosts.run(host, script.text, script);
  if (result.code === 0) return result.stdout;
  const detail = (result.stderr.trim() || result.stdout.trim()).split('\n').at(-1) ?? '';
  throw new HastackError({
    code: 'environment',
    host,
    message: `a step of the drill failed on ${host} with status ${result.code}${detail === '' ? '' : `: ${detail}`}`,
    hint: 'Bring the cluster back with `hastack recover`, then repeat the drill.',
  });
}
