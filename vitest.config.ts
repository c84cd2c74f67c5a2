import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { summaryReporter } from './spec/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'spec/**/*.test.ts', 'scripts/**/*.test.ts'],
    reporters: ['default', summaryReporter],
    testTimeout: 30_000,
    globalSetup: ['spec/postgres/global-setup.ts', 'spec/shared/global-setup.ts'],
    // Of two cores vitest would leave one to itself.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
