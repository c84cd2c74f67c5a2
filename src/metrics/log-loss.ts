import { type Metric, rowMean } from './metric.ts';

/** Probabilities are kept this far from 0 and 1, so that one sure miss costs 34.5 and not infinity. */
export const CLIP = 1e-15;

/** −(y ln p + (1−y) ln(1−p)), p clipped to [1e−15, 1−1e−15]; natural logarithm, so in nats. */
export function logLossOf(p: number, y: number): number {
  const clipped = Math.min(Math.max(p, CLIP), 1 - CLIP);
  return y === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
}

/** Mean of −(y ln p + (1−y) ln(1−p)) over the rows: scikit-learn's `log_loss`. */
export const logLoss: Metric = {
  name: 'log_loss',
  title: 'log loss',
  target: 'binary',
  better: 'lower',
  takes: 'probability',
  prepare: (p, rows) => rowMean(rows, (row) => logLossOf(p[row] as number, rows.y[row] as number)),
};
