import { afterAll, describe, expect, it } from 'vitest';
import { featureColumn } from './encode-columns.ts';
import type { LabelledRows } from './estimator.ts';
import { OPTIONS, races } from './estimator-fixture.ts';
import { openEstimatorTools } from './estimator-tools.ts';
import { estimators } from './index.ts';
import { marketProbabilities } from './market.ts';

const tools = openEstimatorTools({});
afterAll(() => tools[Symbol.asyncDispose]());

function lossOf(rows: LabelledRows, p: Float64Array): number {
  const chances = p.map((value, i) => (rows.target[i] ? value : 1 - value));
  return chances.reduce((sum, chance) => sum - Math.log(chance), 0) / rows.count;
}

describe.each(estimators.all())('every estimator: $name', (estimator) => {
  it('predicts the same from its artifact, with raw scores that contributions add up to', async () => {
    const rows = races(400);
    const { artifact, importance } = await estimator.fit(tools, rows, undefined, OPTIONS);
    expect(artifact.estimator).toBe(estimator.name);
    const kept = JSON.parse(JSON.stringify(artifact)) as typeof artifact;
    await using model = await estimator.open(tools, kept);
    const options = { threads: 2 };
    const [p, raw, parts] = await Promise.all([
      model.predict(rows, options),
      model.predictRaw(rows, options),
      model.contributions(rows, options),
    ]);
    const width = artifact.features.length + 1;
    expect([p.length, raw.length, parts.length]).toEqual([400, 400, 400 * width]);
    for (const [i, score] of raw.entries()) {
      const terms = parts.subarray(i * width, (i + 1) * width);
      expect(terms.reduce((sum, term) => sum + term, 0)).toBeCloseTo(score, 10);
      expect(p[i]).toBeCloseTo(1 / (1 + Math.exp(-score)), 12);
    }
    expect([...model.importance.split]).toEqual([...importance.split]);
  });

  it('names a parameter it does not have', () => {
    expect(() => estimator.checkParams({ no_such: 1 }, ['speed'])).toThrow('no_such');
  });
});

describe.each(['lightgbm', 'logistic_regression'])('%s learns', (name) => {
  const estimator = estimators.get(name);

  it('what is better than the share of winners, also on other rows', async () => {
    const rows = races(3000);
    const { artifact } = await estimator.fit(tools, rows, undefined, OPTIONS);
    await using model = await estimator.open(tools, artifact);
    const others = races(1000, 2);
    const share = others.target.reduce((sum, y) => sum + y, 0) / others.count;
    const shares = new Float64Array(others.count).fill(share);
    const p = await model.predict(others, { threads: 2 });
    expect(lossOf(others, p)).toBeLessThan(lossOf(others, shares) - 0.1);
  });

  it('by name: order, further columns and codes of the rows do not matter', async () => {
    const rows = races(500);
    const { artifact } = await estimator.fit(tools, rows, undefined, OPTIONS);
    await using model = await estimator.open(tools, artifact);
    const expected = await model.predict(rows, { threads: 2 });
    const [speed, going] = rows.features as [(typeof rows.features)[0], (typeof rows.features)[0]];
    const texts = Array.from(going.values, (code) => going.categories?.[code] ?? null);
    // Text nobody has seen is as good as none; 'a new one' moves all codes.
    const others = texts.map((text) => text ?? 'a new one');
    const features = [
      featureColumn('going', others, false),
      { name: 'other', values: new Float64Array(500) },
      speed,
    ];
    expect(await model.predict({ ...rows, features }, { threads: 2 })).toEqual(expected);
    const renamed = { ...rows, features: [{ ...speed, name: 'sped' }, going] };
    await expect(model.predict(renamed, { threads: 2 })).rejects.toMatchObject({
      code: 'feature-mismatch',
      hint: "did you mean 'sped'?",
    });
    const retyped = { ...rows, features: [speed, { ...speed, name: 'going' }] };
    await expect(model.predict(retyped, { threads: 2 })).rejects.toThrow(
      "'going' is a number; the model was trained with a category",
    );
  });

  it('the same from weighted rows as from repeated ones', async () => {
    const rows = races(300);
    const params = name === 'lightgbm' ? { min_data_in_leaf: 1, min_data_in_bin: 1 } : {};
    const twice = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / 2));
    const repeated = {
      count: 600,
      target: Float64Array.from(twice, (i) => rows.target[i] ?? 0),
      features: rows.features.map((column) => ({
        ...column,
        values: Float64Array.from(twice, (i) => column.values[i] ?? 0),
      })),
    };
    const weighted = { ...rows, weights: new Float64Array(300).fill(2) };
    const predictions = await Promise.all(
      [repeated, weighted].map(async (some) => {
        const options = { ...OPTIONS, params, rounds: 5 };
        const { artifact } = await estimator.fit(tools, some, undefined, options);
        await using model = await estimator.open(tools, artifact);
        return model.predict(rows, { threads: 2 });
      }),
    );
    for (const [i, p] of (predictions[0] ?? []).entries())
      expect(predictions[1]?.[i]).toBeCloseTo(p, 8);
  });
});

describe('baselines', () => {
  const card: LabelledRows = {
    count: 5,
    features: [],
    target: Float64Array.of(1, 0, 0, 1, 0),
    groups: Int32Array.of(2, 3),
    prices: Float64Array.of(2, 4, 3, Number.NaN, 5),
  };
  const predicted = async (name: string) => {
    const { artifact } = await estimators.get(name).fit(tools, card, undefined, OPTIONS);
    await using model = await estimators.get(name).open(tools, artifact);
    return [...(await model.predict(card, { threads: 1 }))];
  };

  it('prior: one over the starters', async () => {
    expect(await predicted('prior')).toEqual([1 / 2, 1 / 2, 1 / 3, 1 / 3, 1 / 3]);
  });

  it('market: the share of the book; unknown where a starter has no price', async () => {
    // 1/2 and 1/4 of a book of 3/4.
    const [first, second, ...others] = await predicted('market');
    expect(first).toBeCloseTo(2 / 3, 15);
    expect(second).toBeCloseTo(1 / 3, 15);
    expect(others).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('market: a pool may pay the stake alone, and 1 is a price', () => {
    const rows = {
      count: 2,
      features: [],
      groups: Int32Array.of(2),
      prices: Float64Array.of(1, 2),
    };
    // 1 and 1/2 of a book of 3/2.
    expect([...marketProbabilities(rows)].map((p) => p.toFixed(15))).toEqual(
      [2 / 3, 1 / 3].map((p) => p.toFixed(15)),
    );
  });
});
