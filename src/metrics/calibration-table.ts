import { ascendingOrder } from '../core/ascending-order.ts';

/** Rows whose predictions are near each other: what was said and what came. */
export interface CalibrationBin {
  readonly rows: number;
  /** Lowest and highest prediction in the bin. */
  readonly lowest: number;
  readonly highest: number;
  readonly meanPrediction: number;
  readonly meanTarget: number;
}

/**
 * The reliability table: rows sorted by prediction (stably), in `bins` bins of equal count, the first ones taking what
 * is over (numpy's `array_split`; the bins of `ece`). Bins without rows are left out, so none of no rows.
 */
export function calibrationTable(
  p: Float64Array,
  y: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] {
  const order = ascendingOrder(p);
  const table: CalibrationBin[] = [];
  let start = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const size = Math.floor(p.length / bins) + (bin < p.length % bins ? 1 : 0);
    if (size > 0) table.push(binOf(order.subarray(start, start + size), p, y));
    start += size;
  }
  return table;
}

function binOf(rows: Uint32Array, p: Float64Array, y: ArrayLike<number>): CalibrationBin {
  let said = 0;
  let came = 0;
  for (const row of rows) {
    said += p[row] as number;
    came += y[row] as number;
  }
  return {
    rows: rows.length,
    lowest: p[rows[0] as number] as number,
    highest: p[rows.at(-1) as number] as number,
    meanPrediction: said / rows.length,
    meanTarget: came / rows.length,
  };
}
