import { describe, expect, it } from 'vitest';

import { fakeClock } from './fake-clock.ts';
import { limiter } from './limit.ts';

describe('limiter', () => {
  it('runs at most n at a time, in order, and all of them', async () => {
    const clock = fakeClock();
    const limit = limiter(3);
    let running = 0;
    let most = 0;
    const started: number[] = [];
    const all = Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        limit(async () => {
          started.push(index);
          most = Math.max(most, ++running);
          await clock.sleep(100 - index);
          running--;
          return index;
        }),
      ),
    );
    await clock.runAll();
    expect(await all).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('gives the place of a failed task to the next', async () => {
    const limit = limiter(1);
    const failed = limit(() => Promise.reject(new Error('no')));
    const thrown = limit(() => {
      throw new Error('at once');
    });
    const fine = limit(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    await expect(thrown).rejects.toThrow('at once');
    await expect(fine).resolves.toBe('yes');
  });

  it('refuses a limit of nothing', () => {
    expect(() => limiter(0)).toThrow(RangeError);
    expect(() => limiter(1.5)).toThrow(RangeError);
  });
});
