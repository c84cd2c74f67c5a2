import { type Metric, rowMean } from './metric.ts';

/** Mean of |y−p|/|y| over the rows: scikit-learn's `mean_absolute_percentage_error`, as a share. NaN when a target is 0. */
export const meanAbsolutePercentageError: Metric = {
  name: 'mape',
  title: 'mean absolute error as a share of the target',
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, rows) =>
    rowMean(rows, (row) => {
      const y = rows.y[row] as number;
      return y === 0 ? Number.NaN : Math.abs((y - (p[row] as number)) / y);
    }),
};
