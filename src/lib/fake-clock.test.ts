import { describe, expect, it } from 'vitest';

import { fakeClock } from './fake-clock.ts';

describe('fakeClock', () => {
  it('wakes sleepers in order of time, then of arrival, each after the promises of the one before', async () => {
    const clock = fakeClock(1000);
    const log: string[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      log.push(`${name} ${clock.now()}`);
      await clock.sleep(10);
      log.push(`${name} again ${clock.now()}`);
    };
    const all = Promise.all([sleeper('b', 20), sleeper('a', 10), sleeper('c', 20)]);
    await clock.advance(25);
    expect(log).toEqual(['a 1010', 'b 1020', 'c 1020', 'a again 1020']);
    expect([clock.now(), clock.monotonic(), clock.sleepers]).toEqual([1025, 25, 2]);
    expect(await clock.runAll()).toBe(5);
    await all;
    expect(log.slice(4)).toEqual(['b again 1030', 'c again 1030']);
  });

  it('stops at a limit when something sleeps for ever', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const loop = async (): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop
      for (;;) await clock.sleep(10, controller.signal);
    };
    const running = expect(loop()).rejects.toThrow('enough');
    expect(await clock.runAll(105)).toBe(100);
    controller.abort(new Error('enough'));
    await running;
    expect(clock.sleepers).toBe(0);
  });

  it('rejects with the reason of a signal that aborted before', async () => {
    await expect(fakeClock().sleep(1, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });
});
