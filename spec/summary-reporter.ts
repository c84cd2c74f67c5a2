import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** In the folder of a run (spec/shared): a line for each artifact of velo that was valid. */
const VALIDATED = 'artifacts-validated';

/** Says how many artifacts were validated, and prints `N passed, N failed` as the last line of a test run; what stops a file from running counts as one failure. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const passed = modules.reduce((sum, module) => sum + countTests(module, 'passed'), 0);
    const failed = modules.reduce(
      (sum, module) => sum + countTests(module, 'failed') + (isBroken(module) ? 1 : 0),
      unhandledErrors.length,
    );
    const validated = countValidated(modules);
    if (validated > 0) process.stdout.write(`${validated} artifacts validated\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  },
};

const countTests = (module: TestModule, state: 'passed' | 'failed'): number =>
  [...module.children.allTests(state)].length;

/** A file that cannot be loaded, or whose hooks fail, has no failed test of its own. */
const isBroken = (module: TestModule): boolean =>
  module.state() === 'failed' && countTests(module, 'failed') === 0;

function countValidated(modules: readonly TestModule[]): number {
  const folders = modules.map(({ project }) => project.getProvidedContext().sharedFolder);
  const files = [...new Set(folders)].flatMap((folder) =>
    folder ? [join(folder, VALIDATED)] : [],
  );
  const written = files.filter((file) => statSync(file, { throwIfNoEntry: false }));
  return written.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
}
