import { type Metric, meanMeasure } from './metric.ts';

/** Square root of the mean of (y−p)² over the rows, in the target's unit: scikit-learn's `root_mean_squared_error`. */
export const rootMeanSquaredError: Metric = {
  name: 'rmse',
  title: 'root mean squared error',
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, { y, days }) => {
    const meanSquare = meanMeasure(days.count, (add) => {
      for (let row = 0; row < p.length; row += 1) {
        add(days.of[row] as number, ((y[row] as number) - (p[row] as number)) ** 2, 1);
      }
    });
    return (times) => Math.sqrt(meanSquare(times));
  },
};
