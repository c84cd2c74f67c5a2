import { expect, test } from 'vitest';
import { HELP, readRequest, UsageError } from './arguments.ts';

test('help explains every option', () => {
  for (const option of 'out runs seasons last-season seed format sample help'.split(' ')) {
    expect(HELP).toContain(`\n  --${option} `);
  }
  expect(readRequest(['--help'])).toEqual({ task: 'help' });
  expect(readRequest(['--sample'])).toEqual({ task: 'sample' });
});

test('seasons are counted back from the last one', () => {
  const request = readRequest(
    '--out x --runs 3000 --seasons 3 --last-season 2020 --seed 4'.split(' '),
  );
  const settings = { firstSeason: 2018, seasons: 3, runs: 3000, seed: 4 };
  expect(request).toEqual({ task: 'simulate', out: 'x', format: 'csv', settings });
});

test.each([
  ['--runz 5', '--runz'],
  ['stray --out x', 'stray'],
  ['--out', '--out'],
  ['--runs 1e9 --out x', '--runs must be a whole number'],
  ['--runs 10 --out x', 'from 5000'],
  ['--seed -1 --out x', '--seed'],
  [
    '--format xml --out x',
    '--format must be one of csv, parquet, rpscrape, racing_schema, race_results',
  ],
  ['--runs 5000', '--out DIR is required'],
])('%s is refused in one line that names the mistake', (line, said) => {
  const read = () => readRequest(line.split(' '));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(said);
  expect(read).toThrow(/^[^\n]*$/);
});
