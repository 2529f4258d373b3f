// AMQP 0-9-1 over TLS to one member of a RabbitMQ cluster: confirmed publishing to a quorum queue, and consuming it.
// A link never reconnects by itself: `closed` says that it is gone, and its owner goes to another member, as the
// clients of the services do. Heartbeats end it when the member falls silent, which TCP alone would not notice.
// Manual: https://amqp-node.github.io/amqplib/, https://www.rabbitmq.com/docs/4.0/confirms
import { connect, type ConfirmChannel } from 'amqplib';

export interface AmqpTarget {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string;
  readonly connectDeadlineMs: number;
}

export interface AmqpLink {
  /** Declares a durable quorum queue whose leader is the member of this link, unless it is there already. */
  declareQuorumQueue(queue: string): Promise<void>;
  /** Resolves when a majority of the queue's members has the message; rejects when it is refused or the link ends. */
  publish(queue: string, text: string): Promise<void>;
  /** Every message is acknowledged when it was handed over; it comes again when that was not heard. */
  consume(queue: string, onMessage: (text: string) => void): Promise<void>;
  /** Resolves when the link is gone, whoever ended it. */
  readonly closed: Promise<void>;
  /** At once: a member that is gone answers no goodbye. */
  close(): void;
}

/** Seconds; two without a sign of life end the link. */
const HEARTBEAT = 2;
const PREFETCH = 200;

export async function amqpLink(host: string, target: AmqpTarget): Promise<AmqpLink> {
  const { port, user: username, password, vhost, ca, connectDeadlineMs: timeout } = target;
  const connection = await connect(
    { protocol: 'amqps', hostname: host, port, username, password, vhost, heartbeat: HEARTBEAT },
    { timeout, ...(ca !== undefined && { ca: [ca] }) },
  );
  const closed = new Promise<void>((resolve) => {
    connection.on('close', () => resolve());
    // Always followed by `close`; without a listener it would end the process.
    connection.on('error', () => resolve());
  });
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => void connection.close().catch(() => undefined));
  return { ...onChannel(channel), closed, close: () => void connection.close().catch(() => undefined) };
}

function onChannel(channel: ConfirmChannel): Omit<AmqpLink, 'closed' | 'close'> {
  return {
    declareQuorumQueue: async (queue) => {
      const queueArguments = { 'x-queue-type': 'quorum', 'x-queue-leader-locator': 'client-local' };
      await channel.assertQueue(queue, { durable: true, arguments: queueArguments });
    },
    publish: (queue, text) =>
      new Promise((resolve, reject) => {
        const confirmed = (error: unknown): void => {
          if (error === null || error === undefined) resolve();
          else reject(error instanceof Error ? error : new Error('refused'));
        };
        channel.sendToQueue(queue, Buffer.from(text), { persistent: true }, confirmed);
      }),
    consume: async (queue, onMessage) => {
      await channel.prefetch(PREFETCH);
      await channel.consume(queue, (message) => {
        if (message === null) return;
        onMessage(message.content.toString());
        channel.ack(message);
      });
    },
  };
}
