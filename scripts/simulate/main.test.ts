import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the script as `npm run simulate` does. */
function simulate(...args: readonly string[]) {
  const command = ['scripts/run-ts.mjs', 'scripts/simulate/main.ts', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

test('a wrong argument ends with one line on stderr and code 2', async () => {
  const stderr =
    'simulate: --runs must be a whole number from 5000 to 100000000, not 10 (try --help)\n';
  expect(await simulate('--runs', '10', '--out', 'x')).toEqual({ code: 2, stdout: '', stderr });
});

test('help is printed and ends well', async () => {
  const stdout: unknown = expect.stringContaining('usage: npm run simulate');
  expect(await simulate('--help')).toEqual({ code: 0, stdout, stderr: '' });
});
