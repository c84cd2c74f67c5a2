import type { Connection, Dialect, TypedColumnName } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import { type DatedRows, dateOf, isOnDates, parseDate } from './dated-rows.ts';

/** How many rows a date has, and the sum of their hashes: it does not depend on their order, and copies count. */
export interface DateHash {
  readonly rows: number;
  readonly hash: string;
}

/** Hashes of the rows of each date, in one scan inside the engine; dates without rows are left out. @throws DatabaseError */
export async function dateHashes(
  connection: Connection,
  dialect: Dialect,
  relation: Relation,
  columns: readonly TypedColumnName[],
  dated: DatedRows,
): Promise<ReadonlyMap<number, DateHash>> {
  const rows = await connection.query(`select cast(${dateOf(dated, dialect)} as varchar) as on_date,
  count(*) as n, cast(sum(${dialect.comparing.rowHash(columns)}) as varchar) as hash
from ${dialect.relation(relation)}
where ${isOnDates(dated, dialect)}
group by 1`);
  return new Map(
    rows.map(({ on_date, n, hash }) => [
      parseDate(on_date),
      { rows: Number(n), hash: String(hash) },
    ]),
  );
}
