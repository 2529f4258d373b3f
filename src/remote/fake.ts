// Hosts in memory, for tests of everything above the transport: a handler answers each script.
// A host may be unreachable, slow (by the clock given) or cut at any moment: what runs then rejects with
// `unreachable`, exactly as a lost connection does, and its handler sees its signal abort.
import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import type { Script } from '../model/resource.ts';
import type { CommandResult, Session, Transport } from './transport.ts';

export type FakeHandler = (script: Script, signal: AbortSignal) => CommandResult | Promise<CommandResult>;

export interface FakeOptions {
  readonly clock?: Clock;
  /** Milliseconds of every round trip. */
  readonly delayMs?: number;
}

export class FakeTransport implements Transport {
  private readonly handlers: ReadonlyMap<string, FakeHandler>;
  private readonly options: FakeOptions;
  private readonly down = new Set<string>();
  private readonly open = new Map<string, Set<AbortController>>();

  constructor(handlers: ReadonlyMap<string, FakeHandler>, options: FakeOptions = {}) {
    this.handlers = handlers;
    this.options = options;
  }

  /** Breaks all sessions of a host; it stays unreachable until `restore`. */
  cut(host: string): void {
    this.down.add(host);
    for (const session of this.open.get(host) ?? []) session.abort(lost(host));
    this.open.delete(host);
  }

  cutAll(): void {
    for (const host of this.handlers.keys()) this.cut(host);
  }

  restore(host: string): void {
    this.down.delete(host);
  }

  async connect(host: string, signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    const handler = this.handlers.get(host);
    if (handler === undefined || this.down.has(host)) throw lost(host);
    const broken = new AbortController();
    setMaxListeners(0, broken.signal);
    const sessions = this.open.get(host) ?? new Set();
    this.open.set(host, sessions.add(broken));
    return {
      host,
      run: (script, scriptSignal) => this.answer({ handler, script, broken: broken.signal }, scriptSignal),
      close: () => {
        sessions.delete(broken);
        broken.abort(lost(host));
        return Promise.resolve();
      },
    };
  }

  private async answer(
    call: { readonly handler: FakeHandler; readonly script: Script; readonly broken: AbortSignal },
    signal?: AbortSignal,
  ): Promise<CommandResult> {
    call.broken.throwIfAborted();
    signal?.throwIfAborted();
    const either = signal === undefined ? call.broken : AbortSignal.any([call.broken, signal]);
    if (this.options.delayMs !== undefined) await this.options.clock?.sleep(this.options.delayMs, either);
    const result = await untilBroken(call.broken, async () => call.handler(call.script, either));
    return signal?.aborted === true ? { ...result, code: 137 } : result;
  }
}

/** Rejects as soon as the connection breaks, whatever the work still does. */
async function untilBroken<T>(broken: AbortSignal, work: () => Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const breaking = new Promise<never>((_resolve, reject) => {
    stop = () => reject(broken.reason as HastackError);
    broken.addEventListener('abort', stop);
  });
  try {
    const result = await Promise.race([work(), breaking]);
    broken.throwIfAborted();
    return result;
  } finally {
    if (stop !== undefined) broken.removeEventListener('abort', stop);
  }
}

function lost(host: string): HastackError {
  return new HastackError({
    code: 'unreachable',
    host,
    message: `${host}: the connection was lost`,
    hint: 'See whether the host is on, then run the same command again: it continues.',
  });
}
