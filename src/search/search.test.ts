import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { densityAt, drawFrom, parzenOf } from './parzen.ts';
import {
  bestTrial,
  isResumable,
  nextParams,
  type SearchState,
  searchEnd,
  withTrial,
} from './search.ts';
import { type Params, readSearchSpace, unitOf, valueAt } from './search-space.ts';

const space = readSearchSpace({
  learning_rate: { low: 0.001, high: 1, log: true },
  num_leaves: { low: 4, high: 255, integer: true },
  boosting: { choices: ['gbdt', 'dart', 'goss'] },
});
const started = (method: string, seed: number): SearchState => ({
  space,
  method,
  seed,
  better: 'lower',
  trials: [],
});

/** Least, 0, at a learning rate of .05 with 63 leaves and dart. */
const loss = ({ learning_rate, num_leaves, boosting }: Params): number =>
  Math.log10(Number(learning_rate) / 0.05) ** 2 +
  ((Number(num_leaves) - 63) / 100) ** 2 +
  (boosting === 'dart' ? 0 : 0.3);

function search(state: SearchState, trials: number): SearchState {
  let now = state;
  for (let i = 0; i < trials; i += 1) {
    const params = nextParams(now);
    now = withTrial(now, { params, value: loss(params), seconds: 1 });
  }
  return now;
}

describe.each(['random', 'tpe'])('%s', (method) => {
  it('goes on from JSON as if it had not been stopped', () => {
    const stopped = JSON.parse(JSON.stringify(search(started(method, 3), 17))) as SearchState;
    expect(search(stopped, 13)).toEqual(search(started(method, 3), 30));
  });

  it('stays in its space, and another seed tries others', () => {
    const { trials } = search(started(method, 5), 60);
    for (const { params } of trials) {
      expect(params['learning_rate']).toBeGreaterThanOrEqual(0.001);
      expect(params['learning_rate']).toBeLessThanOrEqual(1);
      expect(Number.isInteger(params['num_leaves'])).toBe(true);
      expect(params['num_leaves']).toBeGreaterThanOrEqual(4);
      expect(params['num_leaves']).toBeLessThanOrEqual(255);
      expect(['gbdt', 'dart', 'goss']).toContain(params['boosting']);
    }
    const others = search(started(method, 6), 10).trials.map(({ params }) =>
      JSON.stringify(params),
    );
    expect(trials.filter(({ params }) => others.includes(JSON.stringify(params)))).toEqual([]);
  });

  it('lives with trials that failed', () => {
    let state = started(method, 1);
    for (let i = 0; i < 15; i += 1)
      state = withTrial(state, { params: nextParams(state), value: null, seconds: 1 });
    expect(bestTrial(state)).toBeUndefined();
    expect(nextParams(state)).toHaveProperty('boosting');
  });
});

it('TPE finds better parameters than random draws, in the median of 15 seeds', () => {
  const found = (method: string) =>
    Array.from(
      { length: 15 },
      (_, seed) => bestTrial(search(started(method, 100 + seed), 60))?.value ?? Number.NaN,
    ).toSorted((a, b) => a - b)[7] as number;
  expect(found('tpe')).toBeLessThan(found('random') / 2);
});

it('random draws of a logarithmic range are even in the logarithm', () => {
  const { trials } = search(started('random', 9), 600);
  const below = trials.filter(({ params }) => Number(params['learning_rate']) < 0.01).length;
  expect(below / 600).toBeGreaterThan(0.28); // 1/3 by hand
  expect(below / 600).toBeLessThan(0.39);
});

describe('a range', () => {
  it('finds every value again, and each integer has a share', () => {
    const range = fc.record({
      low: fc.integer({ min: 1, max: 50 }),
      width: fc.integer({ min: 1, max: 200 }),
      log: fc.boolean(),
      integer: fc.boolean(),
    });
    fc.assert(
      fc.property(
        range,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ low, width, log, integer }, unit) => {
          const ends = { low, high: low + width, log, integer };
          const value = valueAt(ends, unit);
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(low + width);
          expect(valueAt(ends, unitOf(ends, value))).toBeCloseTo(value, 9);
        },
      ),
    );
  });
});

