import { type CApi, dataType, type Handle } from './c-api.ts';

/** What is predicted: the objective's own output, before its link function, the leaf of each tree, or SHAP contributions. */
export const PREDICTION_KINDS = { value: 0, raw: 1, leaf: 2, shap: 3 } as const;
export type PredictionKind = keyof typeof PREDICTION_KINDS;

/** `split`: how often a feature divides a node; `gain`: by how much that lowered the loss in all. */
export const IMPORTANCE_KINDS = { split: 0, gain: 1 } as const;
export type ImportanceKind = keyof typeof IMPORTANCE_KINDS;

const NAME_BYTES = 256;
const TEXT_BYTES = 1 << 20;

function wholeNumber(api: CApi, name: Parameters<CApi['call']>[0], booster: Handle): number {
  const out = new Int32Array(1);
  api.call(name, [{ handle: booster }, { output: out }]);
  return out[0] ?? 0;
}

export const classCount = (api: CApi, booster: Handle): number =>
  wholeNumber(api, 'BoosterGetNumClasses', booster);

export const featureCount = (api: CApi, booster: Handle): number =>
  wholeNumber(api, 'BoosterGetNumFeature', booster);

/** Adds a tree for each class; true when no tree could be grown any more. */
export function update(api: CApi, booster: Handle): boolean {
  return wholeNumber(api, 'BoosterUpdateOneIter', booster) === 1;
}

/** Names of the metrics, in the order in which they are computed. */
export function metricNames(api: CApi, booster: Handle): string[] {
  const count = wholeNumber(api, 'BoosterGetEvalCounts', booster);
  const names = Array.from({ length: count }, () => new Uint8Array(NAME_BYTES));
  api.call('BoosterGetEvalNames', [
    { handle: booster },
    count,
    { output: new Int32Array(1) },
    { long: NAME_BYTES },
    { output: new BigInt64Array(1) },
    { outputTexts: names },
  ]);
  return names.map((bytes) => Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString());
}

/** Each metric on a dataset: 0 is the training data, 1 the first validation set. */
export function evaluate(api: CApi, booster: Handle, dataset: number, metrics: number) {
  const values = new Float64Array(metrics);
  const args = [
    { handle: booster },
    dataset,
    { output: new Int32Array(1) },
    { output: values },
  ] as const;
  api.call('BoosterGetEval', args);
  return values;
}

/** The model's text with its first `iterations`; all with -1. */
export function modelText(api: CApi, booster: Handle, iterations: number): string {
  const length = new BigInt64Array(1);
  const read = (size: number) => {
    const text = Buffer.allocUnsafe(size);
    const args = [
      { handle: booster },
      0,
      iterations,
      IMPORTANCE_KINDS.split,
      { long: size },
      { output: length },
      { output: text },
    ];
    api.call('BoosterSaveModelToString', args);
    return text;
  };
  const text = read(TEXT_BYTES);
  // The length counts the zero byte at the end; a text that does not fit is not written at all.
  const size = Number(length[0]);
  return (size <= TEXT_BYTES ? text : read(size)).toString('utf8', 0, size - 1);
}

/** Loads a text that has been checked: LightGBM ends the process over one that was cut off. */
export function loadModel(api: CApi, text: string): Handle {
  return api.create('BoosterLoadModelFromString', [{ text }, { output: new Int32Array(1) }]);
}

export function importance(
  api: CApi,
  booster: Handle,
  kind: ImportanceKind,
  iterations: number,
): Float64Array {
  const values = new Float64Array(featureCount(api, booster));
  api.call('BoosterFeatureImportance', [
    { handle: booster },
    iterations,
    IMPORTANCE_KINDS[kind],
    { output: values },
  ]);
  return values;
}

/** How many numbers a prediction of `rows` has. */
export function predictionSize(
  api: CApi,
  booster: Handle,
  rows: number,
  kind: PredictionKind,
): number {
  const length = new BigInt64Array(1);
  const args = [{ handle: booster }, rows, PREDICTION_KINDS[kind], 0, -1, { output: length }];
  api.call('BoosterCalcNumPredict', args);
  return Number(length[0]);
}

/** Predicts rows of a matrix whose columns stand one after the other, into `values`. */
export function predictMatrix(
  api: CApi,
  booster: Handle,
  matrix: Float64Array,
  columns: number,
  kind: PredictionKind,
  parameters: string,
  values: Float64Array,
): void {
  api.call('BoosterPredictForMat', [
    { handle: booster },
    { input: matrix },
    dataType(matrix),
    matrix.length / columns,
    columns,
    0,
    PREDICTION_KINDS[kind],
    0,
    -1,
    { text: parameters },
    { output: new BigInt64Array(1) },
    { output: values },
  ]);
}
