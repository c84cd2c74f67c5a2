import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../core/row-groups.ts';
import { applyCalibration, type CalibrationRows, fitCalibration } from './fit-calibration.ts';
import { calibrators } from './index.ts';
import { normaliseWithin } from './normalise.ts';
import { poolAdjacentViolators } from './pool-adjacent-violators.ts';

const points = (most: number) =>
  fc.array(fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 1,
    maxLength: most,
  });

describe('pool adjacent violators', () => {
  it('by hand: 1, 0 pool to ½; the 1 above stays', () => {
    expect(poolAdjacentViolators(Float64Array.of(0.1, 0.2, 0.3), [1, 0, 1])).toEqual([
      { lowest: 0.1, highest: 0.2, size: 2, mean: 0.5 },
      { lowest: 0.3, highest: 0.3, size: 1, mean: 1 },
    ]);
  });

  it('rises strictly from block to block and keeps the sum', () => {
    fc.assert(
      fc.property(points(60), (rows) => {
        const blocks = poolAdjacentViolators(
          Float64Array.from(rows, ({ x }) => x),
          rows.map(({ y }) => y),
        );
        for (const [i, { mean, lowest }] of blocks.entries()) {
          const before = blocks[i - 1];
          if (!before) continue;
          expect(mean).toBeGreaterThan(before.mean);
          expect(lowest).toBeGreaterThan(before.highest);
        }
        const sum = blocks.reduce((total, { size, mean }) => total + size * mean, 0);
        expect(sum).toBeCloseTo(
          rows.reduce((total, { y }) => total + y, 0),
          9,
        );
      }),
    );
  });

  it('no monotone step function is nearer: against all of them', () => {
    fc.assert(
      fc.property(points(9), (rows) => {
        const blocks = poolAdjacentViolators(
          Float64Array.from(rows, ({ x }) => x),
          rows.map(({ y }) => y),
        );
        const ours = rows.reduce((sum, { x, y }) => {
          const block = blocks.find(({ lowest, highest }) => x >= lowest && x <= highest);
          return sum + (y - (block?.mean ?? Number.NaN)) ** 2;
        }, 0);
        expect(ours).toBeCloseTo(leastSquares(rows), 9);
      }),
    );
  });
});

/** The least sum of squares over all ways to cut the distinct x into neighbours whose means do not fall. */
function leastSquares(rows: readonly { readonly x: number; readonly y: number }[]): number {
  const xs = [...new Set(rows.map(({ x }) => x))].sort((a, b) => a - b);
  const best = (from: number, lowest: number): number => {
    if (from === xs.length) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let to = from + 1; to <= xs.length; to += 1) {
      const within = new Set(xs.slice(from, to));
      const ys = rows.filter(({ x }) => within.has(x)).map(({ y }) => y);
      const mean = ys.reduce((sum, y) => sum + y, 0) / ys.length;
      if (mean < lowest) continue;
      const own = ys.reduce((sum, y) => sum + (y - mean) ** 2, 0);
      least = Math.min(least, own + best(to, mean));
    }
    return least;
  };
  return best(0, 0);
}

/** `count` rows over nine days; `truth`: of ten rows with the same p, how many win. */
const rowsOfTen = (pairs: readonly (readonly [p: number, wins: number])[]): CalibrationRows => {
  const rows = Array.from({ length: 9 }, (_, day) =>
    pairs.flatMap(([p, wins]) =>
      Array.from({ length: 10 }, (__, i) => ({ p, y: i < wins ? 1 : 0, day })),
    ),
  ).flat();
  return {
    p: Float64Array.from(rows, ({ p }) => p),
    y: rows.map(({ y }) => y),
    day: Int32Array.from(rows, ({ day }) => day),
  };
};

describe('floor of isotonic', () => {
  const lowest = (pairs: readonly (readonly [number, number])[], floor?: number): number => {
    const calibration = fitCalibration('isotonic', rowsOfTen(pairs), { floor });
    return applyCalibration(calibration, Float64Array.of(0))[0] ?? Number.NaN;
  };

  it.each([
    [
      '90 rows without a winner: 1/180',
      [
        [0.1, 0],
        [0.5, 5],
      ],
      undefined,
      1 / 180,
    ],
    [
      '180 without: .003 is larger than 1/360',
      [
        [0.1, 0],
        [0.2, 0],
        [0.5, 5],
      ],
      undefined,
      0.003,
    ],
    [
      'a block with winners keeps its mean',
      [
        [0.1, 1],
        [0.5, 5],
      ],
      undefined,
      0.1,
    ],
    [
      'another floor',
      [
        [0.1, 0],
        [0.5, 5],
      ],
      0.02,
      0.02,
    ],
    [
      'none',
      [
        [0.1, 0],
        [0.5, 5],
      ],
      0,
      0,
    ],
  ] as const)('%s', (_, pairs, floor, expected) => {
    expect(lowest(pairs, floor)).toBeCloseTo(expected, 15);
  });

  it('a small block without a winner is not put above its neighbour', () => {
    const p = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5);
    const calibration = fitCalibration('isotonic', {
      p,
      y: [0, 1, 0, 0, 1],
      day: new Int32Array(5),
    });
    // 1/(2·1) would be ½; the block of three next to it has 1/3.
    expect([...applyCalibration(calibration, p)]).toEqual([1 / 3, 1 / 3, 1 / 3, 1 / 3, 1]);
  });
});

