import { expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { bootstrap, estimate, pairedDifference } from './bootstrap.ts';
import { evaluate } from './evaluate.ts';
import { metrics } from './index.ts';
import { judgedRows } from './judged-rows.ts';
import { meanMeasure } from './metric.ts';

const random = seededRandom(11);
const DAYS = 200;
const chosen = metrics.all().filter(({ target }) => target === 'binary');
const perDay = Array.from({ length: DAYS }, () => random());
const mean = meanMeasure(DAYS, (add) => {
  for (const [day, value] of perDay.entries()) add(day, value, 1);
});

it('the interval of a mean of days is that of theory, σ/√n to each side', () => {
  const [sample] = bootstrap([mean], DAYS, { draws: 4000, seed: 5 });
  const { value, lower, upper } = estimate(sample as NonNullable<typeof sample>);
  const variance = perDay.reduce((sum, day) => sum + (day - value) ** 2, 0) / DAYS;
  const halfWidth = 1.96 * Math.sqrt(variance / DAYS);
  for (const side of [upper - value, value - lower]) {
    expect(side / halfWidth).toBeGreaterThan(0.93);
    expect(side / halfWidth).toBeLessThan(1.07);
  }
});

it('the same seed gives the same draws, another others', () => {
  const draws = (seed: number) => [...(bootstrap([mean], DAYS, { seed })[0]?.draws ?? [])];
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
  expect(draws(1)).toHaveLength(1000);
});

it('differences are paired: a shift that is the same on all days has no width', () => {
  const shifted = meanMeasure(DAYS, (add) => {
    for (const [day, value] of perDay.entries()) add(day, value + 0.25, 1);
  });
  const [a, b] = bootstrap([shifted, mean], DAYS, { seed: 3 });
  const { value, lower, upper } = estimate(
    pairedDifference(a as NonNullable<typeof a>, b as NonNullable<typeof b>),
  );
  for (const end of [value, lower, upper]) expect(end).toBeCloseTo(0.25, 12);
});

it('one day has a value and no interval', () => {
  const rows = judgedRows({ y: [1, 0], race: [1, 1], day: [1, 1] });
  const evaluation = evaluate(new Map([['model', Float64Array.of(0.7, 0.3)]]), rows, {
    seed: 1,
    chosen,
  });
  const auc = evaluation.get('model')?.get('auc');
  expect(estimate(auc as NonNullable<typeof auc>)).toEqual({
    value: 1,
    lower: Number.NaN,
    upper: Number.NaN,
  });
});

it('draws without a winner are left out of the interval', () => {
  const rows = judgedRows({ y: [1, 0, 0, 0], race: [1, 1, 2, 2], day: [1, 1, 2, 2] });
  const evaluation = evaluate(new Map([['model', Float64Array.of(0.7, 0.3, 0.9, 0.2)]]), rows, {
    seed: 1,
    chosen,
  });
  const auc = evaluation.get('model')?.get('auc');
  // By hand: both days once: winner above 2 of 3; day 1 alone: above its 1 of 1; day 2 alone: no winner.
  expect(new Set(auc?.draws)).toEqual(new Set([2 / 3, 1, Number.NaN]));
  expect(estimate(auc as NonNullable<typeof auc>)).toEqual({
    value: 2 / 3,
    lower: 2 / 3,
    upper: 1,
  });
});

it('predictions that cannot be judged are named with their model and row', () => {
  const rows = judgedRows({ y: [1, 0], race: [1, 1], day: [1, 1] });
  const judge = (p: Float64Array) => () =>
    evaluate(new Map([['market', p]]), rows, { seed: 1, chosen });
  expect(judge(Float64Array.of(0.5, Number.NaN))).toThrow(
    'the probability that market gives row 2 is NaN',
  );
  expect(judge(Float64Array.of(1.5, 0.5))).toThrow(
    'the probability that market gives row 1 is 1.5',
  );
  expect(judge(Float64Array.of(0.5))).toThrow('1 predictions of market for 2 rows');
});
