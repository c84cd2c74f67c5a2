import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../core/row-groups.ts';
import { actualOverExpected } from './actual-over-expected.ts';
import { calibrationTable } from './calibration-table.ts';
import { evaluate } from './evaluate.ts';
import { metrics } from './index.ts';
import { judgedRows } from './judged-rows.ts';
import { ks } from './kolmogorov-smirnov.ts';
import { eachDayOnce } from './metric.ts';
import { psi } from './population-stability.ts';

const metricOf = (
  name: string,
  p: readonly number[],
  y: readonly number[],
  race: readonly number[] = p.map(() => 0),
): number => {
  const rows = judgedRows({ y, race, day: race });
  return metrics.get(name).prepare(Float64Array.from(p), rows)(eachDayOnce(rows.days.count));
};

describe('by hand', () => {
  it.each([
    // −(ln .8 + ln .5)/2 and ((.2)² + (.5)²)/2
    ['log_loss', [0.8, 0.5], [1, 0], undefined, 0.4581453659370776],
    ['brier', [0.8, 0.5], [1, 0], undefined, 0.145],
    // A sure miss: −ln 1e−15
    ['log_loss', [0], [1], undefined, 34.538776394910684],
    // Pairs: (.5,.5) tie, (.5,.2) right
    ['auc', [0.5, 0.5, 0.2], [1, 0, 0], undefined, 0.75],
    // Race 0: 1 pair of 1 right; race 1: 1 of 3: pooled 2/4, mean of 1 and 1/3
    [
      'within_race_auc',
      [0.6, 0.4, 0.2, 0.1, 0.3, 0.4],
      [1, 0, 1, 0, 0, 0],
      [0, 0, 1, 1, 1, 1],
      0.5,
    ],
    [
      'within_race_auc_mean',
      [0.6, 0.4, 0.2, 0.1, 0.3, 0.4],
      [1, 0, 1, 0, 0, 0],
      [0, 0, 1, 1, 1, 1],
      2 / 3,
    ],
    // Two share the top of race 0 and one won: ½; the top of race 1 lost
    ['top_pick', [0.4, 0.4, 0.2, 0.7, 0.3], [0, 1, 0, 0, 1], [0, 0, 0, 1, 1], 0.25],
    // A dead heat: both of the tied picks won
    ['top_pick', [0.4, 0.4, 0.2], [1, 1, 0], [0, 0, 0], 1],
    // −ln(.2/.8), for probabilities that sum to .8
    ['race_log_loss', [0.2, 0.6], [1, 0], [0, 0], 1.3862943611198906],
    // Dead heat: (−ln .5 − ln .25)/2; the race without a winner is left out
    ['race_log_loss', [0.5, 0.25, 0.25, 0.9], [1, 1, 0, 0], [0, 0, 0, 1], 1.0397207708399179],
    // 12 rows in 10 bins: the first two hold two rows: (2·|½−.1| + 2·|0−.1| + 8·|0−.1|)/12
    [
      'ece',
      Array.from({ length: 12 }, () => 0.1),
      [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      undefined,
      0.15,
    ],
  ] as const)('%s of %j with results %j', (name, p, y, race, expected) => {
    expect(metricOf(name, p, y, race)).toBeCloseTo(expected, 14);
  });

  it.each([
    ['auc', [0.1, 0.2], [0, 0]],
    ['within_race_auc', [0.1, 0.2], [1, 1]],
    ['within_race_auc_mean', [0.1, 0.2], [0, 0]],
    ['race_log_loss', [0.1, 0.2], [0, 0]],
  ] as const)('%s has no value when results %j leave nothing to compare', (name, p, y) => {
    expect(metricOf(name, p, y)).toBeNaN();
  });
});

const field = fc
  .array(fc.record({ p: fc.integer({ min: 1, max: 99 }), y: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 2,
    maxLength: 40,
  })
  .filter((rows) => rows.some(({ y }) => y === 1) && rows.some(({ y }) => y === 0));

describe('for any predictions', () => {
  const binary = metrics.all().filter(({ target }) => target === 'binary');
  const ordered = binary.filter(({ takes }) => takes === 'score');

  it.each(ordered)('$name sees only their order', ({ name }) => {
    fc.assert(
      fc.property(field, (rows) => {
        const y = rows.map((row) => row.y);
        const p = rows.map((row) => row.p / 100);
        expect(
          metricOf(
            name,
            p.map((value) => 3 * Math.log(value) - 1),
            y,
          ),
        ).toBe(metricOf(name, p, y));
      }),
    );
  });

  it.each(['auc', 'within_race_auc', 'within_race_auc_mean'])(
    '%s turned round is 1 less it',
    (name) => {
      fc.assert(
        fc.property(field, (rows) => {
          const y = rows.map((row) => row.y);
          const p = rows.map((row) => row.p);
          const turned = metricOf(
            name,
            p.map((value) => -value),
            y,
          );
          expect(turned + metricOf(name, p, y)).toBeCloseTo(1, 12);
        }),
      );
    },
  );

  it.each(binary)('$name does not depend on the order of rows without ties', ({ name }) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 4, maxLength: 30 }),
        (ps) => {
          const p = ps.map((value) => value / 1000);
          const y = p.map((_, i) => (i % 3 === 0 ? 1 : 0));
          const race = p.map((_, i) => i % 2);
          const back = (column: readonly number[]) => column.toReversed();
          expect(metricOf(name, back(p), back(y), back(race))).toBeCloseTo(
            metricOf(name, p, y, race),
            12,
          );
        },
      ),
    );
  });

  it.each(['log_loss', 'brier'])('%s of a constant is least at the rate', (name) => {
    fc.assert(
      fc.property(field, fc.integer({ min: 1, max: 99 }), (rows, percent) => {
        const y = rows.map((row) => row.y);
        const rate = y.reduce((sum, won) => sum + won, 0) / y.length;
        const at = (constant: number) =>
          metricOf(
            name,
            y.map(() => constant),
            y,
          );
        expect(at(rate)).toBeLessThanOrEqual(at(percent / 100) + 1e-12);
      }),
    );
  });
});