describe.each(calibrators.all())('$name', ({ name }) => {
  const rows = rowsOfTen([
    [0.05, 1],
    [0.2, 3],
    [0.5, 4],
    [0.8, 9],
  ]);

  it('is the same after JSON', () => {
    const calibration = fitCalibration(name, rows);
    const again = JSON.parse(JSON.stringify(calibration)) as typeof calibration;
    expect(again).toEqual(calibration);
    expect(applyCalibration(again, rows.p)).toEqual(applyCalibration(calibration, rows.p));
  });

  it('never falls, stays within 0 and 1, and keeps NaN', () => {
    const grid = Float64Array.from({ length: 101 }, (_, i) => i / 100);
    const curve = applyCalibration(fitCalibration(name, rows), grid);
    expect(curve.every((p, i) => p >= 0 && p <= 1 && p >= (curve[i - 1] ?? 0))).toBe(true);
    expect(applyCalibration(fitCalibration(name, rows), Float64Array.of(Number.NaN))).toEqual(
      Float64Array.of(Number.NaN),
    );
  });

  it('has finite probabilities when the results are told apart', () => {
    const p = Float64Array.of(0.1, 0.2, 0.7, 0.9);
    const fitted = fitCalibration(name, { p, y: [0, 0, 1, 1], day: new Int32Array(4) });
    expect(applyCalibration(fitted, p).every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('auto', () => {
  it('leaves probabilities alone that hold', () => {
    const calibration = fitCalibration(
      'auto',
      rowsOfTen([
        [0.1, 1],
        [0.5, 5],
        [0.8, 8],
      ]),
    );
    expect(calibration.tried?.map(({ method }) => method)).toEqual([
      'none',
      'platt',
      'beta',
      'isotonic',
    ]);
    // By hand: every day has the same rows, so isotonic is exact as none is, and none comes first.
    expect(calibration.method).toBe('none');
  });

  it('takes what fits a curve no line of log odds can, and refits on all days', () => {
    const rows = rowsOfTen([
      [0.1, 3],
      [0.3, 3],
      [0.5, 3],
      [0.7, 3],
      [0.72, 10],
    ]);
    const calibration = fitCalibration('auto', rows);
    expect(calibration.method).toBe('isotonic');
    expect(calibration.state).toEqual(fitCalibration('isotonic', rows).state);
  });

  it('judges on the later days alone', () => {
    // The first six days say p is twice too high, the last three that it holds.
    const early = rowsOfTen([
      [0.4, 2],
      [0.8, 4],
    ]);
    const late = rowsOfTen([
      [0.4, 4],
      [0.8, 8],
    ]);
    const y = Array.from(early.y).map((won, row) =>
      (early.day[row] ?? 0) < 6 ? won : (late.y[row] ?? 0),
    );
    expect(fitCalibration('auto', { ...early, y }).method).toBe('none');
  });
});

describe('refuses', () => {
  const day = Int32Array.of(1, 1);
  it.each([
    [
      'platt',
      { p: Float64Array.of(0.1, 0.2), y: [0, 0], day },
      'both results, 0 and 1; there are 0',
    ],
    [
      'platt',
      { p: Float64Array.of(0.1, 0.2), y: [0, 3], day },
      'both results, 0 and 1; there are 0, 3',
    ],
    ['beta', { p: Float64Array.of(0.1, 1.2), y: [0, 1], day }, 'the prediction of row 2 is 1.2'],
    [
      'beta',
      { p: Float64Array.of(Number.NaN, 0.2), y: [0, 1], day },
      'the prediction of row 1 is NaN',
    ],
    [
      'auto',
      { p: Float64Array.of(0.1, 0.2), y: [0, 1], day },
      "calibration 'auto' needs 3 days; the rows have 1",
    ],
    ['isotonc', { p: Float64Array.of(0.1, 0.2), y: [0, 1], day }, "unknown calibration 'isotonc'"],
  ])('%s of %j', (method, rows, message) => {
    expect(() => fitCalibration(method, rows)).toThrow(message);
  });
});

it('normalises within races: shares of the sum, the withdrawn left out, all 0 shared', () => {
  const p = Float64Array.of(0.2, 0.6, Number.NaN, 0, 0, 0.9);
  const shares = normaliseWithin(p, groupRows(['a', 'a', 'a', 'b', 'b', 'c']));
  expect([...shares]).toEqual([0.25, expect.closeTo(0.75, 15), Number.NaN, 0.5, 0.5, 1]);
});
