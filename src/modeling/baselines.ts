import { groupRows, rowsOf } from '../core/row-groups.ts';

/** The chance of each row when nothing is known: one in its group, or the share of winners so far without groups. */
export function priorProbabilities(
  groups: Int32Array | undefined,
  rowCount: number,
  meanTarget: number,
): Float64Array {
  if (!groups) return new Float64Array(rowCount).fill(meanTarget);
  const races = groupRows(groups);
  return Float64Array.from(races.of, (race) => 1 / rowsOf(races, race).length);
}

/**
 * De-vigged chances from decimal odds: q = (1/O)/Σ(1/O) over the group (racing.md §2). NaN in a whole group one of whose
 * rows has no price: its book is not complete.
 */
export function marketProbabilities(groups: Int32Array, odds: Float64Array): Float64Array {
  const races = groupRows(groups);
  const chances = new Float64Array(odds.length).fill(Number.NaN);
  for (let race = 0; race < races.count; race += 1) {
    const members = rowsOf(races, race);
    let book = 0;
    for (const row of members) {
      const price = odds[row] as number;
      book += price >= 1 ? 1 / price : Number.NaN;
    }
    for (const row of members) chances[row] = 1 / (odds[row] as number) / book;
  }
  return chances;
}
