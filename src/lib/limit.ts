// At most n things at a time, in the order they were asked for.
// A task that fails frees its place and rejects only its own promise.

export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

export function limiter(limit: number): Limiter {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a limit is a whole number from 1, not ${limit}`);
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (task) => {
    if (running >= limit) {
      // The one that finishes hands its place over, so `running` does not change here.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
