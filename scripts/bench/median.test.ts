import { expect, test } from 'vitest';
import { median } from './median.ts';

test('an odd number has a middle, an even one two', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 4, 1])).toBe(3);
  expect(median([7])).toBe(7);
});

test('values are compared as numbers and left in their order', () => {
  const values = [100, 9, 20];
  expect(median(values)).toBe(20);
  expect(values).toEqual([100, 9, 20]);
});

test('there is no median of nothing', () => {
  expect(() => median([])).toThrow(RangeError);
});
