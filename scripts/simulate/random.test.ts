import { expect, test } from 'vitest';
import { createRandom, pickWeighted, shuffled } from './random.ts';

const DRAWS = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
  return { mean, variance };
}

test('equal keys give equal streams, any other key another', () => {
  const first = (...keys: number[]) => {
    const random = createRandom(...keys);
    return Array.from({ length: 8 }, random.uniform);
  };
  expect(first(7, 1, 2)).toEqual(first(7, 1, 2));
  const streams = [first(7), first(8), first(7, 1), first(1, 7), first(7, 1, 2), first(7, 2, 1)];
  expect(new Set(streams.map((stream) => stream.join())).size).toBe(streams.length);
});

test('the distributions have their textbook mean and variance', () => {
  const random = createRandom(3);
  const uniform = moments(random.uniform);
  expect(uniform.mean).toBeCloseTo(1 / 2, 1.8);
  expect(uniform.variance).toBeCloseTo(1 / 12, 2);
  const normal = moments(() => random.normal(5, 2));
  expect(Math.abs(normal.mean - 5)).toBeLessThan(0.05);
  expect(Math.abs(normal.variance - 4)).toBeLessThan(0.15);
  const gumbel = moments(() => random.gumbel(1));
  expect(Math.abs(gumbel.mean - 0.5772)).toBeLessThan(0.03);
  expect(Math.abs(gumbel.variance - Math.PI ** 2 / 6)).toBeLessThan(0.08);
  const wait = moments(() => random.wait(3));
  expect(Math.abs(wait.mean - 3)).toBeLessThan(0.08);
  expect(Math.abs(wait.variance - 9)).toBeLessThan(0.5);
});

test('weights are the odds of being picked', () => {
  const random = createRandom(4);
  const heavy = moments(() => (pickWeighted(random, [1, 3], (weight) => weight) === 3 ? 1 : 0));
  expect(Math.abs(heavy.mean - 0.75)).toBeLessThan(0.01);
});

test('shuffling keeps the items and favours no place', () => {
  const random = createRandom(5);
  const place = moments(() => shuffled(random, [0, 1, 2, 3, 4]).indexOf(0));
  expect(Math.abs(place.mean - 2)).toBeLessThan(0.04);
  expect(shuffled(random, [1, 2, 3]).sort()).toEqual([1, 2, 3]);
});
