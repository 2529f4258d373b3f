// The queue workload against members that are played: what is confirmed, what is unknown, what is lost.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/system-clock.ts';
import type { AmqpLink } from '../../net/amqp.ts';
import { queueSet, type QueueConfig } from './queue-set.ts';

const config: QueueConfig = {
  probe: 'rabbitmq-publish',
  target: { port: 5671, user: 'u', password: 'p', vhost: 'v', connectDeadlineMs: 100 },
  addresses: ['one', 'two'],
  queue: 'q',
  periodMs: 10,
  deadlineMs: 80,
};

/** One queue behind all members. `deliver` says how often a message comes. */
function broker(deliver: (text: string) => number = () => 1) {
  const consumers = new Set<(text: string) => void>();
  const links: { address: string; end: () => void }[] = [];
  const down = new Set<string>();
  let mute = false;
  const connect = async (address: string): Promise<AmqpLink> => {
    if (down.has(address)) throw new Error('refused');
    let end = (): void => undefined;
    let gone = false;
    const mine = new Set<(text: string) => void>();
    const closed = new Promise<void>((resolve) => {
      end = () => {
        gone = true;
        for (const each of mine) consumers.delete(each);
        resolve();
      };
    });
    links.push({ address, end });
    return {
      closed,
      close: end,
      declareQuorumQueue: async () => undefined,
      publish: async (_queue, text) => {
        if (gone) throw new Error('closed');
        if (mute) return new Promise(() => undefined);
        for (const each of consumers) for (let n = 0; n < deliver(text); n += 1) each(text);
      },
      consume: async (_queue, onMessage) => {
        mine.add(onMessage);
        consumers.add(onMessage);
      },
    };
  };
  return { connect, links, down, silence: (on: boolean) => (mute = on) };
}

const open = (played: ReturnType<typeof broker>) =>
  queueSet({ config, clock: systemClock, connect: (address) => played.connect(address) });

describe('queueSet', () => {
  it('publishes at the leader, consumes at another member, and misses nothing', async () => {
    const played = broker();
    const set = await open(played);
    expect(await set.publish()).toEqual({ n: 1, outcome: 'acknowledged' });
    expect(await set.publish()).toEqual({ n: 2, outcome: 'acknowledged' });
    expect(await set.settle()).toEqual({ lost: 0, duplicates: 0 });
    expect(played.links.map(({ address }) => address)).toEqual(['one', 'two']);
    set.close();
  });

  it('counts what came twice', async () => {
    const set = await open(broker((text) => (text === '2' ? 2 : 1)));
    await set.publish();
    await set.publish();
    expect(await set.settle()).toEqual({ lost: 0, duplicates: 1 });
    set.close();
  });

  it('calls a message lost that was confirmed and never came', { timeout: 30_000 }, async () => {
    const set = await open(broker((text) => (text === '2' ? 0 : 1)));
    await set.publish();
    await set.publish();
    expect(await set.settle()).toEqual({ lost: 1, duplicates: 0 });
    set.close();
  });

  it('does not know of a message whose confirm did not come, and never calls it lost', async () => {
    const played = broker();
    const set = await open(played);
    played.silence(true);
    expect(await set.publish()).toEqual({ n: 1, outcome: 'unknown', error: 'timeout' });
    expect(await set.settle()).toEqual({ lost: 0, duplicates: 0 });
    set.close();
  });

  it('goes on to another member when its own is gone', { timeout: 10_000 }, async () => {
    const played = broker();
    const set = await open(played);
    played.down.add('one');
    played.links[0]?.end();
    let outcome = await set.publish();
    expect(outcome.outcome).not.toBe('acknowledged');
    for (let tries = 0; tries < 100 && outcome.outcome !== 'acknowledged'; tries += 1) {
      await systemClock.sleep(20);
      outcome = await set.publish();
    }
    expect(outcome.outcome).toBe('acknowledged');
    expect(played.links.at(-1)?.address).toBe('two');
    set.close();
  });

  it('rejects when the members cannot be reached at first', async () => {
    const played = broker();
    played.down.add('one');
    await expect(open(played)).rejects.toThrow('refused');
  });
});
