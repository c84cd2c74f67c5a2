import type { ComparingDialect } from '../adapter.ts';
import { quote } from './names.ts';

/** `double precision[]`. */
const NESTED = /\[\]$/;

/**
 * Ten digits of a double's sixteen and six of a float's seven: sums that were added up in another order agree in them,
 * and what differs by a millionth does not.
 */
const TOLERANCES: Readonly<Record<string, number>> = { 'double precision': 1e-10, real: 5e-7 };

/** How Postgres tells rows apart. */
export const postgresComparing: ComparingDialect = {
  // The text of a row: types may differ, as those of a column on both sides of a comparison do.
  rowHash: (columns) =>
    `hashtextextended(cast(row(${columns.map(({ name }) => quote(name)).join(', ')}) as text), 0)`,
  precision: (type) => ({
    tolerance: TOLERANCES[type.replace(NESTED, '')] ?? 0,
    isNested: NESTED.test(type),
  }),
};

/**
 * A row as it is sent in binary has the numbers of its columns' types with it, so that a column of another type counts
 * as changed; the names are the same for every row and taken from the first.
 */
export function digestByDay(rows: string, column: string): string {
  const at = `velo_row.${quote(column)}`;
  return `select
  cast(${at} as date) as at_day,
  count(*) as row_count,
  concat(sum(hashtextextended(encode(record_send(velo_row), 'hex'), 0)), ' ', (
    select md5(cast(array_agg(name) as text)) from (
      select json_object_keys(row_to_json(velo_first)) as name from (
        select * from (
${rows}
        ) as velo_rows limit 1
      ) as velo_first
    ) as names
  )) as digest
from (
${rows}
) as velo_row
where ${at} is not null
group by 1`;
}
