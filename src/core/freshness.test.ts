import { expect, test } from 'vitest';
import { judgeAge, limitsOf, NEVER_LOADED } from './freshness.ts';

const config = {
  freshness: {
    warn_after: { count: 90, period: 'minute' },
    error_after: { count: 2, period: 'day' },
    filter: null,
  },
};
const MINUTE = 60_000;

test.each([
  [0, 'pass'],
  [90 * MINUTE, 'pass'],
  [90 * MINUTE + 1, 'warn'],
  [2 * 24 * 60 * MINUTE, 'warn'],
  [2 * 24 * 60 * MINUTE + 1, 'error'],
  [-NEVER_LOADED, 'error'],
])('rows of %i ms ago: %s', (age, status) => {
  const limits = limitsOf(config);
  expect(limits && judgeAge(age, limits)).toBe(status);
});

test.each([
  [{}],
  [{ freshness: null }],
  [{ freshness: { warn_after: { count: null, period: null }, error_after: {} } }],
])('%j sets no limit', (none) => {
  expect(limitsOf(none)).toBeUndefined();
});
