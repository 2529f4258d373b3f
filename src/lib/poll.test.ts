import { describe, expect, it } from 'vitest';

import { HastackError } from '../model/error.ts';
import { fakeClock } from './fake-clock.ts';
import { notYet, ready, waitUntil } from './poll.ts';
import type { Probed, Wait } from './poll.ts';

function setUp(probe: (signal: AbortSignal, asked: number) => Promise<Probed<string>> | Probed<string>) {
  const clock = fakeClock();
  const asked: number[] = [];
  const start = (more: Partial<Wait<string>> = {}): Promise<string> =>
    waitUntil({
      clock,
      deadlineMs: 1000,
      periodMs: 100,
      what: 'mariadb on ctl1 to be synced',
      probe: (signal) => {
        asked.push(clock.monotonic());
        return probe(signal, asked.length);
      },
      ...more,
    });
  return { clock, asked, start };
}

describe('waitUntil', () => {
  it('asks at once, then every period, and gives the value', async () => {
    const { clock, asked, start } = setUp((_signal, count) => (count === 4 ? ready('synced') : notYet('joining')));
    const waiting = start();
    await clock.runAll();
    await expect(waiting).resolves.toBe('synced');
    expect(asked).toEqual([0, 100, 200, 300]);
    expect(clock.sleepers).toBe(0);
  });

  it('measures the period from start to start and never asks twice at once', async () => {
    const { clock, asked, start } = setUp(async (_signal, count) => {
      await clock.sleep(count === 2 ? 250 : 40);
      return count === 4 ? ready('x') : notYet('y');
    });
    const waiting = start();
    await clock.runAll();
    await waiting;
    expect(asked).toEqual([0, 100, 350, 450]);
  });

  it('says what it waited for and the last detail when the deadline passes', async () => {
    const { clock, start } = setUp((_signal, count) => notYet(`attempt ${count}`));
    const waiting = start({ host: 'ctl1', hint: 'look there' });
    const failure = expect(waiting).rejects.toMatchObject({
      message: 'gave up waiting for mariadb on ctl1 to be synced after 1 s: attempt 10',
      code: 'apply-failed',
      hint: 'look there',
      host: 'ctl1',
    });
    await clock.runAll();
    await failure;
    await expect(waiting).rejects.toBeInstanceOf(HastackError);
    expect(clock.monotonic()).toBe(1000);
    expect(clock.sleepers).toBe(0);
  });

  it('gives up on a probe that hangs and aborts its signal', async () => {
    let aborted = false;
    const { clock, start } = setUp((signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    const failure = expect(start()).rejects.toThrow('after 1 s: no answer yet');
    await clock.runAll();
    await failure;
    expect(aborted).toBe(true);
  });

  it('ends with the reason of the signal, before and during the wait', async () => {
    const controller = new AbortController();
    const { clock, start } = setUp(() => notYet('x'));
    const failure = expect(start({ signal: controller.signal })).rejects.toThrow('interrupted by the user');
    await clock.advance(150);
    controller.abort(new Error('interrupted by the user'));
    await failure;
    expect(clock.sleepers).toBe(0);
    await expect(start({ signal: controller.signal })).rejects.toThrow('interrupted by the user');
  });

  it('passes on what the probe throws', async () => {
    const { clock, start } = setUp(() => {
      throw new Error('wrong password');
    });
    await expect(start()).rejects.toThrow('wrong password');
    expect(clock.sleepers).toBe(0);
  });
});
