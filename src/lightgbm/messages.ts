import type { PredictionKind } from './booster.ts';
import type { NumberColumn } from './c-api.ts';

/** Rows as LightGBM takes them; all arrays have a value for each row, but `groups`: how many rows each group has, in order. */
export interface DatasetInput {
  readonly columns: readonly NumberColumn[];
  readonly label: Float32Array;
  readonly weights?: Float32Array | undefined;
  readonly groups?: Int32Array | undefined;
  /** Where boosting starts, before the link function; for each class in turn. */
  readonly initialScores?: Float64Array | undefined;
}

export interface EarlyStopping {
  /** So many rounds without a better value end the training. */
  readonly rounds: number;
  /** What counts as better; 0 unless told. */
  readonly minDelta?: number | undefined;
  /** Only the first metric decides; else each can. */
  readonly firstMetricOnly?: boolean | undefined;
}

export interface TrainingInput {
  readonly training: DatasetInput;
  readonly validation?: DatasetInput | undefined;
  readonly featureNames: readonly string[];
  /** As LightGBM takes them: `name=value`, separated by spaces. */
  readonly parameters: string;
  readonly rounds: number;
  /** Needs `validation`. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** The model after so many rounds is given, too, whichever was best; `rounds` at most. */
  readonly keep?: number | undefined;
}

/** A round is over: the metrics on the validation set, none without one. */
export interface TrainingProgress {
  /** From 1 on. */
  readonly round: number;
  readonly rounds: number;
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
}

export interface TrainingOutput {
  /** LightGBM's own text; with early stopping only the trees up to the best round. */
  readonly text: string;
  /** The trees up to `keep`, where that was asked for. */
  readonly kept?: string | undefined;
  /** The best round when training was stopped early or could have been, else the last. From 1 on. */
  readonly bestRound: number;
  /** Rounds that were trained. */
  readonly rounds: number;
  /** The metrics on the validation set after the best round. */
  readonly metrics: TrainingProgress['metrics'];
  readonly gain: Float64Array;
  readonly split: Float64Array;
  /** What LightGBM warned of, each text once. */
  readonly warnings: readonly string[];
}

export interface ModelInfo {
  readonly model: number;
  readonly features: number;
  /** Numbers an ordinary prediction has for each row. */
  readonly outputs: number;
  readonly gain: Float64Array;
  readonly split: Float64Array;
}

export interface PredictionInput {
  readonly model: number;
  readonly columns: readonly NumberColumn[];
  readonly kind: PredictionKind;
  readonly threads: number;
}

/** Row after row, `perRow` numbers each. */
export interface PredictionOutput {
  readonly values: Float64Array;
  readonly perRow: number;
}

/** What the main thread asks and what comes back. */
export interface Tasks {
  readonly train: { readonly input: TrainingInput; readonly output: TrainingOutput };
  readonly load: { readonly input: { readonly text: string }; readonly output: ModelInfo };
  readonly predict: { readonly input: PredictionInput; readonly output: PredictionOutput };
  readonly contribute: {
    readonly input: Pick<PredictionInput, 'columns'>;
    /** Undefined: only LightGBM itself can. */
    readonly output: PredictionOutput | undefined;
  };
  readonly free: { readonly input: { readonly model: number }; readonly output: undefined };
}

export type TaskName = keyof Tasks;

/** `cancelled` holds one number: other than 0 once nobody wants the answer any more. */
export type Request = {
  readonly [Name in TaskName]: {
    readonly id: number;
    readonly task: Name;
    readonly input: Tasks[Name]['input'];
    readonly cancelled: Int32Array;
  };
}[TaskName];

/** A file that was tried, and why it was not taken. */
export interface Attempt {
  readonly path: string;
  readonly reason: string;
}

export type Reply =
  | {
      readonly reply: 'ready';
      readonly path: string;
      readonly kind: 'library' | 'wasm';
      readonly failed: readonly Attempt[];
    }
  | { readonly reply: 'unusable'; readonly failed: readonly Attempt[] }
  | { readonly reply: 'progress'; readonly id: number; readonly progress: TrainingProgress }
  | { readonly reply: 'done'; readonly id: number; readonly output: Tasks[TaskName]['output'] }
  | { readonly reply: 'failed'; readonly id: number; readonly message: string }
  | { readonly reply: 'cancelled'; readonly id: number };

/** What the Worker is started with. */
export interface WorkerSettings {
  readonly candidates: readonly LibraryFile[];
  /** Where koffi's module is, when it is installed. */
  readonly koffi: string | undefined;
}

/** What the thread with LightGBM is asked; a thread for contributions is asked for nothing else. */
export type LibraryRequest = Exclude<Request, ContributeRequest>;
export type ContributeRequest = Extract<Request, { readonly task: 'contribute' }>;

/** What a thread for contributions is started with. */
export interface ShapSettings {
  readonly text: string;
  readonly outputs: number;
}

/** A file LightGBM may be loaded from. */
export interface LibraryFile {
  readonly path: string;
  readonly kind: 'library' | 'wasm';
  /** Libraries that must be in the process before it. */
  readonly preload: readonly string[];
  /** The sums of the files that velo ships: file to SHA-256. */
  readonly sums: Readonly<Record<string, string>>;
}
