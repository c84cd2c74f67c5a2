import { describe, expect, it } from 'vitest';
import { openEstimatorTools } from '../estimators/estimator-tools.ts';
import { brier } from '../metrics/brier.ts';
import type { ModelBundle } from './model-bundle.ts';
import { permutationImportance } from './permutation-importance.ts';
import type { PermutationSettings } from './permutation-settings.ts';
import type { TrainingRows } from './read-training-rows.ts';

/** p = 1/(1 + e^(−2x)), nothing of `unused` nor of `shared` but a shift of 0. */
const column = (feature: number, coefficient: number) =>
  ({ feature, kind: 'value', mean: 0, deviation: 1, coefficient }) as const;
const text = JSON.stringify({
  format: 'velo logistic regression 1',
  l2: 1,
  intercept: 0,
  columns: [column(0, 2), column(1, 0), column(2, 1)],
});
const names = ['x', 'unused', 'shared'];
const schema = names.map(
  (name) => ({ name, kind: 'number', type: 'DOUBLE', nullRate: 0 }) as const,
);
const bundle: ModelBundle = {
  estimator: 'logistic_regression',
  objective: 'binary',
  features: schema,
  classes: undefined,
  normaliseWithin: undefined,
  calibration: { method: 'none', state: {} },
  main: { text, from: 0, to: undefined },
  folds: [],
};

/** Three days of two groups of two rows; `shared` is the same in a group. */
const X = [1, -1, 0.5, -0.2, 2, 0, -1, 1, 0.3, 0.4, -2, 1];
const WON = [1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1];
const SHARED = [1, 1, -1, -1, 0.5, 0.5, 0, 0, 2, 2, -2, -2];
const rows: TrainingRows = {
  rowCount: 12,
  features: [X, X.map((_, row) => row), SHARED].map((values, index) => ({
    name: names[index] as string,
    values: Float64Array.from(values),
  })),
  schema,
  target: Float64Array.from(WON),
  classes: undefined,
  days: Int32Array.from(X, (_, row) => Math.floor(row / 4)),
  groups: Int32Array.from(X, (_, row) => Math.floor(row / 2)),
  weight: undefined,
  price: undefined,
  identity: {},
  fingerprint: '',
};

const REPEATS = 4000;

async function importanceOf(within: PermutationSettings['within'], repeats = REPEATS) {
  await using estimators = openEstimatorTools({});
  const all = Int32Array.from(X, (_, row) => row);
  const report = await permutationImportance(
    bundle,
    rows,
    [{ model: bundle.main, rows: all }],
    { rows: 'test', repeats, metric: brier, within, seed: 3 },
    { target: 'binary' },
    { estimators, threads: 1, signal: undefined },
    () => undefined,
  );
  return new Map(report.features.map(({ feature, ...found }) => [feature, found]));
}

const p = (x: number, shared: number) => 1 / (1 + Math.exp(-(2 * x + shared)));
const error = (x: readonly number[], shared: readonly number[]): number =>
  x.reduce((sum, one, row) => sum + (p(one, shared[row] ?? 0) - (WON[row] ?? 0)) ** 2, 0) / 12;

describe('permutation importance', () => {
  it('within groups of two: on average half of what exchanging them costs', async () => {
    const exchanged = X.map((_, row) => X[row ^ 1] ?? 0);
    const expected = (error(exchanged, SHARED) - error(X, SHARED)) / 2;
    const found = await importanceOf('group');
    // 4,000 draws of six coins: .003 is four times their standard error.
    expect(Math.abs((found.get('x')?.value ?? 0) - expected)).toBeLessThan(0.003);
    expect(found.get('unused')?.value).toBe(0);
    expect(found.get('shared')).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it('among all rows: on average each row with the values of all', async () => {
    const each = X.flatMap((x, row) =>
      SHARED.map((shared) => (p(x, shared) - (WON[row] ?? 0)) ** 2),
    );
    const expected = each.reduce((sum, one) => sum + one, 0) / 144 - error(X, SHARED);
    const found = await importanceOf('all');
    expect(Math.abs((found.get('shared')?.value ?? 0) - expected)).toBeLessThan(0.003);
  });

  it('the same seed shuffles the same', async () => {
    expect(await importanceOf('group', 2)).toEqual(await importanceOf('group', 2));
  });
});
