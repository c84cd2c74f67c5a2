import { defineConfig } from 'vitest/config';
import { summaryReporter } from './spec/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'spec/**/*.test.ts', 'scripts/**/*.test.ts'],
    reporters: ['default', summaryReporter],
    testTimeout: 30_000,
    globalSetup: ['spec/postgres/global-setup.ts'],
  },
});
