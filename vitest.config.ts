import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { summaryReporter } from './spec/summary-reporter.ts';

export default defineConfig({
  test: {
    reporters: ['default', summaryReporter],
    testTimeout: 30_000,
    // Of two cores vitest would leave one to itself.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // They share nothing that changes: what they import is loaded once for all.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'spec',
          include: ['spec/**/*.test.ts'],
          globalSetup: ['spec/postgres/global-setup.ts', 'spec/shared/global-setup.ts'],
        },
      },
    ],
  },
});
