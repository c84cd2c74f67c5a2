import { afterAll, describe, expect, it } from 'vitest';
import type { FitOptions, LabelledRows } from './estimator.ts';
import { OPTIONS, races } from './estimator-fixture.ts';
import { openEstimatorTools } from './estimator-tools.ts';
import { estimators } from './index.ts';

const tools = openEstimatorTools({});
afterAll(() => tools[Symbol.asyncDispose]());

const change = (rows: Partial<LabelledRows>) => ({ ...races(100), ...rows });
const withSpeed = (value: number) => {
  const rows = races(100);
  const values = Float64Array.from({ length: 100 }, (_, i) => (i === 41 ? value : i));
  return { ...rows, features: [{ name: 'speed', values }] };
};
const target = (value: (i: number) => number) =>
  change({ target: Float64Array.from({ length: 100 }, (_, i) => value(i)) });

describe('rows that cannot be learned from', () => {
  it.each<[string, string, LabelledRows, string]>([
    ['one class', 'binary', target(() => 0), 'the target is 0 in all 100 rows'],
    ['other values', 'binary', target((i) => i % 3), 'the target must be 0 or 1; row 3 has 2'],
    [
      'no outcome',
      'binary',
      target((i) => (i < 4 ? Number.NaN : i % 2)),
      'missing in 4 of 100 rows',
    ],
    ['half classes', 'multiclass', target((i) => i / 2), 'the target must be a class'],
    [
      'negative counts',
      'poisson',
      target((i) => i - 1),
      'the target must be not negative; row 1 has -1',
    ],
    [
      'groups that are cut',
      'lambdarank',
      change({ groups: Int32Array.of(60, 30) }),
      '90 rows, the table 100',
    ],
    ['no groups', 'lambdarank', change({ groups: undefined }), 'there are none'],
    ['infinity', 'binary', withSpeed(Number.POSITIVE_INFINITY), "'speed' is infinite in row 42"],
    ['no features', 'binary', change({ features: [] }), 'there are no features'],
    [
      'two of a name',
      'binary',
      change({ features: [...races(100).features, ...races(100).features] }),
      "two features are called 'speed'",
    ],
    [
      'odd names',
      'binary',
      change({ features: [{ name: 'a b', values: new Float64Array(100) }] }),
      "'a b'",
    ],
    [
      'negative weights',
      'binary',
      change({ weights: new Float64Array(100).fill(-1) }),
      'row 1 has -1',
    ],
    [
      'no rows',
      'binary',
      {
        count: 0,
        features: [{ name: 'speed', values: new Float64Array(0) }],
        target: new Float64Array(0),
      },
      'there are no rows',
    ],
  ])('%s', async (_, objective, rows, message) => {
    const fit = estimators.get('lightgbm').fit(tools, rows, undefined, { ...OPTIONS, objective });
    await expect(fit).rejects.toMatchObject({
      code: 'training-data',
      message: expect.stringContaining(message),
    });
  });
});

it('columns that say nothing are learned without, and told', async () => {
  const rows = races(400);
  const constant = [
    { name: 'always_one', values: new Float64Array(400).fill(1) },
    { name: 'never_there', values: new Float64Array(400).fill(Number.NaN) },
  ];
  const features = [...rows.features, ...constant];
  for (const name of ['lightgbm', 'logistic_regression']) {
    const fit = await estimators.get(name).fit(tools, { ...rows, features }, undefined, OPTIONS);
    expect(fit.warnings).toEqual([
      "features that tell nothing and can be left out: 'always_one' (1 in every row), 'never_there' (missing in every row)",
    ]);
    expect([...fit.importance.gain.subarray(2)]).toEqual([0, 0]);
  }
});

describe('settings that do not fit', () => {
  const fit = (change: Partial<FitOptions>) =>
    estimators.get('lightgbm').fit(tools, races(100), races(50), { ...OPTIONS, ...change });

  it.each<[Partial<FitOptions>, string]>([
    [{ objective: 'binari' }, "LightGBM has no objective 'binari'"],
    [{ params: { boosting: 'dart' }, earlyStopping: { rounds: 5 } }, 'cannot be used with dart'],
  ])('%j', async (change, message) => {
    await expect(fit(change)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(message),
    });
  });

  it('the same rows and settings make the same text, on one thread as on two', async () => {
    const texts = await Promise.all(
      [1, 2, 2].map(
        async (threads) => (await fit({ threads })).artifact.text.split('\nparameters:')[0],
      ),
    );
    expect(new Set(texts).size).toBe(1);
    const other = await fit({ seed: 8, params: { feature_fraction: 0.5 } });
    expect(other.artifact.text.split('\nparameters:')[0]).not.toBe(texts[0]);
  });
});
