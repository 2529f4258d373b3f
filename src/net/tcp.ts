// Does a port answer? One connection, a deadline, and the kind of failure in a word.
// Never rejects for what the network does: the outcome is a value.
import { connect } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { withDeadline } from './deadline.ts';
import { networkErrorKind } from './net-error.ts';

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type TcpOutcome = { readonly ok: true } | { readonly ok: false; readonly error: string };

export async function tcpConnects(target: TcpTarget): Promise<TcpOutcome> {
  try {
    await withDeadline({ clock: target.clock, milliseconds: target.deadlineMs, signal: target.signal }, (signal) =>
      open(target, signal),
    );
    return { ok: true };
  } catch (error) {
    target.signal?.throwIfAborted();
    return { ok: false, error: networkErrorKind(error) };
  }
}

function open(target: TcpTarget, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port: target.port });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
