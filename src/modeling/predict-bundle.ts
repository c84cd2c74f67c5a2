import { applyCalibration } from '../calibration/fit-calibration.ts';
import { normaliseWithin } from '../calibration/normalise.ts';
import { groupRows } from '../core/row-groups.ts';
import type { Model, PredictOptions, Rows } from '../estimators/estimator.ts';
import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import { estimators } from '../estimators/index.ts';
import type { ModelBundle, StoredModel } from './model-bundle.ts';

/** Rows to score. */
export interface ScoredRows extends Rows {
  /** What probabilities add up to 1 within, one a row; undefined: they do not. */
  readonly within?: ArrayLike<number | bigint | string> | undefined;
}

export interface Probabilities {
  /** As the estimator gives them. */
  readonly raw: Float64Array;
  /** Calibrated, and normalised within the group. */
  readonly p: Float64Array;
}

/** A model of a bundle, ready to score. */
export interface OpenModel extends AsyncDisposable {
  /** @throws ProjectError 'feature-mismatch', 'interrupted', 'lightgbm-error' */
  predict(rows: ScoredRows, options: PredictOptions): Promise<Probabilities>;
  /** What each feature adds to the log odds: for each row the features of the bundle and, last, where all rows start. */
  contributions(rows: Rows, options: PredictOptions): Promise<Float64Array>;
}

/** Opens the main model of a bundle, or one of its folds. @throws ProjectError 'model-file'; ConfigError 'lightgbm-missing' */
export async function openModel(
  tools: EstimatorTools,
  bundle: ModelBundle,
  { text, categories: own, calibration }: StoredModel = bundle.main,
): Promise<OpenModel> {
  const estimator = estimators.get(bundle.estimator);
  const features = bundle.features.map(({ name, categories }) => ({
    name,
    categories: categories && (own?.[name] ?? categories),
  }));
  const artifact = { estimator: bundle.estimator, features, outputs: 1, text };
  const model = await estimator.open(tools, artifact);
  return {
    async predict(rows, options) {
      const raw = await rawProbabilities(model, bundle.objective, rows, options);
      const by = { ...bundle, calibration: calibration ?? bundle.calibration };
      return { raw, p: finalProbabilities(by, raw, rows.within) };
    },
    contributions: (rows, options) => model.contributions(rows, options),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

/** Objectives whose answer is no probability but an order: the sigmoid of the score stands for one until it is calibrated. */
const RANKING: ReadonlySet<string> = new Set(['lambdarank', 'rank_xendcg']);

/** What a model says of rows, between 0 and 1. */
export async function rawProbabilities(
  model: Model,
  objective: string,
  rows: Rows,
  options: PredictOptions,
): Promise<Float64Array> {
  if (!RANKING.has(objective)) return model.predict(rows, options);
  const scores = await model.predictRaw(rows, options);
  return scores.map((score) => 1 / (1 + Math.exp(-score)));
}

/** Calibrated, then divided by their sum in the group. */
export function finalProbabilities(
  { calibration, normaliseWithin: by }: Pick<ModelBundle, 'calibration' | 'normaliseWithin'>,
  raw: Float64Array,
  within: ScoredRows['within'],
): Float64Array {
  const calibrated = applyCalibration(calibration, raw);
  return by === undefined || within === undefined
    ? calibrated
    : normaliseWithin(calibrated, groupRows(within));
}
