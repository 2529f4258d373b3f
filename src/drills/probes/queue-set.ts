// The RabbitMQ set workload: unique numbers are published with confirms to a quorum queue and consumed again.
// The publisher begins at the member that leads the queue, the consumer at another one; each goes on to the next
// member when its link is gone, as the clients of the services do.
// A number is `acknowledged` when its confirm came. One whose confirm never came is `unknown`: it may be there or not.
// Lost: confirmed, and not consumed when all had time to arrive. More than once: a duplicate, which confirms allow.
import type { Clock } from '../../model/clock.ts';
import { amqpLink, type AmqpLink } from '../../net/amqp.ts';
import { DeadlineError, withDeadline } from '../../net/deadline.ts';
import type { ProbeConfig } from './config.ts';
import type { WriteOutcome } from './write-set.ts';

export type QueueConfig = Extract<ProbeConfig, { probe: 'rabbitmq-publish' }>;

export interface QueueSet {
  /** One message on schedule; never rejects. */
  publish(): Promise<WriteOutcome>;
  /** Waits until what was confirmed has been consumed, then says what is missing. */
  settle(): Promise<{ readonly lost: number; readonly duplicates: number }>;
  close(): void;
}

export interface QueueSetOptions {
  readonly config: QueueConfig;
  readonly clock: Clock;
  readonly connect?: typeof amqpLink;
}

const RECONNECT_MS = 100;
const SETTLE_MS = 12_000;

/** Rejects when the members cannot be reached or the queue cannot be declared. */
export async function queueSet({ config, clock, connect = amqpLink }: QueueSetOptions): Promise<QueueSet> {
  const { addresses, target, queue, deadlineMs } = config;
  const received = new Map<number, number>();
  const confirmed: number[] = [];
  const stop = new AbortController();
  const open = (address: string) => connect(address, target);
  const publisher = keptLink({ addresses, clock, signal: stop.signal, open });
  await (await publisher.first).declareQuorumQueue(queue);
  const consumer = keptLink({
    addresses: [...addresses.slice(1), ...addresses.slice(0, 1)],
    clock,
    signal: stop.signal,
    open: async (address) => {
      const link = await open(address);
      await link.consume(queue, (text) => received.set(Number(text), (received.get(Number(text)) ?? 0) + 1));
      return link;
    },
  });
  await consumer.first;
  let next = 1;
  const missing = (): number => confirmed.filter((n) => !received.has(n)).length;
  return {
    publish: async () => {
      const n = next;
      next += 1;
      const link = publisher.current();
      if (link === undefined) return { n, outcome: 'refused', error: 'not-connected' };
      try {
        await withDeadline({ clock, milliseconds: deadlineMs }, () => link.publish(queue, String(n)));
      } catch (error) {
        return { n, outcome: 'unknown', error: error instanceof DeadlineError ? 'timeout' : 'unconfirmed' };
      }
      confirmed.push(n);
      return { n, outcome: 'acknowledged' };
    },
    settle: async () => {
      const end = clock.monotonic() + SETTLE_MS;
      // oxlint-disable-next-line no-await-in-loop
      while (missing() > 0 && clock.monotonic() < end) await clock.sleep(100);
      const duplicates = [...received.values()].filter((times) => times > 1).length;
      return { lost: missing(), duplicates };
    },
    close: () => stop.abort(),
  };
}

interface KeptLink {
  readonly first: Promise<AmqpLink>;
  /** undefined while there is none. */
  current(): AmqpLink | undefined;
}

interface Keeping {
  readonly addresses: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly open: (address: string) => Promise<AmqpLink>;
}

/** A link to the first address, and to the next one whenever it is gone. Only the first has to succeed at once. */
function keptLink({ addresses, clock, signal, open }: Keeping): KeptLink {
  let link: AmqpLink | undefined;
  const use = (opened: AmqpLink): AmqpLink => {
    link = opened;
    if (signal.aborted) opened.close();
    return opened;
  };
  const first = open(addresses[0] ?? '').then(use);
  signal.addEventListener('abort', () => link?.close(), { once: true });
  const keep = async (): Promise<void> => {
    let turn = 0;
    await first;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      await link?.closed;
      link = undefined;
      if (signal.aborted) return;
      turn += 1;
      // oxlint-disable-next-line no-await-in-loop
      await open(addresses[turn % addresses.length] ?? '').then(use, () => clock.sleep(RECONNECT_MS));
    }
  };
  // A first link that cannot be made is the caller's to see.
  void keep().catch(() => undefined);
  return { first, current: () => link };
}
