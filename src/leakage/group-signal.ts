/** What a feature tells of a label, summed over groups such as races. */
export interface GroupSignal {
  /** Groups with a value at both a 1 and a 0 of the label. */
  readonly groups: number;
  /** Those of them in which two values differ. */
  readonly telling: number;
  /** Σ (AUC − ½): AUC is the share of pairs of a 1 and a 0 in which the 1 has the higher value, ties counting half. */
  readonly surplus: number;
  /** Variance the sum has when each group's labels are dealt out anew among its rows: exact. */
  readonly variance: number;
}

/** Values are compared to 9 decimals: the order of a sum may not decide between two rows. */
const DECIMALS = 1e9;

/**
 * @param values one for each row; NaN: none, such a row is left out of its group
 * @param isOne whether the row's label is 1
 * @param groups a number for each row; rows of a group are neighbours
 */
export function groupSignal(
  values: ArrayLike<number>,
  isOne: ArrayLike<number>,
  groups: ArrayLike<number>,
): GroupSignal {
  const sums = { groups: 0, telling: 0, surplus: 0, variance: 0 };
  const compared = Float64Array.from(values, (value) => Math.round(value * DECIMALS) / DECIMALS);
  let rows: number[] = [];
  for (let row = 0; row < compared.length; row++) {
    if (!Number.isNaN(compared[row])) rows.push(row);
    if (groups[row + 1] === groups[row]) continue;
    addGroup(sums, rows, compared, isOne);
    rows = [];
  }
  return sums;
}

type Sums = { -readonly [Name in keyof GroupSignal]: number };

function addGroup(
  sums: Sums,
  rows: number[],
  values: Float64Array,
  isOne: ArrayLike<number>,
): void {
  const count = rows.length;
  const ones = rows.filter((row) => isOne[row]).length;
  const pairs = ones * (count - ones);
  if (pairs === 0) return;
  sums.groups += 1;
  const { ranksOfOnes, spread } = rankedRows(rows, values, isOne);
  if (spread === 0) return;
  sums.telling += 1;
  sums.surplus += (ranksOfOnes - (ones * (ones + 1)) / 2) / pairs - 0.5;
  sums.variance += spread / (count * (count - 1) * pairs);
}

/** The sum of the ones' ranks, ties sharing their mean, and Σ (rank − mean rank)² of all rows. */
function rankedRows(rows: number[], values: Float64Array, isOne: ArrayLike<number>) {
  const valueAt = (at: number) => values[rows[at] ?? 0] ?? 0;
  rows.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const mean = (rows.length + 1) / 2;
  let ranksOfOnes = 0;
  let spread = 0;
  for (let first = 0; first < rows.length; ) {
    const value = valueAt(first);
    let next = first + 1;
    while (next < rows.length && valueAt(next) === value) next++;
    const rank = (first + 1 + next) / 2;
    for (let at = first; at < next; at++) if (isOne[rows[at] ?? 0]) ranksOfOnes += rank;
    spread += (next - first) * (rank - mean) ** 2;
    first = next;
  }
  return { ranksOfOnes, spread };
}

/** Most that one group can add to or take from the sum. */
const LARGEST_STEP = 0.5;

/**
 * How far from 0 the sum may be by chance: with probability `confidence` none of `comparisons` such sums, however they
 * depend on each other, lies farther. Freedman's inequality for bounded steps of known variance: it holds for few groups
 * and lopsided values, too, where a normal distribution does not, and for labels that later groups' values know.
 */
export function chanceBand(
  variance: number,
  { comparisons, confidence }: { readonly comparisons: number; readonly confidence: number },
): number {
  const rarity = Math.log((2 * comparisons) / (1 - confidence));
  const linear = (LARGEST_STEP * rarity) / 3;
  return linear + Math.sqrt(linear ** 2 + 2 * variance * rarity);
}
