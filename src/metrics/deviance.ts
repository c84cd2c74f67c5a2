import { type Metric, rowMean } from './metric.ts';

/** Mean of a row's deviance; NaN when a prediction is not above 0, where a distribution of such a mean does not exist. */
const deviance = (name: string, title: string, of: (y: number, p: number) => number): Metric => ({
  name,
  title,
  target: 'number',
  better: 'lower',
  takes: 'score',
  prepare: (p, rows) =>
    rowMean(rows, (row) => {
      const prediction = p[row] as number;
      return prediction > 0 ? of(rows.y[row] as number, prediction) : Number.NaN;
    }),
});

/** Mean of 2(y ln(y/p) − y + p), of counts: scikit-learn's `mean_poisson_deviance`. */
export const poissonDeviance: Metric = deviance('poisson_deviance', 'Poisson deviance', poissonOf);

function poissonOf(y: number, p: number): number {
  return 2 * ((y === 0 ? 0 : y * Math.log(y / p)) - y + p);
}

/** Mean of 2(ln(p/y) + y/p − 1), of amounts above 0: scikit-learn's `mean_gamma_deviance`. NaN when a target is 0. */
export const gammaDeviance: Metric = deviance('gamma_deviance', 'gamma deviance', (y, p) =>
  y > 0 ? 2 * (Math.log(p / y) + y / p - 1) : Number.NaN,
);

/** `power` from 1 to below 2, between Poisson and gamma: scikit-learn's `mean_tweedie_deviance`. */
export const tweedieDeviance = (power: number): Metric =>
  deviance('tweedie_deviance', `Tweedie deviance of power ${power}`, (y, p) => {
    if (power === 1) return poissonOf(y, p);
    const [a, b] = [1 - power, 2 - power];
    return 2 * (y ** b / (a * b) - (y * p ** a) / a + p ** b / b);
  });
