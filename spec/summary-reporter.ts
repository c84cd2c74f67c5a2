import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` as the last line of a test run; what stops a file from running counts as one failure. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const passed = modules.reduce((sum, module) => sum + countTests(module, 'passed'), 0);
    const failed = modules.reduce(
      (sum, module) => sum + countTests(module, 'failed') + (isBroken(module) ? 1 : 0),
      unhandledErrors.length,
    );
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  },
};

const countTests = (module: TestModule, state: 'passed' | 'failed'): number =>
  [...module.children.allTests(state)].length;

/** A file that cannot be loaded, or whose hooks fail, has no failed test of its own. */
const isBroken = (module: TestModule): boolean =>
  module.state() === 'failed' && countTests(module, 'failed') === 0;
