import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { featureColumn } from '../estimators/encode-columns.ts';
import { openEstimatorTools } from '../estimators/estimator-tools.ts';
import { estimators } from '../estimators/index.ts';
import { makeSplit } from '../splits/make-split.ts';
import type { SplitSpec } from '../splits/split.ts';
import type { TrainingContext } from './fit-and-predict.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { trainFolds } from './train-folds.ts';
import type { TrainSettings } from './train-settings.ts';

const tools = openEstimatorTools({});
afterAll(() => tools[Symbol.asyncDispose]());

const context: TrainingContext = { tools, threads: 2, signal: undefined, say: () => {} };

const DAYS = 60;
const PER_DAY = 18;
const FIELD = 6;
const FIRST_DAY = 19_000;

/** Sixty days of three races of six; from `changedFrom` on the last horse wins, and courses and speeds are others. */
function madeRows(changedFrom = DAYS): TrainingRows {
  const random = seededRandom(3);
  const count = DAYS * PER_DAY;
  const isChanged = (row: number) => Math.floor(row / PER_DAY) >= changedFrom;
  const speed = Float64Array.from({ length: count }, (_, row) =>
    isChanged(row) ? -random() : random(),
  );
  const usual = Array.from(speed, () => ['kempton', 'york', null][Math.floor(random() * 3)]);
  // 'a…' sorts before the texts of earlier days.
  const course = usual.map((name, row) => (isChanged(row) ? `a${row % 5}` : name));
  const target = new Float64Array(count);
  for (let first = 0; first < count; first += FIELD) {
    const field = [...speed.subarray(first, first + FIELD)];
    const luck = field.map((value) => value + random());
    const winner = isChanged(first) ? FIELD - 1 : luck.indexOf(Math.max(...luck));
    target[first + winner] = 1;
  }
  return {
    rowCount: count,
    features: [
      featureColumn('speed', speed, false),
      featureColumn('course', course as (string | null)[], true),
    ],
    schema: [],
    target,
    days: Int32Array.from(target, (_, row) => FIRST_DAY + Math.floor(row / PER_DAY)),
    groups: Int32Array.from(target, (_, row) => Math.floor(row / FIELD)),
    classes: undefined,
    weight: undefined,
    price: undefined,
    identity: {},
    fingerprint: '',
  };
}

const settingsOf = (more: Partial<TrainSettings>): TrainSettings => ({
  name: 'win',
  estimator: 'lightgbm',
  objective: 'binary',
  target: 'won',
  eventTime: 'race_date',
  group: 'race_id',
  weight: undefined,
  price: undefined,
  key: [],
  include: undefined,
  exclude: [],
  categorical: ['course'],
  split: {},
  params: { min_data_in_leaf: 5 },
  tune: undefined,
  permutation: undefined,
  rounds: 40,
  earlyStopping: 0,
  calibration: 'auto',
  normaliseWithin: 'race_id',
  seed: 7,
  gate: {},
  retrainAfter: undefined,
  refit: false,
  span: { file: 'win.sql', line: 1, column: 1 },
  ...more,
});

const WALK: SplitSpec = {
  strategy: 'walk_forward',
  folds: 4,
  validation: '9 days',
  test: '12 days',
};

async function foretold(rows: TrainingRows, settings: TrainSettings, spec: SplitSpec) {
  const split = makeSplit({ day: rows.days, group: rows.groups }, spec);
  const estimator = estimators.get(settings.estimator);
  const all = { ...settings, split: { ...spec } };
  return trainFolds(estimator, rows, split, all, context);
}

/** The fold of each day that is answered for. */
const answered = (p: Float64Array, fold: Int32Array) =>
  [...new Set(fold.filter((_, row) => !Number.isNaN(p[row])))].sort((a, b) => a - b);

