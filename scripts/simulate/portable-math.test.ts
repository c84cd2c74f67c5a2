import { expect, test } from 'vitest';
import { exp, log } from './portable-math.ts';

test('exp agrees with the engine to 1e-14 over its range', () => {
  for (let x = -690; x <= 690; x += 0.37) {
    expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14 * Math.max(1, Math.abs(x) / 10));
  }
  expect(exp(0)).toBe(1);
  expect(exp(-1000)).toBe(0);
});

test('log agrees with the engine to 1e-14 over its range', () => {
  for (let x = 1e-12; x < 1e12; x *= 1.37) {
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))));
  }
  expect(log(1)).toBe(0);
  expect(log(0)).toBeNaN();
});
