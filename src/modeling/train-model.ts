import type { Calibration } from '../calibration/calibrator.ts';
import type { ModelReport } from '../core/model-version.ts';
import type { Estimator, Fit } from '../estimators/estimator.ts';
import { estimators } from '../estimators/index.ts';
import type { Split } from '../splits/split.ts';
import { fitAndPredict, fitOptions, type TrainingContext } from './fit-and-predict.ts';
import { calibrateOn, meanRounds } from './fold-lessons.ts';
import type { StoredModel } from './model-bundle.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { learnedRows } from './row-subset.ts';
import { type OutOfFold, storedModel, trainFolds } from './train-folds.ts';
import type { TrainSettings } from './train-settings.ts';

/** A model, and what its folds said of rows they had not seen. */
export interface TrainedModel {
  readonly main: StoredModel;
  readonly folds: readonly StoredModel[];
  readonly calibration: Calibration;
  readonly outOfFold: OutOfFold;
  /** What the model says of the test rows, in their order. */
  readonly testRaw: Float64Array;
  readonly rounds: readonly number[];
  readonly importance: ModelReport['importance'];
  readonly warnings: readonly string[];
}

/**
 * Trains on each fold, calibrates on what the folds say of rows they did not see, and trains on all rows before the
 * test, for as many rounds as were best on average. The test rows are only foretold.
 * @throws ConfigError, ProjectError of estimators and calibration, 'interrupted'
 */
export async function trainModel(
  rows: TrainingRows,
  split: Split,
  settings: TrainSettings,
  context: TrainingContext,
): Promise<TrainedModel> {
  const estimator = estimators.get(settings.estimator);
  const { fits, folds, outOfFold } = await trainFolds(estimator, rows, split, settings, context);
  const calibration = calibrateOn(rows, outOfFold, settings);
  const rounds = meanRounds(fits, settings) ?? settings.rounds;
  const known = { ...settings, rounds };
  const parts = { train: split.development, validation: split.test };
  const judged = await fitAndPredict(estimator, rows, parts, known, context, 'the model');
  const own = { ...storedModel(judged.fit.artifact, rows, split.test), to: undefined };
  const models = await finalModels(estimator, rows, own, known, context);
  return {
    main: models.main,
    folds: [...folds, ...models.folds],
    calibration,
    outOfFold,
    testRaw: judged.raw,
    rounds: [judged.fit.bestRound, ...fits.map(({ bestRound }) => bestRound)],
    importance: importanceOf(judged.fit),
    warnings: judged.fit.warnings,
  };
}

/** With `refit` the model is trained once more on every row; the one that was judged then answers for the test period. */
async function finalModels(
  estimator: Estimator,
  rows: TrainingRows,
  judged: StoredModel,
  settings: TrainSettings,
  context: TrainingContext,
): Promise<{ readonly main: StoredModel; readonly folds: readonly StoredModel[] }> {
  if (!settings.refit) return { main: judged, folds: [] };
  const all = learnedRows(
    rows,
    Int32Array.from(rows.days, (_, row) => row),
  );
  const options = fitOptions(rows, settings, context, 'the model, again on all rows');
  const fit = await estimator.fit(context.tools, all, undefined, options);
  const from = 1 + (rows.days.at(-1) ?? 0);
  return {
    main: { ...storedModel(fit.artifact, rows, Int32Array.of()), from, to: undefined },
    folds: [{ ...judged, to: from }],
  };
}

/** Gain as shares, largest first. */
export function importanceOf({
  artifact,
  importance: { gain, split },
}: Pick<Fit, 'artifact' | 'importance'>): ModelReport['importance'] {
  const total = gain.reduce((sum, value) => sum + value, 0);
  return artifact.features
    .map(({ name }, index) => ({
      feature: name,
      gain: total > 0 ? (gain[index] ?? 0) / total : 0,
      splits: split[index] ?? 0,
    }))
    .sort((a, b) => b.gain - a.gain);
}
