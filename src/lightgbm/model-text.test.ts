import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { someRows, someTraining } from './lightgbm-fixture.ts';
import type { TrainingInput } from './messages.ts';
import { checkModelText, modelTextChecksum } from './model-text.ts';
import { type Lightgbm, openLightgbm } from './open-lightgbm.ts';

let lightgbm: Lightgbm;
beforeAll(async () => {
  lightgbm = await openLightgbm({});
});
afterAll(() => lightgbm[Symbol.asyncDispose]());

const textOf = async (change: Partial<TrainingInput> = {}) =>
  (await lightgbm.train(someTraining(change))).text;

describe('a whole text', () => {
  it('tells of its head', async () => {
    expect(checkModelText(await textOf())).toEqual({
      objective: 'binary sigmoid:1',
      featureNames: ['shape', 'size'],
      outputs: 1,
      trees: 10,
    });
  });

  const kinds: Readonly<Record<string, string>> = {
    'three classes': 'objective=multiclass num_class=3',
    'trees that are one leaf': 'objective=binary min_data_in_leaf=2000',
    'linear leaves': 'objective=regression linear_tree=true',
    'sets of categories': 'objective=binary categorical_feature=0 max_cat_to_onehot=1',
    'a random forest': 'objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.5',
  };
  it.each(Object.entries(kinds))('with %s', async (_, parameters) => {
    const text = await textOf({ parameters: `${parameters} verbosity=-1 num_threads=2` });
    expect(checkModelText(text).trees).toBeGreaterThan(0);
  });

  it('with no trees', async () => {
    expect(checkModelText(await textOf({ rounds: 0 })).trees).toBe(0);
  });
});

describe('a text that is not whole', () => {
  it('is refused wherever it is cut off', async () => {
    const text = await textOf();
    const end = text.indexOf('end of trees');
    for (let length = 0; length <= end + 5; length += 97) {
      expect(() => checkModelText(text.slice(0, length))).toThrow('cannot be loaded');
    }
    await expect(lightgbm.load(text.slice(0, end))).rejects.toMatchObject({ code: 'model-file' });
  });

  it.each([
    ['version=v4', 'version=v3', 'it is of version v3'],
    ['max_feature_idx=1', 'max_feature_idx=2', '3 features, but 2 names'],
    ['num_class=1', 'num_class=2', 'its numbers of classes differ'],
    ['tree_sizes=', 'tree_sizes=1', 'its trees do not end'],
    ['split_feature=0', 'split_feature=7', 'it uses a feature that the model does not have'],
    ['left_child=1', 'left_child=0', "'left_child' leads to no node"],
    ['shrinkage=1', 'shrinkage=x', "'shrinkage' has what is no number"],
  ])('is refused with %s changed to %s', async (before, after, why) => {
    const text = await textOf();
    expect(text).toContain(before);
    expect(() => checkModelText(text.replace(before, after))).toThrow(why);
  });

  it('has another checksum', async () => {
    const text = await textOf();
    expect(modelTextChecksum(text)).toMatch(/^[0-9a-f]{64}$/);
    expect(modelTextChecksum(`${text} `)).not.toBe(modelTextChecksum(text));
  });
});

it.each([
  'objective=binary categorical_feature=0 max_cat_to_onehot=1',
  'objective=regression linear_tree=true',
])('a text with random edits is refused, or loads and predicts: %s', async (parameters) => {
  const text = await textOf({ parameters: `${parameters} verbosity=-1 num_threads=2`, rounds: 3 });
  const random = seededRandom(5);
  const end = text.indexOf('end of trees');
  const { columns } = someRows(50);
  const outcomes = { refused: 0, loaded: 0 };
  for (let i = 0; i < 400; i += 1) {
    const at = Math.floor(random() * end);
    const put = '0123456789- .=\n'[Math.floor(random() * 15)];
    const removed = Math.floor(random() * 2);
    try {
      await using model = await lightgbm.load(text.slice(0, at) + put + text.slice(at + removed));
      if (model.features === columns.length) await model.predict(columns, { threads: 1 });
      outcomes.loaded += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(model-file|lightgbm-error)$/) });
      outcomes.refused += 1;
    }
  }
  // A digit of a gain or a threshold may well be another one.
  expect(outcomes.refused).toBeGreaterThan(200);
  expect(outcomes.loaded).toBeGreaterThan(20);
});
