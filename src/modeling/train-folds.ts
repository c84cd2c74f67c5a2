import type { Calibration } from '../calibration/calibrator.ts';
import type { Estimator, Fit, ModelArtifact } from '../estimators/estimator.ts';
import type { Fold, Split } from '../splits/split.ts';
import { fitAndPredict, type TrainingContext } from './fit-and-predict.ts';
import { calibrateOn, calibrationBefore, type FoldAnswers, meanRounds } from './fold-lessons.ts';
import type { StoredModel } from './model-bundle.ts';
import { finalAnswers } from './predict-bundle.ts';
import { outputsOf, type TrainingRows } from './read-training-rows.ts';
import { pick, pickInts } from './row-subset.ts';
import type { TrainSettings } from './train-settings.ts';

/** What the folds said of rows they had not seen: calibrators learn from what each said at its best. */
export interface OutOfFold extends FoldAnswers {
  /** Calibrated and normalised, after the rounds of earlier folds; NaN where no fold could have said so on the row's day. */
  readonly p: Float64Array;
}

export interface TrainedFolds {
  readonly fits: readonly Fit[];
  /** Those that may speak of the days of their block. */
  readonly folds: readonly StoredModel[];
  readonly outOfFold: OutOfFold;
}

/**
 * Trains on each fold. In the order of time a fold knows nothing of its block's days or later ones: how many rounds it keeps and how it
 * is calibrated come from earlier folds. The first has none: with early stopping or a calibrator it only teaches those after it.
 * @throws ConfigError, ProjectError of estimators and calibration, 'interrupted'
 */
export async function trainFolds(
  estimator: Estimator,
  rows: TrainingRows,
  split: Split,
  settings: TrainSettings,
  context: TrainingContext,
): Promise<TrainedFolds> {
  const isTimed = settings.split['strategy'] !== 'group_k_fold';
  const outOfFold = noAnswers(rows.rowCount, outputsOf(rows));
  const fits: Fit[] = [];
  const folds: StoredModel[] = [];
  for (const [index, fold] of split.folds.entries()) {
    const name = `fold ${index + 1} of ${split.folds.length}`;
    const keep = settings.earlyStopping > 0 && isTimed ? meanRounds(fits, settings) : undefined;
    const ending = { earlyStopping: stoppingOf(settings), keep };
    const calibration = isTimed ? calibrationBefore(fold, rows, outOfFold, settings) : undefined;
    const isReady = settings.earlyStopping === 0 || keep !== undefined;
    const {
      fit,
      raw,
      keptRaw = raw,
    } = await fitAndPredict(estimator, rows, fold, settings, context, name, ending);
    fits.push(fit);
    note(outOfFold, fold, index + 1, raw);
    if (!calibration || !isReady) continue;
    folds.push({ ...storedModel(fit.kept ?? fit.artifact, rows, fold.validation), calibration });
    answer(outOfFold, fold.validation, keptRaw, calibration, rows, settings);
  }
  if (!isTimed) {
    // Groups dealt out at random foretell nobody's future, whatever they are calibrated with.
    const all = Int32Array.from(outOfFold.fold, (_, row) => row).filter(
      (row) => outOfFold.fold[row] !== 0,
    );
    const calibration = calibrateOn(rows, outOfFold, settings);
    answer(outOfFold, all, pick(outOfFold.raw, all, outputsOf(rows)), calibration, rows, settings);
  }
  return { fits, folds, outOfFold };
}

/** A model with the dictionaries of the rows it learned from; it may speak of the days of `some`. */
export function storedModel(
  { text, features }: ModelArtifact,
  rows: TrainingRows,
  some: Int32Array,
): StoredModel {
  // Rows are in the order of their days.
  const dayAt = (at: number) => rows.days[some.at(at) ?? 0] ?? 0;
  const categories = features.flatMap(({ name, categories }) =>
    categories ? [[name, categories] as const] : [],
  );
  return {
    text,
    from: dayAt(0),
    to: dayAt(-1) + 1,
    categories: Object.fromEntries(categories),
  };
}

const noAnswers = (count: number, outputs: number): OutOfFold => ({
  fold: new Int32Array(count),
  raw: new Float64Array(count * outputs).fill(Number.NaN),
  p: new Float64Array(count * outputs).fill(Number.NaN),
});

const stoppingOf = ({ earlyStopping }: TrainSettings) =>
  earlyStopping > 0 ? { rounds: earlyStopping } : undefined;

function note(to: OutOfFold, { validation }: Fold, number: number, raw: Float64Array): void {
  for (const row of validation) to.fold[row] = number;
  put(to.raw, validation, raw);
}

function answer(
  to: OutOfFold,
  some: Int32Array,
  raw: Float64Array,
  calibration: Calibration,
  { groups }: TrainingRows,
  { normaliseWithin }: TrainSettings,
): void {
  const within = groups && pickInts(groups, some);
  const p = finalAnswers({ calibration, normaliseWithin }, raw, within);
  put(to.p, some, p);
}

/** The answers of some rows to their place among those of all, as many numbers for each row. */
function put(to: Float64Array, some: Int32Array, answers: Float64Array): void {
  const width = answers.length / some.length;
  for (const [at, row] of some.entries()) {
    to.set(answers.subarray(at * width, (at + 1) * width), row * width);
  }
}
