import { afterAll, describe, expect, it } from 'vitest';
import type { LabelledRows } from './estimator.ts';
import { OPTIONS, races } from './estimator-fixture.ts';
import { openEstimatorTools } from './estimator-tools.ts';
import { estimators } from './index.ts';

const tools = openEstimatorTools({});
afterAll(() => tools[Symbol.asyncDispose]());

describe('logistic_regression', () => {
  const estimator = estimators.get('logistic_regression');
  const few = (x: number[], y: number[], weights?: number[]): LabelledRows => ({
    count: x.length,
    features: [{ name: 'x', values: Float64Array.from(x) }],
    target: Float64Array.from(y),
    weights: weights && Float64Array.from(weights),
  });

  it('gives two groups their shares when nothing holds it back', async () => {
    // Of four rows at 0 one won, of five rows at 1 three did.
    const rows = few([0, 0, 0, 0, 1, 1, 1, 1, 1], [1, 0, 0, 0, 1, 1, 1, 0, 0]);
    const { artifact } = await estimator.fit(tools, rows, undefined, {
      ...OPTIONS,
      params: { l2: 1e-9 },
    });
    await using model = await estimator.open(tools, artifact);
    const p = await model.predict(rows, { threads: 1 });
    expect(p[0]).toBeCloseTo(1 / 4, 8);
    expect(p[8]).toBeCloseTo(3 / 5, 8);
  });

  it('balances the loss and l2, the intercept excepted', async () => {
    const rows = few([1, 2, 4, 7, 7, Number.NaN], [0, 1, 0, 1, 1, 1], [1, 2, 1, 1, 0.5, 3]);
    const { artifact } = await estimator.fit(tools, rows, undefined, {
      ...OPTIONS,
      params: { l2: 0.5 },
    });
    await using model = await estimator.open(tools, artifact);
    const p = await model.predict(rows, { threads: 1 });
    const { columns } = JSON.parse(artifact.text) as {
      columns: { kind: string; mean: number; deviation: number; coefficient: number }[];
    };
    // At the minimum the derivatives are 0: Σ w (p − y) = 0, and Σ w (p − y) z + l2 · β = 0 for each column.
    const slopes = p.map((value, i) => (rows.weights?.[i] ?? 1) * (value - (rows.target[i] ?? 0)));
    expect(slopes.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
    expect(columns.map(({ kind }) => kind)).toEqual(['value', 'missing']);
    for (const { kind, mean, deviation, coefficient } of columns) {
      const z = Array.from(rows.features[0]?.values ?? [], (x) => {
        if (kind === 'missing') return (Number(Number.isNaN(x)) - mean) / deviation;
        return Number.isNaN(x) ? 0 : (x - mean) / deviation;
      });
      const slope = z.reduce((sum, value, i) => sum + value * (slopes[i] ?? 0), 0);
      expect(slope + 0.5 * coefficient).toBeCloseTo(0, 9);
    }
    // By hand: Σ w x / Σ w over the rows that have x = (1 + 4 + 4 + 7 + 3.5) / 5.5.
    expect(columns[0]?.mean).toBeCloseTo(19.5 / 5.5, 12);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const fit = estimator.fit(tools, races(20_000), undefined, { ...OPTIONS, signal: stop.signal });
    setTimeout(() => stop.abort(), 1);
    await expect(fit).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('refuses a text that is not its own', async () => {
    const { artifact } = await estimator.fit(tools, races(100), undefined, OPTIONS);
    const text = artifact.text.replace('intercept', 'incept');
    const opened = estimator.open(tools, { ...artifact, text });
    await expect(opened).rejects.toMatchObject({ code: 'model-file' });
  });
});
