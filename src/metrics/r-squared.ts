import { eachDayOnce, type Metric, rowMean } from './metric.ts';

/**
 * 1 − Σ(y−p)²/Σ(y−ȳ)², ȳ the mean of the rows judged: scikit-learn's `r2_score`. 0 for ȳ itself, below 0 for worse. NaN
 * when the target is the same in all rows.
 */
export const rSquared: Metric = {
  name: 'r2',
  title: 'share of the variance explained',
  target: 'number',
  better: 'higher',
  takes: 'score',
  prepare: (p, rows) => {
    const { y, days } = rows;
    const meanOf = (value: (row: number) => number) => rowMean(rows, value);
    // From the mean of all days: squares of a large target would leave no digits for its variance.
    const centre = meanOf((row) => y[row] as number)(eachDayOnce(days.count));
    const mean = meanOf((row) => (y[row] as number) - centre);
    const square = meanOf((row) => ((y[row] as number) - centre) ** 2);
    const error = meanOf((row) => ((y[row] as number) - (p[row] as number)) ** 2);
    return (times) => {
      const variance = square(times) - mean(times) ** 2;
      return variance > 0 ? 1 - error(times) / variance : Number.NaN;
    };
  },
};
