import type { Calibration } from '../calibration/calibrator.ts';
import { fitCalibration } from '../calibration/fit-calibration.ts';
import type { ModelReport } from '../core/model-version.ts';
import { answerOf } from '../estimators/answers.ts';
import type { Estimator, Fit, FitOptions } from '../estimators/estimator.ts';
import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import { estimators } from '../estimators/index.ts';
import type { Fold, Split } from '../splits/split.ts';
import type { StoredModel } from './model-bundle.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { labelledRows, pick, pickInts } from './row-subset.ts';
import type { TrainSettings } from './train-settings.ts';

/** What a run lends to training. */
export interface TrainingContext {
  readonly tools: EstimatorTools;
  readonly threads: number;
  /** Aborted: training ends within a round, and nothing is kept. */
  readonly signal: AbortSignal | undefined;
  /** Told how far it is, in words. */
  say(progress: string): void;
}

/**
 * Of the rows that a fold foretold: their fold from 1 on and its answer; 0 and NaN for all others. Of classes the chance
 * of each, row after row.
 */
export interface OutOfFold {
  readonly fold: Int32Array;
  readonly raw: Float64Array;
}

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
  const { fits, folds, outOfFold } = await trainFolds(rows, split, settings, context);
  const calibration = calibrate(rows, outOfFold, settings);
  const rounds = roundsOf(fits, settings);
  const judged = await fitAndPredict(
    estimator,
    rows,
    { train: split.development, validation: split.test },
    { ...settings, rounds },
    context,
    'the model',
  );
  const isTimed = settings.split['strategy'] !== 'group_k_fold';
  const ownDays = daysOf(rows, split.test);
  const models = await finalModels(
    estimator,
    rows,
    judged.fit,
    ownDays,
    { ...settings, rounds },
    context,
  );
  return {
    main: models.main,
    // Groups dealt out at random foretell nobody's future.
    folds: isTimed ? [...folds, ...models.folds] : models.folds,
    calibration,
    outOfFold,
    testRaw: judged.raw,
    rounds: [judged.fit.bestRound, ...fits.map(({ bestRound }) => bestRound)],
    importance: importanceOf(judged.fit),
    warnings: judged.fit.warnings,
  };
}

/** Models of the folds, and what each said of the rows it is validated on. */
export interface TrainedFolds {
  readonly fits: readonly Fit[];
  readonly folds: readonly StoredModel[];
  readonly outOfFold: OutOfFold;
}

/** Trains on each fold and lets it foretell its validation rows. @throws as `trainModel` */
export async function trainFolds(
  rows: TrainingRows,
  split: Split,
  settings: TrainSettings,
  context: TrainingContext,
): Promise<TrainedFolds> {
  const estimator = estimators.get(settings.estimator);
  const outputs = outputsOf(rows);
  const outOfFold = {
    fold: new Int32Array(rows.rowCount),
    raw: new Float64Array(rows.rowCount * outputs).fill(Number.NaN),
  };
  const fits: Fit[] = [];
  const folds: StoredModel[] = [];
  for (const [index, fold] of split.folds.entries()) {
    const name = `fold ${index + 1} of ${split.folds.length}`;
    const trained = await trainFold(estimator, rows, fold, settings, context, name);
    fits.push(trained.fit);
    folds.push({ text: trained.fit.artifact.text, ...daysOf(rows, fold.validation) });
    for (const [at, row] of fold.validation.entries()) {
      outOfFold.fold[row] = index + 1;
      const answer = trained.raw.subarray(at * outputs, (at + 1) * outputs);
      outOfFold.raw.set(answer, row * outputs);
    }
  }
  return { fits, folds, outOfFold };
}

interface Predicted {
  readonly fit: Fit;
  readonly raw: Float64Array;
}

/** A fold may stop early: its validation rows are later than those it learns from. */
function trainFold(
  estimator: Estimator,
  rows: TrainingRows,
  fold: Fold,
  settings: TrainSettings,
  context: TrainingContext,
  name: string,
): Promise<Predicted> {
  const { earlyStopping } = settings;
  const stopping = earlyStopping > 0 ? { rounds: earlyStopping } : undefined;
  return fitAndPredict(estimator, rows, fold, settings, context, name, stopping);
}

