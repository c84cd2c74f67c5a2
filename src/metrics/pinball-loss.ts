import { type Metric, rowMean } from './metric.ts';

/**
 * Mean over the rows of alpha·(y−p) where the target is above, (1−alpha)·(p−y) where it is below: scikit-learn's
 * `mean_pinball_loss`. Lowest for the alpha-quantile; of .5 half the mean absolute error.
 */
export const pinballLoss = (alpha: number): Metric => ({
  name: 'pinball',
  title: `pinball loss of the ${alpha}-quantile`,
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, rows) =>
    rowMean(rows, (row) => {
      const above = (rows.y[row] as number) - (p[row] as number);
      return above > 0 ? alpha * above : (alpha - 1) * above;
    }),
});
