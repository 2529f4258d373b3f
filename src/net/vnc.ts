// Does a console answer? A websocket through the public VIP, as the browser of a user opens it, and the first words
// of the VNC server behind it (RFC 6143: `RFB 003.008`). Nothing is sent and nothing of the screen is read.
// Rejects with DeadlineError, or with what the far side said. Upstream: https://github.com/novnc/websockify
import { Agent, WebSocket } from 'undici';
import type { Clock } from '../model/clock.ts';
import { withDeadline } from './deadline.ts';
import { connector } from './http.ts';
import type { HttpTrust } from './http.ts';

export interface VncTarget {
  /** `wss://cloud.example.org:6080/?token=…` */
  readonly url: string;
  readonly trust: HttpTrust;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The greeting of the VNC server, as `RFB 003.008`. */
export async function vncGreeting(target: VncTarget): Promise<string> {
  const dispatcher = new Agent({ connect: connector(target.trust) });
  try {
    return await withDeadline(
      { clock: target.clock, milliseconds: target.deadlineMs, signal: target.signal },
      (signal) => firstMessage(target.url, dispatcher, signal),
    );
  } finally {
    await dispatcher.destroy();
  }
}

function firstMessage(url: string, dispatcher: Agent, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { protocols: ['binary'], dispatcher });
    socket.binaryType = 'arraybuffer';
    signal.addEventListener('abort', () => socket.close(), { once: true });
    socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
      socket.close();
      const text = data instanceof ArrayBuffer ? Buffer.from(data).toString('latin1') : String(data);
      resolve(text.trim());
    });
    socket.addEventListener('error', (event) => {
      reject(new Error(`the websocket was not opened: ${describe(event)}`, { cause: event }));
    });
    socket.addEventListener('close', ({ code, reason }) =>
      reject(new Error(`the websocket was closed before the console said anything (${code} ${reason})`.trim())),
    );
  });
}

function describe(event: unknown): string {
  if (typeof event !== 'object' || event === null) return 'no reason given';
  if ('error' in event && event.error instanceof Error) return event.error.message;
  return 'message' in event && typeof event.message === 'string' ? event.message : 'no reason given';
}