async function fitAndPredict(
  estimator: Estimator,
  rows: TrainingRows,
  { train, validation }: Fold,
  settings: TrainSettings,
  context: TrainingContext,
  name: string,
  earlyStopping?: FitOptions['earlyStopping'],
): Promise<Predicted> {
  const { tools, threads, signal } = context;
  const judged = labelledRows(rows, validation);
  const fit = await estimator.fit(
    tools,
    labelledRows(rows, train),
    earlyStopping ? judged : undefined,
    fitOptions(rows, settings, context, name, earlyStopping),
  );
  await using model = await estimator.open(tools, fit.artifact);
  const options = { threads, signal };
  return { fit, raw: await answerOf(settings.objective).read(model, judged, options) };
}

function fitOptions(
  { classes }: TrainingRows,
  { objective, params, rounds, seed }: TrainSettings,
  { threads, signal, say }: TrainingContext,
  name: string,
  earlyStopping: FitOptions['earlyStopping'],
): FitOptions {
  return {
    objective,
    params: params as FitOptions['params'],
    rounds,
    earlyStopping,
    classes: classes?.length,
    seed,
    threads,
    signal,
    onProgress({ round, rounds: all, metrics: [metric] }) {
      const value = metric ? `, ${metric.name} ${metric.value.toFixed(4)}` : '';
      say(`${name}: round ${round} of ${all}${value}`);
    },
  };
}

/** With `refit` the model is trained once more on every row; the one that was judged then answers for the test period. */
async function finalModels(
  estimator: Estimator,
  rows: TrainingRows,
  judged: Fit,
  test: Pick<StoredModel, 'from' | 'to'>,
  settings: TrainSettings,
  context: TrainingContext,
): Promise<{ readonly main: StoredModel; readonly folds: readonly StoredModel[] }> {
  const own = { text: judged.artifact.text, from: test.from, to: undefined };
  if (!settings.refit) return { main: own, folds: [] };
  const all = labelledRows(
    rows,
    Int32Array.from(rows.days, (_, row) => row),
  );
  const options = fitOptions(rows, settings, context, 'the model, again on all rows', undefined);
  const { artifact } = await estimator.fit(context.tools, all, undefined, options);
  const from = 1 + (rows.days.at(-1) ?? 0);
  return { main: { text: artifact.text, from, to: undefined }, folds: [{ ...own, to: from }] };
}

/** Numbers a model says of each row. */
export const outputsOf = ({ classes }: TrainingRows): number => classes?.length ?? 1;

/** Days of some rows, the end exclusive. */
function daysOf(
  rows: TrainingRows,
  some: Int32Array,
): { readonly from: number; readonly to: number } {
  // Rows are in the order of their days.
  const dayAt = (at: number) => rows.days[some.at(at) ?? 0] ?? 0;
  return { from: dayAt(0), to: dayAt(-1) + 1 };
}

function roundsOf(fits: readonly Fit[], { rounds, earlyStopping }: TrainSettings): number {
  if (earlyStopping === 0 || fits.length === 0) return rounds;
  const sum = fits.reduce((total, { bestRound }) => total + bestRound, 0);
  return Math.max(1, Math.round(sum / fits.length));
}

function calibrate(
  rows: TrainingRows,
  { fold, raw }: OutOfFold,
  { calibration, normaliseWithin }: TrainSettings,
): Calibration {
  // What is no chance has nothing to be calibrated, and of classes more than one number for a row.
  if (calibration === 'none') return { method: 'none', state: {} };
  const foretold = Int32Array.from(fold, (_, row) => row).filter((row) => fold[row] !== 0);
  const { method = 'auto', ...options } =
    typeof calibration === 'string' ? { method: calibration } : calibration;
  return fitCalibration(
    String(method),
    {
      p: pick(raw, foretold),
      y: pick(rows.target, foretold),
      day: pickInts(rows.days, foretold),
      ...(normaliseWithin === undefined || !rows.groups
        ? {}
        : { race: pickInts(rows.groups, foretold) }),
    },
    options,
  );
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