describe('what a fold says of its days comes from days before', () => {
  // The test is 48 … 59, blocks begin on days 12, 21, 30 and 39: day 34 is within the third.
  const CHANGED = 34;
  const cases: readonly [string, Partial<TrainSettings>, SplitSpec, readonly number[]][] = [
    ['calibration auto', {}, WALK, [2, 3, 4]],
    ['isotonic', { calibration: 'isotonic' }, WALK, [2, 3, 4]],
    ['early stopping', { earlyStopping: 3, rounds: 60 }, WALK, [2, 3, 4]],
    ['early stopping alone', { earlyStopping: 3, calibration: 'none' }, WALK, [2, 3, 4]],
    ['neither: the first fold speaks, too', { calibration: 'none' }, WALK, [1, 2, 3, 4]],
    ['a gap', { earlyStopping: 3 }, { ...WALK, strategy: 'purged', gap: '2 days' }, [2, 3, 4]],
    ['a moving window', { earlyStopping: 3 }, { ...WALK, train: '10 days' }, [2, 3, 4]],
    ['expanding', { earlyStopping: 3 }, { ...WALK, strategy: 'expanding' }, [2, 3, 4]],
    ['an order', { objective: 'lambdarank', calibration: 'platt' }, WALK, [2, 3, 4]],
    ['bagging', { params: { bagging_fraction: 0.5, bagging_freq: 1 } }, WALK, [2, 3, 4]],
    ['a linear model', { estimator: 'logistic_regression', params: {} }, WALK, [2, 3, 4]],
  ];

  it.each(cases)('%s', async (_, more, spec, folds) => {
    const settings = settingsOf(more);
    const first = await foretold(madeRows(), settings, spec);
    const second = await foretold(madeRows(CHANGED), settings, spec);
    const { p, fold } = first.outOfFold;
    expect(answered(p, fold)).toEqual(folds);
    const before = CHANGED * PER_DAY;
    expect(Buffer.from(second.outOfFold.p.buffer, 0, before * 8)).toEqual(
      Buffer.from(p.buffer, 0, before * 8),
    );
    // The change is one: the same day it begins, and in the trees of the fold after.
    expect(second.outOfFold.p.subarray(before)).not.toEqual(p.subarray(before));
    const upTo = first.folds.filter(({ from }) => from < FIRST_DAY + CHANGED);
    expect(second.folds.slice(0, upTo.length)).toEqual(upTo);
    expect(upTo).toHaveLength(folds.length - 1);
  });

  it('rounds of a fold are the mean of the best of those before', async () => {
    const settings = settingsOf({ earlyStopping: 3, rounds: 60, calibration: 'none' });
    const { fits, folds } = await foretold(madeRows(), settings, WALK);
    const best = fits.map(({ bestRound }) => bestRound);
    const mean = (some: readonly number[]) =>
      Math.round(some.reduce((sum, one) => sum + one, 0) / some.length);
    const trees = folds.map(({ text }) => text.match(/^Tree=/gm)?.length);
    expect(trees).toEqual([mean(best.slice(0, 1)), mean(best.slice(0, 2)), mean(best.slice(0, 3))]);
    expect(new Set(best).size).toBeGreaterThan(1);
  });

  it('folds of groups foretell nobody: none is kept, though each row is judged', async () => {
    const spec = { strategy: 'group_k_fold', folds: 3, test: '12 days' };
    const { folds, outOfFold } = await foretold(madeRows(), settingsOf({}), spec);
    expect(folds).toEqual([]);
    expect(answered(outOfFold.p, outOfFold.fold)).toEqual([1, 2, 3]);
  });

  it('a first block that can teach no calibrator leaves the second without, too', async () => {
    // Blocks of two days: `auto` needs three, which the third has behind it.
    const spec = { ...WALK, validation: '2 days' };
    const { outOfFold } = await foretold(madeRows(), settingsOf({}), spec);
    expect(answered(outOfFold.p, outOfFold.fold)).toEqual([3, 4]);
  });
});
