// Two projects: `unit` (pure, property and in-process tests; seconds) and `real` (needs root and the lab's packages;
// minutes; one file at a time, see `npm run real`).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
          // One module registry per worker: half the time. No test may lean on what another left in a module.
          isolate: false,
          // Some tests wait for clocks and processes: on two cores a third worker works meanwhile.
          maxWorkers: 3,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          teardownTimeout: 300_000,
        },
      },
    ],
  },
});
