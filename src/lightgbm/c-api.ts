/** What a column of numbers may be stored as. NaN is a missing value; whole numbers cannot be missing. */
export type NumberColumn = Float64Array | Float32Array | Int32Array | Uint8Array;

/** An object inside LightGBM: its address. */
export type Handle = number | bigint;

/** Memory that a function reads or writes. */
type Memory = Float64Array | Float32Array | Int32Array | BigInt64Array;

/**
 * An argument of a C function: a number is an `int`, null a null pointer, and the rest says what it is. `output` is memory that the
 * function fills; `outputTexts` are places for texts that end in a zero byte.
 */
export type Argument =
  | number
  | null
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly long: number }
  | { readonly handle: Handle }
  | { readonly input: Memory }
  | { readonly output: Memory | Uint8Array }
  | { readonly outputTexts: readonly Uint8Array[] };

/** LightGBM's C functions, whatever runs them. They block the thread; all of one library must be called from one. */
export interface CApi {
  /** The file it was loaded from. */
  readonly path: string;
  readonly kind: 'library' | 'wasm';
  /** Calls `LGBM_<name>`. Raises LightgbmFailure with LightGBM's own words. */
  call(name: FunctionName, args: readonly Argument[]): void;
  /** Calls a function whose last argument receives a handle. */
  create(name: FunctionName, args: readonly Argument[]): Handle;
  /** A dataset of columns of one length, copied into LightGBM's bins; `reference`: the training dataset whose bins it takes. */
  createDataset(
    columns: readonly NumberColumn[],
    parameters: string,
    reference: Handle | undefined,
  ): Handle;
  /** From now on each line LightGBM says goes to `listener`. */
  onLog(listener: (line: string) => void): void;
}

/** A C function reported an error: in LightGBM's words, without the line of its source that says them. */
export class LightgbmFailure extends Error {
  constructor(words: string) {
    super(words.replace(/ at \S+, line \d+ \.\s*$/, ''));
  }
}

/** The C functions that are used, with their signatures: `lightgbm/c_api.h` of 4.7.0. */
export const SIGNATURES = {
  DatasetCreateFromMat:
    '(const void *data, int type, int rows, int columns, int row_major, const char *parameters, void *reference, void *out)',
  DatasetCreateFromArrow:
    '(int64_t chunks, void *arrays, void *schema, const char *parameters, void *reference, void *out)',
  DatasetSetField: '(void *dataset, const char *field, const void *data, int count, int type)',
  DatasetSetFeatureNames: '(void *dataset, const char **names, int count)',
  DatasetFree: '(void *dataset)',
  BoosterCreate: '(void *dataset, const char *parameters, void *out)',
  BoosterFree: '(void *booster)',
  BoosterAddValidData: '(void *booster, void *dataset)',
  BoosterUpdateOneIter: '(void *booster, void *finished)',
  BoosterGetCurrentIteration: '(void *booster, void *out)',
  BoosterNumModelPerIteration: '(void *booster, void *out)',
  BoosterGetNumClasses: '(void *booster, void *out)',
  BoosterGetNumFeature: '(void *booster, void *out)',
  BoosterGetEvalCounts: '(void *booster, void *out)',
  BoosterGetEvalNames:
    '(void *booster, int count, void *out_count, size_t size, void *out_size, void *texts)',
  BoosterGetEval: '(void *booster, int dataset, void *out_count, void *values)',
  BoosterLoadModelFromString: '(const char *text, void *iterations, void *out)',
  BoosterSaveModelToString:
    '(void *booster, int start, int iterations, int importance, int64_t size, void *length, void *text)',
  BoosterFeatureImportance: '(void *booster, int iterations, int kind, void *values)',
  BoosterCalcNumPredict:
    '(void *booster, int rows, int kind, int start, int iterations, void *length)',
  BoosterPredictForMat:
    '(void *booster, const void *data, int type, int rows, int columns, int row_major, int kind, int start, int iterations, const char *parameters, void *length, void *values)',
  DumpParamAliases: '(int64_t size, void *length, void *text)',
} as const;

export type FunctionName = keyof typeof SIGNATURES;

/** LightGBM's number for what an array holds. */
export function dataType(values: NumberColumn | BigInt64Array): number {
  if (values instanceof Float32Array) return 0;
  if (values instanceof Float64Array) return 1;
  if (values instanceof Int32Array) return 2;
  throw new TypeError('LightGBM takes no such array');
}

/** Gathers the pieces a log callback is called with into lines. */
export function lines(listener: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') listener(part);
  };
}
