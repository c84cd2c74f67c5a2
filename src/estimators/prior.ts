import { baseline, eachGroup } from './baseline.ts';
import type { Estimator } from './estimator.ts';

/** What is known of a race without looking: each of n starters wins with probability 1/n. */
export const prior: Estimator = baseline('prior', ['groups'], (rows) => {
  const probabilities = new Float64Array(rows.count);
  eachGroup(rows, (from, to) => probabilities.fill(1 / (to - from), from, to));
  return probabilities;
});
