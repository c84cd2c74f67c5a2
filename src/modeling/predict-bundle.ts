import { applyCalibration } from '../calibration/fit-calibration.ts';
import { normaliseWithin } from '../calibration/normalise.ts';
import { groupRows } from '../core/row-groups.ts';
import { answerOf } from '../estimators/answers.ts';
import type { PredictOptions, Rows } from '../estimators/estimator.ts';
import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import { estimators } from '../estimators/index.ts';
import type { ModelBundle, StoredModel } from './model-bundle.ts';

/** Rows to score. */
export interface ScoredRows extends Rows {
  /** What probabilities add up to 1 within, one a row; undefined: they do not. */
  readonly within?: ArrayLike<number | bigint | string> | undefined;
}

/** A number for each row, of classes their chances row after row. */
export interface Answers {
  /** As the estimator gives them. */
  readonly raw: Float64Array;
  /** Of chances calibrated, and normalised within the group. */
  readonly p: Float64Array;
}

/** A model of a bundle, ready to score. */
export interface OpenModel extends AsyncDisposable {
  /** @throws ProjectError 'feature-mismatch', 'interrupted', 'lightgbm-error' */
  predict(rows: ScoredRows, options: PredictOptions): Promise<Answers>;
  /**
   * What each feature adds to the score, the log odds of a chance: for each row (and class) the features of the bundle
   * and, last, where all rows start.
   */
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
  const outputs = bundle.classes?.length ?? 1;
  const artifact = { estimator: bundle.estimator, features, outputs, text };
  const model = await estimator.open(tools, artifact);
  return {
    async predict(rows, options) {
      const raw = await answerOf(bundle.objective).read(model, rows, options);
      const by = { ...bundle, calibration: calibration ?? bundle.calibration };
      return { raw, p: finalAnswers(by, raw, rows.within) };
    },
    contributions: (rows, options) => model.contributions(rows, options),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

/** Chances calibrated, then divided by their sum in the group; other answers as they are. */
export function finalAnswers(
  { calibration, normaliseWithin: by }: Pick<ModelBundle, 'calibration' | 'normaliseWithin'>,
  raw: Float64Array,
  within: ScoredRows['within'],
): Float64Array {
  const calibrated = applyCalibration(calibration, raw);
  return by === undefined || within === undefined
    ? calibrated
    : normaliseWithin(calibrated, groupRows(within));
}
