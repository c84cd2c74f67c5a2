/**
 * Rows told apart by a key: race, day. Groups are numbered from 0 by their first row; those of group `g` are
 * `rows[offsets[g]]` up to `rows[offsets[g + 1] - 1]`, ascending.
 */
export interface RowGroups {
  readonly count: number;
  /** The group of each row. */
  readonly of: Int32Array;
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

/** Groups of rows with equal keys. The rows of a group need not be beside each other. */
export function groupRows(keys: ArrayLike<number | bigint | string>): RowGroups {
  const numbers = new Map<number | bigint | string, number>();
  const of = new Int32Array(keys.length);
  for (let row = 0; row < of.length; row += 1) {
    const key = keys[row] as number | bigint | string;
    let group = numbers.get(key);
    if (group === undefined) {
      group = numbers.size;
      numbers.set(key, group);
    }
    of[row] = group;
  }
  return { count: numbers.size, of, ...membersOf(of, numbers.size) };
}

/** A counting sort: rows of a group keep their order. */
function membersOf(of: Int32Array, count: number): Pick<RowGroups, 'offsets' | 'rows'> {
  const offsets = new Int32Array(count + 1);
  for (const group of of) offsets[group + 1] = (offsets[group + 1] as number) + 1;
  for (let g = 0; g < count; g += 1)
    offsets[g + 1] = (offsets[g + 1] as number) + (offsets[g] as number);
  const next = offsets.slice(0, count);
  const rows = new Int32Array(of.length);
  for (let row = 0; row < of.length; row += 1) {
    const group = of[row] as number;
    const at = next[group] as number;
    rows[at] = row;
    next[group] = at + 1;
  }
  return { offsets, rows };
}

/** The rows of one group, a view without a copy. */
export const rowsOf = ({ offsets, rows }: RowGroups, group: number): Int32Array =>
  rows.subarray(offsets[group], offsets[group + 1]);
