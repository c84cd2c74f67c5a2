import type { Connection } from '../adapters/adapter.ts';

/** A condition of bad rows; `distinct`: what is counted of them in place of the rows. */
export interface RowCondition {
  readonly condition: string;
  readonly distinct: string | undefined;
}

export interface RowCounts {
  /** One for each condition, in their order. */
  readonly counts: readonly number[];
  /** All rows that were looked at; undefined when nobody needs to know, or when no row is bad. */
  readonly total: number | undefined;
}

interface Scan {
  /** What stands after `from`. */
  readonly relation: string;
  /** Its rows are kept: to look at them once more costs little. */
  readonly isStored: boolean;
  readonly needsTotal: boolean;
}

/**
 * How many rows fulfil each of several conditions. Of a table it is first asked whether any row fulfils any of them: most
 * tests pass, and that takes a third of the counting. @throws DatabaseError
 */
export async function countRows(
  conditions: readonly RowCondition[],
  { relation, isStored, needsTotal }: Scan,
  connection: Connection,
): Promise<RowCounts> {
  if (isStored && conditions.length > 1) {
    const any = conditions.map(({ condition }) => `(${condition})`).join('\n  or ');
    const found = await connection.query(
      `select 1 as bad from ${relation} as tested\nwhere ${any}\nlimit 1`,
    );
    if (found.length === 0) return { counts: conditions.map(() => 0), total: undefined };
  }
  const items = [...conditions.map(countOf), ...(needsTotal ? ['count(*) as total'] : [])];
  const [row] = await connection.query(`select ${items.join(',\n  ')}\nfrom ${relation} as tested`);
  return {
    counts: conditions.map((_, i) => Number(row?.[`f${i}`] ?? 0)),
    total: needsTotal ? Number(row?.['total'] ?? 0) : undefined,
  };
}

/** Half the work of `count(*) filter (where …)` in DuckDB. */
const countOf = ({ condition, distinct }: RowCondition, i: number): string =>
  `count(${distinct === undefined ? '' : 'distinct '}case when ${condition} then ${distinct ?? 1} end) as f${i}`;
