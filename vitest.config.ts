import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { summaryReporter } from './spec/summary-reporter.ts';

/** Each builds warehouses in its own process, which ends with what it has taken of memory. */
const RACING = ['as-of', 'docs', 'racing', 'reference', 'sources', 'e2e/leakage'].map(
  (folder) => `spec/${folder}/**/*.test.ts`,
);

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
          // What they import is loaded once for all: it has no state that one could leave to the next.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'spec',
          include: ['spec/**/*.test.ts'],
          exclude: RACING,
          globalSetup: ['spec/postgres/global-setup.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'racing',
          include: RACING,
          globalSetup: ['spec/postgres/global-setup.ts', 'spec/shared/global-setup.ts'],
        },
      },
    ],
  },
});
