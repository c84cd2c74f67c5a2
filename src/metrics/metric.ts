import type { JudgedRows, Target } from './judged-rows.ts';

/**
 * A number over the rows, each day counted `times[day]` times: once each for the value itself, drawn with
 * replacement for its interval. NaN when those days leave nothing to measure.
 */
export type Measure = (times: Int32Array) => number;

/** How good predictions are. Adding one: a file, and a line in index.ts. */
export interface Metric {
  readonly name: string;
  /** What it says, for people, in a few words. */
  readonly title: string;
  readonly target: Target;
  readonly better: 'lower' | 'higher';
  /** `score`: any number, of a binary target because only the order of the predictions counts. */
  readonly takes: 'probability' | 'score';
  /** Compares the rows of a race: says nothing where each row stands for itself. */
  readonly needsRaces?: boolean;
  /** `p`: a prediction for each row, checked; of classes all probabilities of a row, then those of the next. What needs a sort is done here, once for all draws. */
  prepare(p: Float64Array, rows: JudgedRows): Measure;
}

/**
 * A mean: the sum of what the units (rows, races, pairs) have, by how many they are. `add` tells of each unit its day,
 * its share of the sum and its weight; then a draw costs one pass over the days.
 */
export function meanMeasure(
  dayCount: number,
  visit: (add: (day: number, sum: number, weight: number) => void) => void,
): Measure {
  const sums = new Float64Array(dayCount);
  const weights = new Float64Array(dayCount);
  visit((day, sum, weight) => {
    sums[day] = (sums[day] as number) + sum;
    weights[day] = (weights[day] as number) + weight;
  });
  return (times) => {
    let sum = 0;
    let weight = 0;
    for (let day = 0; day < dayCount; day += 1) {
      sum += (times[day] as number) * (sums[day] as number);
      weight += (times[day] as number) * (weights[day] as number);
    }
    return sum / weight;
  };
}

/** The mean over the rows of what `said` says of each. */
export const rowMean = ({ y, days }: JudgedRows, said: (row: number) => number): Measure =>
  meanMeasure(days.count, (add) => {
    for (let row = 0; row < y.length; row += 1) add(days.of[row] as number, said(row), 1);
  });

/** Every day once. */
export const eachDayOnce = (dayCount: number): Int32Array => new Int32Array(dayCount).fill(1);
