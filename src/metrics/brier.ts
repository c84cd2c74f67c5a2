import { type Metric, meanMeasure } from './metric.ts';

/** Mean of (p−y)² over the rows: scikit-learn's `brier_score_loss`. Brier 1950. */
export const brier: Metric = {
  name: 'brier',
  title: 'Brier score',
  target: 'binary',
  better: 'lower',
  takes: 'probability',
  prepare: (p, { y, days }) =>
    meanMeasure(days.count, (add) => {
      for (let row = 0; row < p.length; row += 1) {
        const error = (p[row] as number) - (y[row] as number);
        add(days.of[row] as number, error * error, 1);
      }
    }),
};
