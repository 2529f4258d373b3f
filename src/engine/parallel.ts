// Work on many hosts side by side, collecting every host's outcome and not only the first error.
// Expected errors (HastackError) are values here; anything else is a bug and is thrown after all hosts ended.
import { limiter } from '../lib/limit.ts';
import { HastackError } from '../model/error.ts';

const HOSTS_AT_A_TIME = 64;

export interface HostOutcomes<T> {
  readonly done: ReadonlyMap<string, T>;
  readonly failed: ReadonlyMap<string, HastackError>;
}

export async function onHosts<T>(
  context: { readonly concurrency?: number },
  hosts: readonly string[],
  work: (host: string) => Promise<T>,
): Promise<HostOutcomes<T>> {
  const limit = limiter(context.concurrency ?? HOSTS_AT_A_TIME);
  const results = await Promise.allSettled(hosts.map((host) => limit(() => work(host))));
  const done = new Map<string, T>();
  const failed = new Map<string, HastackError>();
  results.forEach((result, index) => {
    const host = hosts[index] ?? '';
    if (result.status === 'fulfilled') done.set(host, result.value);
    else if (result.reason instanceof HastackError) failed.set(host, result.reason);
    else if (!isAbort(result.reason)) throw result.reason;
    else failed.set(host, abortedOn(host));
  });
  return { done, failed };
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function abortedOn(host: string): HastackError {
  return new HastackError({
    code: 'interrupted',
    host,
    message: `interrupted on ${host}`,
    hint: 'Run the same command again: it continues where it stopped.',
  });
}