describe('refuses', () => {
  it.each([
    [{ y: [], race: [], day: [] }, 'there are no rows to judge predictions on'],
    [{ y: [0, 2], race: [1, 1], day: [1, 1] }, 'the target of row 2 is 2'],
    [{ y: [Number.NaN], race: [1], day: [1] }, 'the target of row 1 is NaN'],
    [{ y: [0, 1], race: ['R7', 'R7'], day: [1, 2] }, 'race R7 has rows on two days'],
  ])('%j', (columns, message) => {
    expect(() => judgedRows(columns)).toThrow(message);
  });

  it('a target that is no number, and a metric of another target', () => {
    const columns = { y: [2.5, Number.POSITIVE_INFINITY], race: [1, 1], day: [1, 1] };
    expect(() => judgedRows(columns, 'number')).toThrow('the target of row 2 is Infinity');
    const rows = judgedRows({ ...columns, y: [2.5, 3] }, 'number');
    const chosen = [metrics.get('auc')];
    expect(() =>
      evaluate(new Map([['model', Float64Array.of(1, 2)]]), rows, { seed: 1, chosen }),
    ).toThrow("metric 'auc' is for a binary target");
  });
});

describe('tables', () => {
  it('calibration: bins of equal count with what was said and what came', () => {
    const p = Float64Array.of(0.5, 0.1, 0.3, 0.2, 0.4);
    expect(calibrationTable(p, [1, 0, 1, 0, 0], 2)).toEqual([
      {
        rows: 3,
        lowest: 0.1,
        highest: 0.3,
        meanPrediction: expect.closeTo(0.2, 15),
        meanTarget: 1 / 3,
      },
      { rows: 2, lowest: 0.4, highest: 0.5, meanPrediction: 0.45, meanTarget: 0.5 },
    ]);
    expect(calibrationTable(new Float64Array(), [])).toEqual([]);
  });

  it('A/E: winners over expected winners by band of price, rows without a price in none', () => {
    const table = actualOverExpected(
      {
        y: [1, 0, 0, 1, 1],
        expected: Float64Array.of(0.5, 0.3, 0.2, 0.25, 0.5),
        odds: Float64Array.of(1.9, 2, 3.99, 4, Number.NaN),
        days: groupRows([1, 1, 2, 2, 2]),
      },
      { seed: 1 },
      [1, 2, 4],
    );
    expect(
      table.map(({ from, to, rows, actual, expected }) => [from, to, rows, actual, expected]),
    ).toEqual([
      [1, 2, 1, 1, 0.5],
      [2, 4, 2, 0, 0.5],
      [4, Number.POSITIVE_INFINITY, 1, 1, 0.25],
    ]);
    expect(table.map(({ ratio }) => ratio.value)).toEqual([2, 0, 4]);
  });

  it('drift of nothing has no value', () => {
    expect(psi(new Float64Array(), Float64Array.of(1))).toBeNaN();
    expect(ks(Float64Array.of(Number.NaN), Float64Array.of(1))).toEqual({
      statistic: Number.NaN,
      pValue: Number.NaN,
    });
  });
});
