import { expect, test } from 'vitest';
import { testConfig } from './config-schemas.ts';
import { judge } from './judge.ts';

const verdict = (failures: number, config: Record<string, unknown>) =>
  judge(failures, testConfig.parse(config));

test.each([
  [0, {}, 'pass'],
  [2, {}, 'fail'],
  [2, { severity: 'warn' }, 'warn'],
  [2, { error_if: '> 2' }, 'warn'],
  [3, { error_if: '> 2' }, 'fail'],
  [2, { error_if: '>10', warn_if: '>= 3' }, 'pass'],
  [0, { error_if: '< 1' }, 'fail'],
  [2, { severity: 'info' }, 'pass'],
])('%i failures with %o: %s', (failures, config, status) => {
  expect(verdict(failures, config).status).toBe(status);
});

test.each([
  [1, 100, { error_if: '> 1%' }, 'warn'],
  [2, 100, { error_if: '> 1%', warn_if: '> 0.5%' }, 'fail'],
  [1, 1000, { error_if: '> 1%', warn_if: '> 0.5%' }, 'pass'],
  [5, 1000, { warn_if: '>= 0.5 %', error_if: '>= 2%' }, 'warn'],
  [0, 0, { error_if: '> 0%', warn_if: '> 0%' }, 'pass'],
  [3, 0, { error_if: '> 50%', warn_if: '> 2' }, 'warn'],
])('%i failures of %i rows with %o: %s', (failures, total, config, status) => {
  expect(judge(failures, testConfig.parse(config), total).status).toBe(status);
});

test('a share is told with the rows it is of', () => {
  const config = testConfig.parse({ error_if: '> 1%' });
  expect(judge(30, config, 200).message).toBe('Got 30 results of 200, configured to fail if > 1%');
});

test('info passes, and tells', () => {
  const told = verdict(2, { severity: 'INFO' }).message;
  expect(told).toBe('Got 2 results, configured to tell if != 0');
  expect(verdict(0, { severity: 'info' }).message).toBe('');
});

test.each(['1%', '> %', '> 1.5', '> 1.%'])('%s is no threshold', (error_if) => {
  expect(testConfig.safeParse({ error_if }).success).toBe(false);
});

test("says it in dbt's words", () => {
  expect(verdict(1, {}).message).toBe('Got 1 result, configured to fail if != 0');
  expect(verdict(2, { severity: 'WARN', warn_if: '>1' }).message).toBe(
    'Got 2 results, configured to warn if >1',
  );
});
