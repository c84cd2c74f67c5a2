import { type Metric, rowMean } from './metric.ts';

/** Square root of the mean of (y−p)² over the rows, in the target's unit: scikit-learn's `root_mean_squared_error`. */
export const rootMeanSquaredError: Metric = {
  name: 'rmse',
  title: 'root mean squared error',
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, rows) => {
    const meanSquare = rowMean(rows, (row) => ((rows.y[row] as number) - (p[row] as number)) ** 2);
    return (times) => Math.sqrt(meanSquare(times));
  },
};
