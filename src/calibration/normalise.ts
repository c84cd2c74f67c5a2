import { type RowGroups, rowsOf } from '../core/row-groups.ts';

/**
 * Each race's probabilities divided by their sum. NaN (a horse withdrawn) stays NaN and is no part of the sum; in a
 * race whose probabilities are all 0 every horse has the same.
 */
export function normaliseWithin(p: Float64Array, races: RowGroups): Float64Array {
  const shares = new Float64Array(p.length).fill(Number.NaN);
  for (let race = 0; race < races.count; race += 1) {
    const members = rowsOf(races, race).filter((row) => !Number.isNaN(p[row]));
    let total = 0;
    for (const row of members) total += p[row] as number;
    for (const row of members) {
      shares[row] = total > 0 ? (p[row] as number) / total : 1 / members.length;
    }
  }
  return shares;
}
