import type { ColumnValues } from '../../core/columns.ts';
import { DatabaseError } from '../../core/errors.ts';
import type { Connection, OrderedRows, Row } from '../adapter.ts';
import { literal, quote } from './names.ts';

type Session = Pick<Connection, 'query' | 'execute' | 'readColumns'>;

const FIRST = '"velo_first_portion"';

/**
 * Few rows are read at once. Of many, each portion is a query with the range of its rows, which DuckDB hands on to the
 * tables below: sorted in one piece, or kept in a table of the session, all of them would be held in memory.
 */
export async function readPortions(
  session: Session,
  rows: OrderedRows,
  use: Parameters<Connection['readPortions']>[1],
): Promise<void> {
  const order = `order by ${rows.order.map((name) => `${quote(name)} nulls last`).join(', ')}`;
  const options = { shared: true };
  const all = `from (\n${rows.sql}\n) as velo_rows`;
  const count = await session.execute(
    `create or replace temporary table ${FIRST} as select * ${all} limit ${rows.size + 1}`,
  );
  const isAll = (count ?? 0) <= rows.size;
  const few = isAll && (await session.readColumns(`select * from ${FIRST} ${order}`, options));
  await session.execute(`drop table ${FIRST}`);
  if (few) {
    await use(few);
    return;
  }
  const { ranges, total } = await rangesOf(session, rows);
  let read = 0;
  for (const range of ranges) {
    const sql = `select * ${all}\nwhere ${range}\n${order}`;
    const portion = await session.readColumns(sql, options);
    read += lengthOf(Object.values(portion));
    await use(portion);
  }
  if (read === total) return;
  throw new DatabaseError(
    'database-error',
    `the SELECT gave ${total} rows, and ${read} when it was run again for its parts`,
    rows.sql,
    {
      hint: 'select from a table: what depends on chance or on the order of rows differs each time',
    },
  );
}

const lengthOf = ([first]: readonly ColumnValues[]): number => first?.length ?? 0;

/** The place of a group in the order: the columns that keep it together as text, and their types. */
type Place = readonly { readonly column: string; readonly value: string | null }[];

/** Conditions that part the rows into portions of about `size` rows, in order. */
async function rangesOf(
  session: Session,
  { sql, order, together, size }: OrderedRows,
): Promise<{ readonly ranges: readonly string[]; readonly total: number }> {
  const columns = order.slice(0, together).map(quote);
  const ordered = columns.map((column) => `${column} nulls last`).join(', ');
  const texts = columns.flatMap((column, i) => [
    `cast(${column} as varchar) as value_${i}`,
    `typeof(${column}) as type_${i}`,
  ]);
  // A portion begins with the first group that has `size` rows before it, or a multiple of that.
  const starts = await session.query(`with velo_groups as (
  select ${columns.join(', ')}, count(*) as velo_count from (\n${sql}\n) as velo_rows group by all
), velo_placed as (
  select *, cast(sum(velo_count) over (order by ${ordered} rows unbounded preceding) as bigint) - velo_count as velo_before
  from velo_groups
)
select ${texts.join(', ')}, (select cast(sum(velo_count) as bigint) from velo_groups) as total
from velo_placed
qualify row_number() over (partition by velo_before // ${size} order by velo_before) = 1
order by velo_before`);
  const places = starts.map((row): Place => columns.map((column, i) => placeOf(row, column, i)));
  const ranges = places.map((place, i) => {
    const next = places[i + 1];
    const conditions = [...(i > 0 ? [notBefore(place)] : []), ...(next ? [before(next)] : [])];
    return conditions.length > 0 ? conditions.join('\n  and ') : 'true';
  });
  return { ranges, total: Number(starts[0]?.['total'] ?? 0) };
}

function placeOf(row: Row, column: string, i: number) {
  const text = row[`value_${i}`];
  const value = typeof text === 'string' ? `cast(${literal(text)} as ${row[`type_${i}`]})` : null;
  return { column, value };
}

/** Rows of this place and of all after it. The condition of the first column alone lets whole blocks be left out. */
function notBefore(place: Place): string {
  const [first] = place;
  const bound = first?.value
    ? `(${first.column} >= ${first.value} or ${first.column} is null)`
    : '';
  return [...(bound === '' ? [] : [bound]), lexical(place, 'after')].join(' and ');
}

function before(place: Place): string {
  const [first] = place;
  const bound = first?.value ? `${first.column} <= ${first.value}` : '';
  return [...(bound === '' ? [] : [bound]), lexical(place, 'before')].join(' and ');
}

/** By the first column that differs; of the place itself it is true for `after`. NULL comes after all else. */
function lexical([first, ...rest]: Place, side: 'before' | 'after'): string {
  if (!first) return side === 'after' ? 'true' : 'false';
  const { column, value } = first;
  const beyond = {
    before: value === null ? `${column} is not null` : `${column} < ${value}`,
    after: value === null ? 'false' : `(${column} > ${value} or ${column} is null)`,
  }[side];
  const same = value === null ? `${column} is null` : `${column} = ${value}`;
  return `coalesce(${beyond} or (${same} and ${lexical(rest, side)}), false)`;
}
