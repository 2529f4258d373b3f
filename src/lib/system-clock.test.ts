import { describe, expect, it } from 'vitest';

import { systemClock } from './system-clock.ts';

describe('systemClock', () => {
  it('sleeps for at least the time asked for', async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(20);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19);
  });

  it('rejects with the reason of the signal, during the sleep and before it', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(1, controller.signal)).rejects.toBe(reason);
  });
});
