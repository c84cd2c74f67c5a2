import { areClose } from './close-values.ts';

/** How the values of a compared column are told apart. */
export interface ComparedColumn {
  readonly name: string;
  /** Relative to the larger of two numbers; 0: they must be the same. */
  readonly tolerance: number;
}

export type Cells = readonly unknown[];

/** Expected and actual rows side by side; of a row that one side alone has the other is undefined. */
export interface RowPair {
  readonly expected: Cells | undefined;
  readonly actual: Cells | undefined;
  readonly isEqual: boolean;
}

/**
 * Pairs expected rows with actual ones, whatever the order of either: equal ones first, then those that are one row
 * with other values. In the order of the expected rows; those nobody expected come last.
 */
export function matchRows(
  expected: readonly Cells[],
  actual: readonly Cells[],
  columns: readonly ComparedColumn[],
): readonly RowPair[] {
  const left = new Set(actual.keys());
  const found = new Map<number, number>();
  const pair = (row: number, other: number | undefined) => {
    if (other === undefined) return;
    found.set(row, other);
    left.delete(other);
  };
  const open = () => [...expected.keys()].filter((row) => !found.has(row));
  const equal = takeByKey(actual, left, (cells) => keyOf(cells));
  for (const row of open()) pair(row, equal(expected[row] as Cells));
  if (columns.some(({ tolerance }) => tolerance > 0)) {
    const close = takeClose(actual, left, columns);
    for (const row of open()) pair(row, close(expected[row] as Cells));
  }
  const equals = new Set(found.keys());
  pairChanged(expected, actual, open(), left, pair);
  return [
    ...[...expected.keys()].map((row) => ({
      expected: expected[row],
      actual: actual[found.get(row) ?? -1],
      isEqual: equals.has(row),
    })),
    ...[...left].map((row) => ({ expected: undefined, actual: actual[row], isEqual: false })),
  ];
}

const keyOf = (cells: Cells): string => JSON.stringify(cells);

/** Finds the first row of a key that was not taken yet. */
function takeByKey(rows: readonly Cells[], left: Iterable<number>, key: (cells: Cells) => string) {
  const byKey = new Map<string, number[]>();
  for (const row of left) {
    const name = key(rows[row] as Cells);
    const same = byKey.get(name);
    if (same) same.push(row);
    else byKey.set(name, [row]);
  }
  for (const same of byKey.values()) same.reverse();
  return (cells: Cells): number | undefined => byKey.get(key(cells))?.pop();
}

/** Finds a row whose exact columns are the same and whose others are close. */
function takeClose(
  rows: readonly Cells[],
  left: Iterable<number>,
  columns: readonly ComparedColumn[],
) {
  const exactKey = (cells: Cells) => keyOf(cells.filter((_, at) => columns[at]?.tolerance === 0));
  const groups = new Map<string, number[]>();
  for (const row of left) {
    const key = exactKey(rows[row] as Cells);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const isClose = (one: Cells, other: Cells) =>
    columns.every(
      ({ tolerance }, at) => tolerance === 0 || areClose(one[at], other[at], tolerance),
    );
  return (cells: Cells): number | undefined => {
    const group = groups.get(exactKey(cells)) ?? [];
    const at = group.findIndex((row) => isClose(cells, rows[row] as Cells));
    return at < 0 ? undefined : group.splice(at, 1)[0];
  };
}

/** Beyond so many rows of either side what is alike is only told by a column that is a key. */
const MOST_ALIKE = 200;

/** Pairs rows by a column whose values tell them apart on both sides, the rest by how many cells are the same. */
function pairChanged(
  expected: readonly Cells[],
  actual: readonly Cells[],
  open: readonly number[],
  left: ReadonlySet<number>,
  pair: (row: number, other: number | undefined) => void,
): void {
  const key = keyColumn(pick(expected, open), pick(actual, left));
  if (key !== undefined) {
    const take = takeByKey(actual, left, (cells) => keyOf([cells[key]]));
    for (const row of open) pair(row, take(expected[row] as Cells));
    return;
  }
  if (open.length > MOST_ALIKE || left.size > MOST_ALIKE) return;
  for (const row of open) pair(row, mostAlike(expected[row] as Cells, actual, left));
}

const pick = (rows: readonly Cells[], which: Iterable<number>): Cells[] =>
  [...which].map((row) => rows[row] as Cells);

/** The first column without NULLs whose values differ in all rows of each side, and of which both share some. */
function keyColumn(one: readonly Cells[], other: readonly Cells[]): number | undefined {
  const [first] = one;
  const at = first?.findIndex((_, column) => {
    const [here, there] = [one, other].map(
      (rows) =>
        new Set(rows.map((cells) => (cells[column] === null ? '' : keyOf([cells[column]])))),
    );
    if (!here || !there || here.has('') || there.has('')) return false;
    const isKey = here.size === one.length && there.size === other.length;
    return isKey && [...here].some((value) => there.has(value));
  });
  return at === undefined || at < 0 ? undefined : at;
}

/** The row with the most cells in common, if that is at least half of them. */
function mostAlike(
  cells: Cells,
  rows: readonly Cells[],
  left: ReadonlySet<number>,
): number | undefined {
  let best: number | undefined;
  let most = Math.ceil(cells.length / 2) - 1;
  for (const row of left) {
    const other = rows[row] as Cells;
    const same = cells.filter((cell, at) => keyOf([cell]) === keyOf([other[at]])).length;
    if (same > most) [best, most] = [row, same];
  }
  return best;
}
