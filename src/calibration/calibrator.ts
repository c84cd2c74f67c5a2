/** What a calibrator learnt, as it is stored: lists of numbers by name. */
export type CalibrationState = Readonly<Record<string, readonly number[]>>;

/** A fitted calibrator; plain JSON. */
export interface Calibration {
  readonly method: string;
  readonly state: CalibrationState;
  /** What `auto` compared, in the order tried: log loss on the later days, lowest kept. */
  readonly tried?: readonly { readonly method: string; readonly logLoss: number }[] | undefined;
}

export interface CalibratorOptions {
  /** Of isotonic: no probability below it; .003 unless said, 0 for no floor at all. */
  readonly floor?: number | undefined;
}

/** A way from scores to probabilities. Adding one: a file, and a line in index.ts. */
export interface Calibrator {
  readonly name: string;
  /** `p`: from 0 to 1; `y`: 0 or 1 for each, both present. */
  fit(p: Float64Array, y: ArrayLike<number>, options: CalibratorOptions): CalibrationState;
  /** The fitted function of one prediction. Raises Error for a state that is not its own. */
  curve(state: CalibrationState): (p: number) => number;
}

/** A list of a stored state, at least `least` long. */
export function stored(state: CalibrationState, key: string, least: number): readonly number[] {
  const list = state[key];
  if (Array.isArray(list) && list.length >= least) return list;
  throw new Error(`a calibration without ${key}`);
}
