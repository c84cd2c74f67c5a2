import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { contributions, shapTrees } from './contributions.ts';
import { someRows, someTraining } from './lightgbm-fixture.ts';
import { type Lightgbm, openLightgbm } from './open-lightgbm.ts';
import { leafContributions, shapleyWeights } from './shapley-table.ts';

let lightgbm: Lightgbm;
beforeAll(async () => {
  lightgbm = await openLightgbm({});
});
afterAll(() => lightgbm[Symbol.asyncDispose]());

const ROWS = 600;
/** LightGBM itself answers for so few rows. */
const FEW = 200;

it.each([
  'objective=binary categorical_feature=0 max_cat_to_onehot=1',
  'objective=binary zero_as_missing=true',
  'objective=binary use_missing=false',
  'objective=multiclass num_class=2',
  'objective=poisson num_leaves=40 min_data_in_leaf=5',
])("are LightGBM's own, for all rows at once: %s", async (parameters) => {
  const { text } = await lightgbm.train(
    someTraining({ parameters: `${parameters} num_threads=2 verbosity=-1` }),
  );
  await compare(text, someRows(ROWS, 4).columns);
});

async function compare(text: string, columns: readonly Float64Array[]): Promise<void> {
  const trees = shapTrees(text);
  if (trees === undefined) throw new Error('left to LightGBM');
  await using model = await lightgbm.load(text);
  const ours = contributions(trees, model.outputs, columns, () => false)?.values;
  const theirs = [];
  for (let from = 0; from < ROWS; from += FEW) {
    const few = columns.map((column) => column.subarray(from, from + FEW));
    theirs.push(...(await model.predict(few, { threads: 2, kind: 'shap' })).values);
  }
  expect(ours?.length).toBe(theirs.length);
  for (const [i, value] of theirs.entries()) expect(ours?.[i]).toBeCloseTo(value, 12);
}

it("are LightGBM's own where a path asks more features than a table can have", async () => {
  const width = 24;
  const { columns } = someRows(ROWS, 4);
  const random = seededRandom(5);
  const many = Array.from({ length: width }, () => Float64Array.from(columns[0] ?? [], random));
  // The first feature above .8 tells the target: to know it, a tree asks one after the other.
  const label = Float32Array.from(columns[0] ?? [], (_, row) =>
    many.findIndex((values) => (values[row] as number) > 0.8),
  );
  const { text } = await lightgbm.train({
    training: { columns: many, label },
    featureNames: many.map((_, i) => `f${i}`),
    parameters: 'objective=regression num_leaves=40 min_data_in_leaf=1 num_threads=2 verbosity=-1',
    rounds: 10,
  });
  const parts = JSON.stringify(shapTrees(text));
  for (const kind of ['fork', 'clump', 'deep']) expect(parts).toContain(`"kind":"${kind}"`);
  await compare(text, many);
});

it('are left to LightGBM where it adds trees up in other ways', async () => {
  const forest = 'objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.5 verbosity=-1';
  const linear = 'objective=regression linear_tree=true verbosity=-1';
  for (const parameters of [forest, linear]) {
    const { text } = await lightgbm.train(someTraining({ parameters }));
    expect(shapTrees(text)).toBeUndefined();
  }
});

it('of a leaf with two features, by hand', () => {
  // o = (1, 0), z = (1/2, 1/4): 8 · (1 − 1/2) · (½·1/4 + ½·0) and 8 · (0 − 1/4) · (½·1/2 + ½·1).
  const into = new Float64Array(2);
  leafContributions(8, [0.5, 0.25], 0b01, shapleyWeights(2), into);
  expect([...into]).toEqual([0.5, -1.5]);
});

it('stop when they are told to', async () => {
  const { text } = await lightgbm.train(someTraining());
  expect(
    contributions(shapTrees(text) ?? [], 1, someRows(300).columns, () => true),
  ).toBeUndefined();
});
