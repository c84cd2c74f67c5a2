import { ascendingOrder } from '../core/ascending-order.ts';
import type { Metric } from './metric.ts';

const ECE_BINS = 10;

/**
 * Expected calibration error: rows sorted by p (stably) and cut in 10 bins of equal count, Σ n_b/n·|mean y − mean p|.
 * The bins are numpy's `array_split`: the first n mod 10 hold one row more.
 * Equal predictions are cut in the order of the rows, so many ties make it depend on that order. Naeini, Cooper & Hauskrecht 2015.
 */
export const calibrationError: Metric = {
  name: 'ece',
  title: 'calibration error',
  target: 'binary',
  better: 'lower',
  takes: 'probability',
  prepare: (p, { y, days }) => {
    const order = ascendingOrder(p);
    const day = Int32Array.from(order, (row) => days.of[row] as number);
    const excess = Float64Array.from(order, (row) => (y[row] as number) - (p[row] as number));
    return (times) => weightedError(day, excess, times);
  },
};

/** A row drawn several times stands several times in the order, and may so lie in two bins. */
function weightedError(day: Int32Array, excess: Float64Array, times: Int32Array): number {
  let total = 0;
  for (const d of day) total += times[d] as number;
  let bin = 0;
  let room = binSize(total, bin);
  let sum = 0;
  let error = 0;
  for (let i = 0; i < day.length; i += 1) {
    let left = times[day[i] as number] as number;
    while (left > 0) {
      const taken = Math.min(left, room);
      sum += taken * (excess[i] as number);
      left -= taken;
      room -= taken;
      if (room > 0) continue;
      error += Math.abs(sum);
      sum = 0;
      bin += 1;
      room = binSize(total, bin);
    }
  }
  return error / total;
}

/** Rows of bin `bin` when `total` are cut in ECE_BINS, the first ones taking what is over. */
const binSize = (total: number, bin: number): number =>
  Math.floor(total / ECE_BINS) + (bin < total % ECE_BINS ? 1 : 0);
