import { featureCount, type PredictionKind, predictionSize, predictMatrix } from './booster.ts';
import type { CApi, Handle, NumberColumn } from './c-api.ts';
import type { PredictionOutput } from './messages.ts';

/** Rows that are predicted by one call: so many doubles a column are copied, and a cancelled prediction goes on for so long. */
const ROWS_AT_ONCE = 8192;

/** Predicts all rows; undefined when it was cancelled. Raises LightgbmFailure. */
export function predict(
  api: CApi,
  booster: Handle,
  columns: readonly NumberColumn[],
  kind: PredictionKind,
  threads: number,
  isCancelled: () => boolean,
): PredictionOutput | undefined {
  const rows = columns[0]?.length ?? 0;
  // LightGBM multiplies as long as the model's trees: one row tells.
  const perRow = predictionSize(api, booster, 1, kind);
  const values = new Float64Array(rows * perRow);
  const matrix = new Float64Array(Math.min(rows, ROWS_AT_ONCE) * featureCount(api, booster));
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    if (isCancelled()) return undefined;
    const to = Math.min(rows, from + ROWS_AT_ONCE);
    const count = to - from;
    for (const [i, column] of columns.entries()) {
      matrix.set(column.subarray(from, to), i * count);
    }
    predictMatrix(
      api,
      booster,
      matrix.subarray(0, count * columns.length),
      columns.length,
      kind,
      `num_threads=${threads}`,
      values.subarray(from * perRow, to * perRow),
    );
  }
  return { values, perRow };
}
