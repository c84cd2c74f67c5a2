import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { chanceBand, groupSignal } from './group-signal.ts';

const NONE = Number.NaN;

/** Every way to give `ones` ones to `count` rows. */
function deals(count: number, ones: number): number[][] {
  if (count === 0) return ones === 0 ? [[]] : [];
  return [0, 1].flatMap((first) =>
    ones < first ? [] : deals(count - 1, ones - first).map((rest) => [first, ...rest]),
  );
}

test('the share of pairs in which the one has the higher value', () => {
  // Group 1: the one has 3 of 1, 2, 3, 3: above 1 and 2, equal to the other 3: 2.5 of 3 pairs.
  // Group 2: the one has the least of three: 0 of 2. Group 3 has no value at its one: no pair.
  const values = [1, 3, 2, 3, 5, 6, 7, 1, NONE];
  const isOne = [0, 1, 0, 0, 1, 0, 0, 0, 1];
  const groups = [1, 1, 1, 1, 2, 2, 2, 3, 3];
  const signal = groupSignal(values, isOne, groups);
  expect(signal.groups).toBe(2);
  expect(signal.telling).toBe(2);
  expect(signal.surplus).toBeCloseTo(2.5 / 3 - 0.5 + (0 - 0.5), 12);
});

test('equal values tell nothing; values equal to 9 decimals are', () => {
  const signal = groupSignal([0.1 + 0.2, 0.3, 0.3], [1, 0, 0], [1, 1, 1]);
  expect(signal).toEqual({ groups: 1, telling: 0, surplus: 0, variance: 0 });
});

test.each([
  { values: [1, 2, 3, 4, 5], ones: 1 },
  { values: [1, 1, 2, 2, 2, 9], ones: 1 },
  { values: [0, 0, 0, 1], ones: 1 },
  { values: [4, 4, 1, 7, 7, 7, 2], ones: 3 },
])('mean and variance over every deal of $ones among $values', ({ values, ones }) => {
  const groups = values.map(() => 1);
  const all = deals(values.length, ones).map((isOne) => groupSignal(values, isOne, groups));
  const mean = all.reduce((sum, { surplus }) => sum + surplus, 0) / all.length;
  const variance = all.reduce((sum, { surplus }) => sum + surplus ** 2, 0) / all.length;
  expect(mean).toBeCloseTo(0, 12);
  for (const signal of all) expect(signal.variance).toBeCloseTo(variance, 12);
});

test('by hand: one winner of two runners, two groups', () => {
  // Each AUC is 0 or 1, as likely: variance ¼ each.
  expect(groupSignal([1, 2, 8, 5], [0, 1, 1, 0], [1, 1, 2, 2])).toEqual({
    groups: 2,
    telling: 2,
    surplus: 1,
    variance: 0.5,
  });
});

test('the band of one comparison at 95 %, by hand', () => {
  // L = ln(2/0.05) = 3.688879; L/6 = 0.614813; √(0.614813² + 2 · 0.5 · 3.688879) = 2.016649.
  expect(chanceBand(0.5, { comparisons: 1, confidence: 0.95 })).toBeCloseTo(2.631462, 5);
});

test('chance stays inside: rare values in few groups, 2000 times', () => {
  const random = seededRandom(7);
  const outside = (races: number) => {
    const runners = 8;
    const rows = Array.from({ length: races * runners }, (_, row) => row);
    const groups = rows.map((row) => Math.floor(row / runners));
    const winners = Array.from({ length: races }, () => Math.floor(random() * runners));
    const isOne = rows.map((row) => Number(winners[Math.floor(row / runners)] === row % runners));
    const { surplus, variance } = groupSignal(
      rows.map(() => Number(random() < 0.05)),
      isOne,
      groups,
    );
    return Math.abs(surplus) > chanceBand(variance, { comparisons: 1, confidence: 0.95 });
  };
  const failures = Array.from({ length: 2000 }, (_, i) => outside(3 + (i % 40))).filter(Boolean);
  expect(failures.length / 2000).toBeLessThan(0.05);
});
