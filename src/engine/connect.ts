// Opens a session to every host, side by side, and says which did not answer and why.
// Fails only when no host at all could be reached (HastackError `unreachable`, exit 3): what a missing host means
// is for the caller to judge.
import { HastackError } from '../model/error.ts';
import type { Session } from '../remote/transport.ts';
import type { Connections, EngineContext } from './context.ts';
import { onHosts } from './parallel.ts';

export async function checkReachable(
  context: Pick<EngineContext, 'transport' | 'clock' | 'emit' | 'signal' | 'concurrency'>,
  hosts: readonly string[],
): Promise<Connections> {
  const outcomes = await onHosts(context, hosts, (host) => connect(context, host));
  const sessions = outcomes.done;
  const connections: Connections = {
    sessions,
    unreachable: outcomes.failed,
    close: async () => {
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
  if (context.signal?.aborted === true) {
    await connections.close();
    throw interrupted();
  }
  if (sessions.size === 0 && hosts.length > 0) throw nobodyAnswers(outcomes.failed);
  return connections;
}

async function connect(context: Parameters<typeof checkReachable>[0], host: string): Promise<Session> {
  const started = context.clock.monotonic();
  try {
    const session = await context.transport.connect(host, context.signal);
    context.emit({ event: 'host-connected', host, seconds: (context.clock.monotonic() - started) / 1000 });
    return session;
  } catch (error) {
    if (error instanceof HastackError) context.emit({ event: 'host-unreachable', host, reason: error.message });
    throw error;
  }
}

function nobodyAnswers(unreachable: ReadonlyMap<string, HastackError>): HastackError {
  const errors = [...unreachable.values()];
  const [first] = errors;
  const single = errors.length === 1;
  return new HastackError({
    code: 'unreachable',
    message: single
      ? (first?.message ?? '')
      : `none of ${errors.length} hosts can be reached: ${errors.map((error) => error.message).join('; ')}`,
    hint: single || first?.host === undefined ? (first?.hint ?? '') : hintOfAll(errors, first),
    ...(single && first?.host !== undefined ? { host: first.host } : {}),
  });
}

/** Hosts mostly share one reason; what to do names an address, so that of the first host stands for all. */
function hintOfAll(errors: readonly HastackError[], first: HastackError): string {
  const same = errors.every((error) => error.hint === first.hint);
  return same ? first.hint : `Start with ${first.host}: ${first.hint}`;
}

export function interrupted(): HastackError {
  return new HastackError({
    code: 'interrupted',
    message: 'interrupted',
    hint: 'Run the same command again: it continues where it stopped.',
  });
}
