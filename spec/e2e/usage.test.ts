import { describe, expect, it } from 'vitest';
import { type CliResult, makeProject } from './velo.ts';

const run = (args: readonly string[]): Promise<CliResult> =>
  makeProject({ 'models/orders.sql': 'select 1 as order_id\n' }).velo(args);

describe('a wrong command line', () => {
  it.each([
    [
      ['biuld'],
      "error: unknown command 'biuld'\n(Did you mean build?)\n(velo --help lists the commands)\n",
    ],
    [
      ['build', '--selct', 'x'],
      "error: unknown option '--selct'\n(Did you mean --select?)\n(velo --help lists the commands)\n",
    ],
    [
      ['build', 'orders'],
      "error: too many arguments for 'build'. Expected 0 arguments but got 1.\n(velo --help lists the commands)\n",
    ],
    [
      ['build', '--vars'],
      "error: option '--vars <yaml>' argument missing\n(velo --help lists the commands)\n",
    ],
    [
      ['ls', '--output', 'yaml'],
      "error: option '--output <format>' argument 'yaml' is invalid. Allowed choices are selector, name, path, json.\n(velo --help lists the commands)\n",
    ],
    [
      ['build', '--threads', 'many'],
      "error[usage]\n  --threads 'many' is not a whole number of at least 1\n  docs: docs/errors/usage.md\n",
    ],
    [
      ['build', '--batch-size', '0'],
      "error[usage]\n  --batch-size '0' is not a whole number of at least 1\n  docs: docs/errors/usage.md\n",
    ],
    [
      ['build', '--vars', '[1, 2]'],
      "error[usage]\n  --vars is not a YAML mapping: it is [1,2]\n  hint: write it as --vars '{name: value}'\n  docs: docs/errors/usage.md\n",
    ],
    [
      ['build', '--vars', '{a: '],
      "error[usage]\n  --vars is not a YAML mapping: Flow map must end with a }\n  hint: write it as --vars '{name: value}'\n  docs: docs/errors/usage.md\n",
    ],
  ])('%j', async (args, stderr) => {
    expect(await run(args)).toEqual({ exitCode: 2, stdout: '', stderr });
  });
});

describe('a wrong value that shows once the project is read', () => {
  it.each([
    [
      ['build', '--as-of', '2024-02-31'],
      "error[usage]\n  --as-of '2024-02-31' is not a date\n  hint: write it as '2024-01-31', or '2024-01-31 13:00' for hours\n  docs: docs/errors/usage.md\n",
    ],
    [
      ['build', '--as-of', 'soon'],
      "error[usage]\n  --as-of 'soon' is not a date\n  hint: write it as '2024-01-31', or '2024-01-31 13:00' for hours\n  docs: docs/errors/usage.md\n",
    ],
    [
      ['build', '-s', 'tagg:nightly'],
      "error[selector-syntax]\n  'tagg' is no selector method\n  hint: did you mean 'tag'?\n  docs: docs/errors/selector-syntax.md\n",
    ],
  ])('%j', async (args, stderr) => {
    expect(await run(args)).toEqual({ exitCode: 2, stdout: 'Found 1 model\n', stderr });
  });

  it('a selection of nothing is a warning', async () => {
    expect(await run(['build', '-s', 'ordrs', '--threads', '2'])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `Found 1 model
[WARNING]: The selection criterion 'ordrs' does not match any enabled nodes
[WARNING]: Nothing to do. Try checking your model configs and model specification args
`,
    });
  });

  it('without a command prints help', async () => {
    const { exitCode, stdout, stderr } = await run([]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: velo \[options\] \[command\]\n/);
  });
});

describe('what is asked of velo itself', () => {
  it('--help is no fault', async () => {
    const { exitCode, stdout, stderr } = await run(['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const command of [
      'init',
      'completion',
      'build',
      'run',
      'test',
      'seed',
      'compile',
      'show',
      'ls',
      'plan',
      'debug',
      'clean',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
    }
  });

  it('--version', async () => {
    const { exitCode, stdout } = await run(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^velo \d+\.\d+\.\d+\n$/);
  });
});
