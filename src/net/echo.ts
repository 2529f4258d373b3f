// UDP echo: the server sends every datagram back, the client asks and waits for its own number.
// The control probe of a drill runs against it: what it misses is the measuring machine's fault, nobody else's.
// A lost or late answer is a value; only a port that cannot be bound rejects.
import { createSocket, type Socket } from 'node:dgram';
import type { Clock } from '../model/clock.ts';
import { withDeadline } from './deadline.ts';

export interface EchoServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function startEchoServer(address = '127.0.0.1', port = 0): Promise<EchoServer> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  await bound(socket, () => socket.bind(port, address));
  return { address, port: socket.address().port, close: () => closed(socket) };
}

export interface EchoClient {
  /** True when the answer came within the deadline. */
  ask(deadlineMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface EchoTarget {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
}

export async function echoClient({ host, port, clock }: EchoTarget): Promise<EchoClient> {
  const socket = createSocket('udp4');
  const waiting = new Map<number, () => void>();
  let next = 0;
  socket.on('message', (message) => {
    if (message.length === 4) waiting.get(message.readUInt32BE(0))?.();
  });
  // A refused datagram is a missing answer; the deadline of the request says so.
  socket.on('error', () => undefined);
  await bound(socket, () => socket.connect(port, host));
  const ask = async (deadlineMs: number): Promise<boolean> => {
    const number = next;
    next = (next + 1) >>> 0;
    const datagram = Buffer.alloc(4);
    datagram.writeUInt32BE(number);
    try {
      await withDeadline(
        { clock, milliseconds: deadlineMs },
        () =>
          new Promise<void>((resolve, reject) => {
            waiting.set(number, resolve);
            socket.send(datagram, (error) => (error ? reject(error) : undefined));
          }),
      );
      return true;
    } catch {
      return false;
    } finally {
      waiting.delete(number);
    }
  };
  return { ask, close: () => closed(socket) };
}

function bound(socket: Socket, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    const done = (): void => {
      socket.off('error', reject);
      resolve();
    };
    socket.once('listening', done);
    socket.once('connect', done);
    start();
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}
