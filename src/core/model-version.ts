/** A column a model was trained on, as it must come to be scored. */
export interface FeatureSchema {
  readonly name: string;
  /** `number`: any numeric or boolean column; `category`: text or whole numbers, by the dictionary. */
  readonly kind: 'number' | 'category';
  /** Its type in training, as velo calls it in every engine: `integer`, `decimal`, `float`, `boolean`, `text`. */
  readonly type: string;
  /** Share of the training rows that were NULL; absent where the model was trained elsewhere. */
  readonly nullRate?: number;
  /** Values of a category in the order of their codes; others are missing values. */
  readonly categories?: readonly string[];
}

/** One of the values a target can have: as it is in the rows. */
export type ClassValue = string | number | boolean;

/** A figure and its 95 % interval by bootstrap over days; ends are absent where there were too few days. */
export interface Estimate {
  readonly value: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** A number of a backtest's summary; absent where there is nothing to divide by. */
export interface Figure {
  readonly name: string;
  readonly value: number | undefined;
  readonly lower?: number;
  readonly upper?: number;
}

export type Estimates = Readonly<Record<string, Estimate>>;

/** The search for the parameters of a model. */
export interface TuningReport {
  readonly method: string;
  readonly seed: number;
  /** What was measured of the out-of-fold answers. */
  readonly metric: string;
  /** What ended it. */
  readonly ended: 'trials' | 'seconds' | 'patience';
  /** Number of the trial that was taken, from 1. */
  readonly best: number;
  readonly trials: readonly {
    readonly params: Readonly<Record<string, string | number | boolean>>;
    /** null: it could not be trained or measured. */
    readonly value: number | null;
    readonly seconds: number;
  }[];
}

/** What a model loses when the values of one feature are shuffled. */
export interface PermutationReport {
  readonly rows: 'test' | 'folds';
  readonly metric: string;
  /** Among which rows values were shuffled. */
  readonly within: 'group' | 'all';
  readonly repeats: number;
  /** By how much the metric got worse, the mean of the repeats; largest first. */
  readonly features: readonly ({ readonly feature: string } & Estimate)[];
}

/** Rows a model is judged by, and what came of it. */
export interface ModelReport {
  /** The untouched last period; absent where it was judged elsewhere. */
  readonly test?: {
    readonly from: string;
    readonly to: string;
    readonly days: number;
    readonly rows: number;
    readonly groups: number | undefined;
  };
  /** Column it was trained to foretell; absent in older versions. */
  readonly target?: string;
  /** The metric champions are chosen by, lower for better; absent: log_loss. */
  readonly decides?: string;
  /** Of the model, calibrated and normalised, by the metric's name. */
  readonly model: Estimates;
  /** Of `prior`, what one would say without looking, `market` where there are prices, and `champion` where there is one, on the same rows. */
  readonly baselines: Readonly<Record<string, Estimates>>;
  /** Paired differences `metric - baseline.metric`: below 0 is better for losses. */
  readonly differences: Estimates;
  /** What the gate asked for, in words, and whether it held. */
  readonly gate: readonly {
    readonly rule: string;
    readonly passed: boolean;
    readonly found: string;
  }[];
  /** The calibrator that was chosen, and what each came to on the later block. */
  readonly calibration: {
    readonly method: string;
    readonly logLoss: Readonly<Record<string, number>>;
  };
  /** How its parameters were found; absent where they were given. */
  readonly tuning?: TuningReport;
  /** Gain of each feature's splits as a share of all, largest first. */
  readonly importance: readonly {
    readonly feature: string;
    readonly gain: number;
    readonly splits: number;
  }[];
  /** Absent where nobody asked for it. */
  readonly permutation?: PermutationReport;
  /** Trees of the model, and of each fold. */
  readonly rounds: readonly number[];
}

/** One version of a registered model: a row of `modeling.models`. */
export interface ModelVersion {
  /** Name, version and the beginning of the artifact's checksum: `win_probability/3/1f0c9a2b7d55`. */
  readonly modelId: string;
  readonly name: string;
  /** 1, 2, 3 … within the name. */
  readonly version: number;
  /** `registered`, `champion`, or `retired`: was champion. */
  readonly stage: string;
  /** Folder of its files, relative to the artifacts folder. */
  readonly artifactUri: string;
  /** SHA-256 of the folder's list of files and their checksums. */
  readonly artifactSha256: string;
  /** What the run said of it: metrics with intervals, beside the baselines. */
  readonly metrics: ModelReport;
  readonly createdAtMs: number;
  readonly estimator: string;
  readonly objective: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly features: readonly FeatureSchema[];
  /** First and last date of the rows its trees saw, and how many rows these are; 0 where it was trained elsewhere. */
  readonly trainingFrom: string;
  readonly trainingTo: string;
  readonly trainingRows: number;
  /** Of all rows the node read, values and order. */
  readonly dataFingerprint: string;
  /** Of code and settings alone. */
  readonly codeFingerprint: string;
  /** Of data, code, settings and library: the same one is not trained again. */
  readonly trainFingerprint: string;
  /** Commit of the project's folder; undefined outside of git. */
  readonly gitCommit: string | undefined;
  readonly runId: string;
}

/** A move of an alias, which is never forgotten: who was champion then is known. */
export interface AliasMove {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  readonly movedAtMs: number;
  readonly runId: string;
  /** `trained`, `promoted`, `rolled back`, `imported`. */
  readonly reason: string;
}

/** What the registry knows of one name, or of all. */
export interface RegistryContent {
  /** By name, then version. */
  readonly versions: readonly ModelVersion[];
  /** In the order they happened. */
  readonly moves: readonly AliasMove[];
}

export const EMPTY_REGISTRY: RegistryContent = { versions: [], moves: [] };

export const CHAMPION = 'champion';
