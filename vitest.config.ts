import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongOnesFirst } from './spec/long-ones-first.ts';
import { summaryReporter } from './spec/summary-reporter.ts';

/** Tests of plain functions: what they import has no state that one could leave to the next, and is loaded once for all. */
const LIGHT = [
  ...['src/**/*.test.ts', 'scripts/**/*.test.ts'],
  'spec/{cache,calibration,golden,pricing,schemas,settlement,splits,sql}/**/*.test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default', summaryReporter],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest would leave a core to itself. One worker more than cores: there is always one that waits for a process or a lock.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongOnesFirst },
    projects: [
      { extends: true, test: { name: 'light', include: LIGHT, isolate: false } },
      {
        extends: true,
        test: {
          name: 'spec',
          include: ['spec/**/*.test.ts'],
          exclude: LIGHT,
          globalSetup: ['spec/postgres/global-setup.ts', 'spec/shared/global-setup.ts'],
        },
      },
    ],
  },
});
