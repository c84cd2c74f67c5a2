import { expect, test } from 'vitest';
import { chooseDays } from './choose-days.ts';

const days = Array.from({ length: 100 }, (_, i) => i);

test('one day of each stretch, never the first or the last', () => {
  for (let seed = 0; seed < 50; seed++) {
    const chosen = chooseDays(days, 7, seed);
    expect(chosen).toHaveLength(7);
    chosen.forEach((day, i) => {
      expect(day).toBeGreaterThanOrEqual(1 + Math.floor((i * 98) / 7));
      expect(day).toBeLessThan(1 + Math.floor(((i + 1) * 98) / 7));
    });
  }
});

test('equal seeds choose alike, others do not', () => {
  expect(chooseDays(days, 5, 3)).toEqual(chooseDays(days, 5, 3));
  expect(chooseDays(days, 5, 4)).not.toEqual(chooseDays(days, 5, 3));
});

test('few days', () => {
  expect(chooseDays([], 3, 0)).toEqual([]);
  expect(chooseDays([8], 3, 0)).toEqual([8]);
  expect(chooseDays([8, 9], 3, 0)).toEqual([8, 9]);
  expect(chooseDays([8, 9, 10], 3, 0)).toEqual([9]);
});
