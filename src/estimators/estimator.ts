import type { NumberColumn } from '../lightgbm/c-api.ts';
import type { EarlyStopping, TrainingProgress } from '../lightgbm/messages.ts';
import type { Parameters } from '../lightgbm/parameters.ts';
import type { EstimatorTools } from './estimator-tools.ts';

/** A feature as a model knows it: a number, or one of some texts. */
export interface Feature {
  readonly name: string;
  /** The texts of a category, in the order of their codes; undefined: a number. */
  readonly categories?: readonly string[] | undefined;
}

/** A feature of some rows. NaN is a missing value; of a category the values are codes: places in `categories`. */
export interface FeatureColumn extends Feature {
  readonly values: NumberColumn;
}

/**
 * Rows to predict, by column. Rows of a group stand together. What stands on a SharedArrayBuffer is read where it is; everything else is
 * copied once more for LightGBM (`sharedColumn` in encode-columns.ts makes such a column).
 */
export interface Rows {
  readonly count: number;
  readonly features: readonly FeatureColumn[];
  /** How many rows each group has, in order. */
  readonly groups?: Int32Array | undefined;
  /** Decimal odds; NaN where there are none. */
  readonly prices?: Float64Array | undefined;
}

/** Rows with their outcome. */
export interface LabelledRows extends Rows {
  readonly target: Float64Array;
  /** Not negative. */
  readonly weights?: Float64Array | undefined;
  /** Where boosting starts, on the scale before the link function. */
  readonly initialScores?: Float64Array | undefined;
}

export interface FitOptions {
  readonly objective: string;
  readonly params: Parameters;
  /** Boosting rounds at most. */
  readonly rounds: number;
  readonly earlyStopping?: EarlyStopping | undefined;
  /** How many classes there are, also where a part of the rows has fewer; counted among the rows unless said. */
  readonly classes?: number | undefined;
  /** The model after so many rounds is given, too, whichever was best. Estimators without rounds do not look at it. */
  readonly keep?: number | undefined;
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/** What is kept of a model: enough to predict the same anywhere. */
export interface ModelArtifact {
  readonly estimator: string;
  readonly features: readonly Feature[];
  /** Numbers a prediction has for each row. */
  readonly outputs: number;
  /** In the estimator's own format, as it goes into a file. */
  readonly text: string;
}

/** How much each feature was used, in the order of the model's features. */
export interface Importance {
  /** The sum by which its splits lowered the loss; of a linear model the size of its standardised coefficients. */
  readonly gain: Float64Array;
  /** How many splits it has; of a linear model how many coefficients. */
  readonly split: Float64Array;
}

export interface Fit {
  readonly artifact: ModelArtifact;
  readonly importance: Importance;
  /** The model after `keep` rounds, where that was asked for. */
  readonly kept?: ModelArtifact | undefined;
  /** Rounds that were trained, and the one that is kept. */
  readonly rounds: number;
  readonly bestRound: number;
  /** The estimator's own metrics on the validation rows after that round. */
  readonly metrics: TrainingProgress['metrics'];
  readonly warnings: readonly string[];
}

export interface PredictOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/** A model that is ready to predict; features are matched by name and type. */
export interface Model extends AsyncDisposable {
  readonly artifact: ModelArtifact;
  readonly importance: Importance;
  /**
   * `artifact.outputs` numbers for each row: probabilities where the objective knows them.
   * @throws ProjectError 'feature-mismatch', 'interrupted', 'lightgbm-error'
   */
  predict(rows: Rows, options: PredictOptions): Promise<Float64Array>;
  /** The same before the link function: the log odds of a binary model. */
  predictRaw(rows: Rows, options: PredictOptions): Promise<Float64Array>;
  /**
   * What each feature adds to `predictRaw`: for each row and output a number for each feature of the model and, last, where all rows start.
   * They add up to `predictRaw`.
   */
  contributions(rows: Rows, options: PredictOptions): Promise<Float64Array>;
}

/** A way of learning. Adding one: a file, and a line in index.ts. */
export interface Estimator {
  readonly name: string;
  /** Objectives it can learn, by all their names. */
  readonly objectives: readonly string[];
  /** What `Rows` must have. */
  readonly needs: readonly ('features' | 'groups' | 'prices')[];
  /** @throws ConfigError, VeloErrors 'unknown-config', 'invalid-config' for parameters it does not take */
  checkParams(params: Parameters, features: readonly string[]): void;
  /** Whether a parameter takes whole numbers only, by any of its names. */
  isWhole(param: string): boolean;
  /**
   * Learns from `rows`. `validation`: rows that are not learned from, where it can stop early.
   * @throws what `checkParams` throws; ProjectError 'training-data', 'interrupted', 'lightgbm-error'; ConfigError 'lightgbm-missing'
   */
  fit(
    tools: EstimatorTools,
    rows: LabelledRows,
    validation: LabelledRows | undefined,
    options: FitOptions,
  ): Promise<Fit>;
  /** @throws ProjectError 'model-file', 'feature-mismatch'; ConfigError 'lightgbm-missing' */
  open(tools: EstimatorTools, artifact: ModelArtifact): Promise<Model>;
}
