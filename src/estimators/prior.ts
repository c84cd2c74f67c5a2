import { baseline, eachGroup } from './baseline.ts';
import type { Estimator, Rows } from './estimator.ts';

/** What is known of a race without looking: each of n starters wins with probability 1/n. */
export function priorProbabilities(rows: Rows): Float64Array {
  const probabilities = new Float64Array(rows.count);
  eachGroup(rows, (from, to) => probabilities.fill(1 / (to - from), from, to));
  return probabilities;
}

export const prior: Estimator = baseline('prior', ['groups'], priorProbabilities);
