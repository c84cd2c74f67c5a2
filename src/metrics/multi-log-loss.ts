import { CLIP } from './log-loss.ts';
import { type Metric, rowMean } from './metric.ts';

/** Mean of −ln p of the class that came, p at least 1e−15: scikit-learn's `log_loss` of several classes. */
export const multiLogLoss: Metric = {
  name: 'multi_log_loss',
  title: 'log loss of the class that came',
  target: 'classes',
  better: 'lower',
  takes: 'probability',
  prepare: (p, rows) =>
    rowMean(rows, (row) => {
      const own = p[row * rows.outputs + (rows.y[row] as number)] as number;
      return -Math.log(Math.min(Math.max(own, CLIP), 1 - CLIP));
    }),
};
