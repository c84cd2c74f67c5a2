import { likeliest } from '../core/likeliest.ts';
import { type Metric, rowMean } from './metric.ts';

/** The share of rows whose likeliest class came, the first of equals: scikit-learn's `accuracy_score` of the argmax. */
export const accuracy: Metric = {
  name: 'accuracy',
  title: 'share of rows whose likeliest class came',
  target: 'classes',
  better: 'higher',
  takes: 'score',
  prepare: (p, rows) => {
    const chosen = likeliest(p, rows.outputs);
    return rowMean(rows, (row) => (chosen[row] === rows.y[row] ? 1 : 0));
  },
};
