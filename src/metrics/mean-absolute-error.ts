import { type Metric, meanMeasure } from './metric.ts';

/** Mean of |y−p| over the rows, in the target's unit: scikit-learn's `mean_absolute_error`. */
export const meanAbsoluteError: Metric = {
  name: 'mae',
  title: 'mean absolute error',
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, { y, days }) =>
    meanMeasure(days.count, (add) => {
      for (let row = 0; row < p.length; row += 1) {
        add(days.of[row] as number, Math.abs((y[row] as number) - (p[row] as number)), 1);
      }
    }),
};
