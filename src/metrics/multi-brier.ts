import { type Metric, rowMean } from './metric.ts';

/** Mean of Σ(p−y)² over the classes, y 1 for the one that came: Brier 1950, 0 to 2; scikit-learn's `brier_score_loss` of several classes. */
export const multiBrier: Metric = {
  name: 'multi_brier',
  title: 'Brier score over the classes',
  target: 'classes',
  better: 'lower',
  takes: 'probability',
  prepare: (p, rows) =>
    rowMean(rows, (row) => {
      let sum = 0;
      for (let one = 0; one < rows.outputs; one += 1) {
        const came = rows.y[row] === one ? 1 : 0;
        sum += ((p[row * rows.outputs + one] as number) - came) ** 2;
      }
      return sum;
    }),
};
