import { type Metric, rowMean } from './metric.ts';

/** Mean of |y−p| over the rows, in the target's unit: scikit-learn's `mean_absolute_error`. */
export const meanAbsoluteError: Metric = {
  name: 'mae',
  title: 'mean absolute error',
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, rows) =>
    rowMean(rows, (row) => Math.abs((rows.y[row] as number) - (p[row] as number))),
};
