import { baseline, eachGroup } from './baseline.ts';
import type { Estimator, Rows } from './estimator.ts';

/**
 * What the market says: 1/odds over their sum in the race (racing.md §2). NaN in a race where a starter has no odds of at least
 * 1, which a pool may pay: a share of a book that is not whole says too much of those that are in it.
 */
export function marketProbabilities(rows: Rows): Float64Array {
  const { prices, count } = rows;
  if (prices?.length !== count) throw new Error('prices and rows differ in length');
  const probabilities = prices.map((price) => (price >= 1 ? 1 / price : Number.NaN));
  eachGroup(rows, (from, to) => {
    const race = probabilities.subarray(from, to);
    const book = race.reduce((sum, chance) => sum + chance, 0);
    for (const [i, chance] of race.entries()) race[i] = chance / book;
  });
  return probabilities;
}

export const market: Estimator = baseline('market', ['groups', 'prices'], marketProbabilities);
