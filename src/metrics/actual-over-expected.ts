import type { RowGroups } from '../core/row-groups.ts';
import { type BootstrapOptions, bootstrap, type Estimate, estimate } from './bootstrap.ts';
import { meanMeasure } from './metric.ts';

/** Rows of one band of prices: `from` ≤ price < `to`. */
export interface PriceBand {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly actual: number;
  readonly expected: number;
  /** Σ won / Σ expected with its interval by day; NaN in a band without rows. */
  readonly ratio: Estimate;
}

/** Where bands of decimal odds end, unless said: evens, 3/1, 7/1, 15/1, 31/1. */
const ODDS_BANDS: readonly number[] = [1, 2, 4, 8, 16, 32];

export interface PricedRows {
  /** 0 or 1. */
  readonly y: ArrayLike<number>;
  /** The probability given to each row. */
  readonly expected: Float64Array;
  /** Decimal odds; rows without (NaN) and below the first band are in none. */
  readonly odds: Float64Array;
  readonly days: RowGroups;
}

/**
 * A/E by band of price: winners over the winners expected, 1 where the probabilities hold. `starts`: where bands
 * start, ascending; the last has no end.
 */
export function actualOverExpected(
  rows: PricedRows,
  options: BootstrapOptions,
  starts: readonly number[] = ODDS_BANDS,
): PriceBand[] {
  const bands = starts.map((from, i) => ({ from, to: starts[i + 1] ?? Number.POSITIVE_INFINITY }));
  const measures = bands.map(({ from, to }) =>
    meanMeasure(rows.days.count, (add) => {
      visitBand(rows, from, to, (row) =>
        add(rows.days.of[row] as number, rows.y[row] as number, rows.expected[row] as number),
      );
    }),
  );
  const samples = bootstrap(measures, rows.days.count, options);
  return bands.map((band, i) => {
    const sample = samples[i];
    return {
      ...band,
      ...totals(rows, band),
      ratio: estimate(sample as NonNullable<typeof sample>),
    };
  });
}

function visitBand(
  { odds }: PricedRows,
  from: number,
  to: number,
  visit: (row: number) => void,
): void {
  for (let row = 0; row < odds.length; row += 1) {
    const price = odds[row] as number;
    if (price >= from && price < to) visit(row);
  }
}

function totals(rows: PricedRows, { from, to }: Pick<PriceBand, 'from' | 'to'>) {
  const sum = { rows: 0, actual: 0, expected: 0 };
  visitBand(rows, from, to, (row) => {
    sum.rows += 1;
    sum.actual += rows.y[row] as number;
    sum.expected += rows.expected[row] as number;
  });
  return sum;
}