describe('a Parzen estimator', () => {
  const mixture = parzenOf([0.2, 0.25, 0.9]);

  it('is a density over [0, 1]', () => {
    const steps = 2000;
    const area = Array.from(
      { length: steps },
      (_, i) => densityAt(mixture, (i + 0.5) / steps) / steps,
    ).reduce((sum, slice) => sum + slice, 0);
    expect(area).toBeCloseTo(1, 5);
  });

  it('is drawn from as dense as it is', () => {
    const random = seededRandom(4);
    const draws = Array.from({ length: 20_000 }, () => drawFrom(mixture, random));
    const share = draws.filter((draw) => draw < 0.5).length / draws.length;
    const area = Array.from(
      { length: 1000 },
      (_, i) => densityAt(mixture, (i + 0.5) / 2000) / 2000,
    ).reduce((sum, slice) => sum + slice, 0);
    expect(Math.abs(share - area)).toBeLessThan(0.015);
  });
});

describe('the budget', () => {
  const trial = (value: number | null, seconds = 10) => ({ params: {}, value, seconds });
  const state = [trial(3), trial(1), trial(2), trial(null), trial(1)].reduce(
    withTrial,
    started('random', 1),
  );

  it.each([
    [{ trials: 5 }, 'trials'],
    [{ trials: 6 }, undefined],
    [{ seconds: 50 }, 'seconds'],
    [{ seconds: 51, trials: 9 }, undefined],
    // The second was best and the last as good: three without a better
    [{ patience: 3 }, 'patience'],
    [{ patience: 4 }, undefined],
  ] as const)('%j: %s', (budget, end) => {
    expect(searchEnd(state, budget)).toBe(end);
  });

  it('the best is the earliest of equals, or the highest where higher is better', () => {
    expect(bestTrial(state)).toBe(state.trials[1]);
    expect(bestTrial({ ...state, better: 'higher' })).toBe(state.trials[0]);
  });
});

it('a stored search is gone on with only when it is the one declared', () => {
  const state = search(started('tpe', 3), 2);
  const { learning_rate, num_leaves, boosting } = space;
  const turned = { boosting, num_leaves, learning_rate } as typeof space;
  expect(isResumable(state, { ...started('tpe', 3), space: turned })).toBe(true);
  expect(isResumable(state, started('tpe', 4))).toBe(false);
  expect(
    isResumable(state, {
      ...started('tpe', 3),
      space: { ...space, boosting: { choices: ['gbdt'] } },
    }),
  ).toBe(false);
});

it.each([
  [[], 'tune: the space names no parameter'],
  [{ a: 3 }, 'tune: a must be a mapping, not 3'],
  [{ a: { low: 1 } }, 'tune: a.high must be a number, not missing'],
  [{ a: { low: 3, high: 3 } }, 'tune: a.low 3 is not below its high 3'],
  [{ a: { low: 0, high: 3, log: true } }, 'tune: a.low is 0, and a logarithm needs more than 0'],
  [{ a: { low: 0.5, high: 3, integer: true } }, 'tune: a is integer, its ends 0.5 and 3 are not'],
  [
    { a: { choices: [] } },
    'tune: a.choices must be a list of numbers, texts or booleans that is not empty',
  ],
  [{ a: { choices: ['x'], low: 1 } }, 'tune: a has choices and a range'],
  [{ a: { lo: 1, high: 3 } }, "tune: a has no 'lo'"],
])('refuses the space %j', (spec, message) => {
  expect(() => readSearchSpace(spec)).toThrow(
    expect.objectContaining({ code: 'invalid-config', message }),
  );
});
