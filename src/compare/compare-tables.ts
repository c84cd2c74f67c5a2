import type { Connection, Dialect, Row } from '../adapters/adapter.ts';
import type { RowExample, TableDifferences } from '../core/table-differences.ts';
import {
  CELL,
  DIFFERS,
  differingRows,
  exactColumns,
  HERE,
  type RowMatching,
  THERE,
} from './match-rows.ts';
import { isSameValue } from './same-value.ts';
import type { SharedColumn } from './shared-columns.ts';

export interface LoadedTables {
  /** Tables of this session that have the columns as `c0`, `c1`, …; quoted. */
  readonly here: string;
  readonly there: string;
  /** At least one. */
  readonly columns: readonly SharedColumn[];
  /** Sets of columns that may tell rows apart, likeliest first; the first that does is the key. */
  readonly keys: readonly (readonly string[])[];
  /** A free name for a table of what differs; quoted. */
  readonly place: string;
}

type Found = Omit<TableDifferences, 'columnsOnlyHere' | 'columnsOnlyThere'>;

/** In what the rows of two tables differ, in the engine that has both. @throws DatabaseError */
export async function compareTables(
  connection: Connection,
  dialect: Dialect,
  tables: LoadedTables,
): Promise<Found> {
  const { here, there, columns, place } = tables;
  const key = await keyOf(connection, tables);
  const matching: RowMatching = { here, there, columns, key };
  await connection.execute(`create table ${place} as ${differingRows(matching, dialect)}`);
  await forgive(connection, columns, place);
  const [counts] = await connection.query(`select
  (select count(*) from ${here}) as rows_here, (select count(*) from ${there}) as rows_there,
  count(case when not in_there then 1 end) as only_here,
  count(case when not in_here then 1 end) as only_there,
  count(case when in_here and in_there then 1 end) as changed
from ${place}`);
  const count = (name: string) => Number(counts?.[name]);
  return {
    rowsHere: count('rows_here'),
    rowsThere: count('rows_there'),
    onlyHere: count('only_here'),
    onlyThere: count('only_there'),
    changed: count('changed'),
    key: key?.map((i) => columns[i]?.name ?? ''),
    columns: await differingColumns(connection, columns, place),
    examples: await examplesOf(connection, columns, key ?? exactColumns(columns), place),
  };
}

async function keyOf(
  connection: Connection,
  { here, there, columns, keys }: LoadedTables,
): Promise<readonly number[] | undefined> {
  const exact = new Set(exactColumns(columns));
  for (const names of keys) {
    const key = names.map((name) =>
      columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase()),
    );
    if (key.length === 0 || !key.every((i) => exact.has(i))) continue;
    const cells = key.map(CELL).join(', ');
    const copies = [here, there].map(
      (table) => `select 1 as n from ${table} group by ${cells} having count(*) > 1`,
    );
    const found = await connection.query(
      `select * from (${copies.join(' union all ')}) as copies limit 1`,
    );
    if (found.length === 0) return key;
  }
  return undefined;
}

const ROWS_AT_ONCE = 5000;
/** Numbers within lists and documents: relative to the larger one. */
const NESTED_TOLERANCE = 1e-9;

/** Lists of numbers and documents that differ in last digits or in spelling only are no difference; looked at in portions. */
async function forgive(
  connection: Connection,
  columns: readonly SharedColumn[],
  place: string,
): Promise<void> {
  let hasForgiven = false;
  for (const [i, column] of columns.entries()) {
    const { isDocument, type, tolerance } = column;
    if (!isDocument && !(type.isList && tolerance > 0)) continue;
    for (let after = 0; ; ) {
      const rows = await connection.query(
        `select pair, ${HERE(i)} as one, ${THERE(i)} as other from ${place}
where ${DIFFERS(i)} and pair > ${after} order by pair limit ${ROWS_AT_ONCE}`,
      );
      if (rows.length === 0) break;
      after = Number(rows.at(-1)?.['pair']);
      const same = rows.filter(({ one, other }) =>
        isSameValue(one, other, tolerance || NESTED_TOLERANCE, isDocument),
      );
      if (same.length === 0) continue;
      hasForgiven = true;
      const pairs = same.map(({ pair }) => String(pair)).join(', ');
      await connection.execute(
        `update ${place} set ${DIFFERS(i)} = false where pair in (${pairs})`,
      );
    }
  }
  if (!hasForgiven) return;
  const different = columns.map((_, i) => DIFFERS(i)).join(' or ');
  await connection.execute(
    `delete from ${place} where in_here and in_there and not (${different})`,
  );
}

async function differingColumns(
  connection: Connection,
  columns: readonly SharedColumn[],
  place: string,
): Promise<TableDifferences['columns']> {
  const counts = columns.map((_, i) => `count(case when ${DIFFERS(i)} then 1 end) as n${i}`);
  const [row] = await connection.query(`select ${counts.join(', ')} from ${place}`);
  return columns
    .map(({ name }, i) => ({ name, rows: Number(row?.[`n${i}`] ?? 0) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
}

/** So many examples of each way to differ. */
const EXAMPLES = 3;

async function examplesOf(
  connection: Connection,
  columns: readonly SharedColumn[],
  key: readonly number[],
  place: string,
): Promise<RowExample[]> {
  const rows = await connection.query(`select * from (
  select *, row_number() over (partition by in_here, in_there order by pair) as nth from ${place}
) as numbered
where nth <= ${EXAMPLES} order by in_here and in_there desc, in_here desc, nth`);
  return rows.map((row) => exampleOf(row, columns, key));
}

function exampleOf(row: Row, columns: readonly SharedColumn[], key: readonly number[]): RowExample {
  const where = row['in_here'] !== true ? 'there' : row['in_there'] !== true ? 'here' : 'both';
  const value = where === 'there' ? THERE : HERE;
  return {
    where,
    key: Object.fromEntries(
      key.map((i) => [columns[i]?.name ?? '', readable(row[value(i)], columns[i])]),
    ),
    columns: columns.flatMap((column, i) =>
      where === 'both' && row[DIFFERS(i)] === true
        ? [
            {
              name: column.name,
              here: readable(row[HERE(i)], column),
              there: readable(row[THERE(i)], column),
            },
          ]
        : [],
    ),
  };
}

/** Integers come as digits when their type is wide, however small they are. */
function readable(value: unknown, column: SharedColumn | undefined): unknown {
  const isWide = column?.type.kind === 'int8' || column?.type.kind === 'numeric';
  const number = isWide && typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : value;
}
