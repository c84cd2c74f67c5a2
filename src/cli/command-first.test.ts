import { expect, test } from 'vitest';
import { commandFirst } from './command-first.ts';
import { commands } from './commands/index.ts';

test.each([
  ['run -s a', 'run -s a'],
  ['--quiet run', 'run --quiet'],
  ['--target ci --no-use-colors run -s a b', 'run -s a b --target ci --no-use-colors'],
  [
    '--log-level=error --vars {run: 1} docs generate',
    'docs generate --log-level=error --vars {run: 1}',
  ],
  ['--help', '--help'],
  ['-t', '-t'],
  ['', ''],
])('%s: %s', (given, expected) => {
  const words = (text: string) => text.replace('{run: 1}', '{run:1}').split(' ').filter(Boolean);
  expect(commandFirst(words(given), commands)).toEqual(words(expected));
});
