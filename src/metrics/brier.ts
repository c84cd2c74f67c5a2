import { type Metric, rowMean } from './metric.ts';

/** Mean of (p−y)² over the rows: scikit-learn's `brier_score_loss`. Brier 1950. */
export const brier: Metric = {
  name: 'brier',
  title: 'Brier score',
  target: 'binary',
  better: 'lower',
  takes: 'probability',
  prepare: (p, rows) => rowMean(rows, (row) => ((p[row] as number) - (rows.y[row] as number)) ** 2),
};
