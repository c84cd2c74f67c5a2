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
])('%i failures with %o: %s', (failures, config, status) => {
  expect(verdict(failures, config).status).toBe(status);
});

test("says it in dbt's words", () => {
  expect(verdict(1, {}).message).toBe('Got 1 result, configured to fail if != 0');
  expect(verdict(2, { severity: 'WARN', warn_if: '>1' }).message).toBe(
    'Got 2 results, configured to warn if >1',
  );
});
