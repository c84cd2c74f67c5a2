import type { Connection, Dialect, Row } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import type { DateDifference, RowDifference, RowDifferences } from '../core/row-differences.ts';
import { areClose } from './close-values.ts';
import { type ComparedColumns, comparedColumns } from './compared-columns.ts';
import { type DateHash, dateHashes } from './date-hashes.ts';
import { type DatedRows, parseDate } from './dated-rows.ts';
import { copiesOfKey, DIFFERS, LEFT, pairRows, RIGHT, type RowPairing } from './row-pairs.ts';

export interface Comparison {
  readonly left: Relation;
  readonly right: Relation;
  readonly dated: DatedRows;
  /** Columns that tell the rows of a date apart; where they do not, or are none, all exact columns do. */
  readonly key: readonly string[];
  /** A free name for a table of differences, made only where there are some. */
  place(): Relation;
}

/** Examples: so many dates, and so many rows of each. */
const EXAMPLE_DATES = 3;
const EXAMPLE_ROWS = 2;

/**
 * In what two tables differ on some dates. The engine hashes the rows of each date; only dates whose hashes differ are
 * looked at row by row, where numbers that agree in ten digits are the same: sums depend on their order in the last ones.
 * @throws DatabaseError
 */
export async function compareRows(
  connection: Connection,
  dialect: Dialect,
  comparison: Comparison,
): Promise<RowDifferences> {
  const { left, right, dated } = comparison;
  const columns = await comparedColumns(connection, dialect, left, right);
  const { common, onlyLeft, onlyRight } = columns;
  const leftSide = common.map((column) => column.left);
  const rightSide = common.map((column) => column.right);
  const leftHashes = await dateHashes(connection, dialect, left, leftSide, dated);
  const rightHashes = await dateHashes(connection, dialect, right, rightSide, dated);
  const dates = dated.dates.filter((date) => !isSame(leftHashes.get(date), rightHashes.get(date)));
  const none = { dates: [], columns: [], examples: [], onlyLeft, onlyRight };
  if (dates.length === 0) return none;
  const rows = { left: leftHashes, right: rightHashes };
  const narrowed = { ...comparison, dated: { ...dated, dates } };
  return { ...none, ...(await differencesOf(connection, dialect, narrowed, columns, rows)) };
}

const isSame = (left: DateHash | undefined, right: DateHash | undefined): boolean =>
  left?.rows === right?.rows && left?.hash === right?.hash;

interface Sides<T> {
  readonly left: T;
  readonly right: T;
}

async function differencesOf(
  connection: Connection,
  dialect: Dialect,
  comparison: Comparison,
  columns: ComparedColumns,
  rows: Sides<ReadonlyMap<number, DateHash>>,
): Promise<Pick<RowDifferences, 'dates' | 'columns' | 'examples'>> {
  const pairing = await pairingOf(connection, dialect, comparison, columns);
  const place = comparison.place();
  for (const statement of pairRows(pairing, place, dialect)) await connection.execute(statement);
  const table = dialect.relation(place);
  await forgiveNested(connection, pairing, table);
  return {
    dates: await differentDates(connection, table, rows),
    columns: await differentColumns(connection, pairing, table),
    examples: await examplesOf(connection, pairing, table),
  };
}

/** Rows meet by the key if it tells them apart and is exact, else by all that is exact. */
async function pairingOf(
  connection: Connection,
  dialect: Dialect,
  { left, right, dated, key: names }: Comparison,
  { common }: ComparedColumns,
): Promise<RowPairing> {
  const isDate = (name: string) => name.toLowerCase() === dated.column.toLowerCase();
  const named = names.filter((name) => !isDate(name)).map((name) => name.toLowerCase());
  const key = named.map((name) => common.findIndex((one) => one.name.toLowerCase() === name));
  const pairing = { left, right, columns: common, key, hasCopies: false, dated };
  const isUsable =
    names.length > 0 && key.every((i) => i >= 0 && common[i]?.precision.tolerance === 0);
  if (isUsable) {
    const [copies] = await connection.query(copiesOfKey(pairing, dialect));
    if (Number(copies?.['n']) === 0) return pairing;
  }
  const exact = common.flatMap(({ precision }, i) => (precision.tolerance === 0 ? [i] : []));
  return { ...pairing, key: exact, hasCopies: true };
}

/** Nested values that differ in the last digits of their numbers only are no difference. */
async function forgiveNested(
  connection: Connection,
  { columns }: RowPairing,
  table: string,
): Promise<void> {
  for (const [i, { precision }] of columns.entries()) {
    if (!precision.isNested || precision.tolerance === 0) continue;
    const [left, right, differs] = [LEFT(i), RIGHT(i), DIFFERS(i)];
    const rows = await connection.query(
      `select pair, ${left} as one, ${right} as other from ${table} where ${differs}`,
    );
    const close = rows.filter(({ one, other }) => areClose(one, other, precision.tolerance));
    if (close.length === 0) continue;
    const pairs = close.map(({ pair }) => String(pair)).join(', ');
    await connection.execute(`update ${table} set ${differs} = false where pair in (${pairs})`);
  }
  const different = columns.map((_, i) => DIFFERS(i)).join(' or ');
  await connection.execute(
    `delete from ${table} where in_left and in_right and not (${different})`,
  );
}

async function differentDates(
  connection: Connection,
  table: string,
  rows: Sides<ReadonlyMap<number, DateHash>>,
): Promise<DateDifference[]> {
  const found = await connection.query(`select cast(on_date as varchar) as on_date,
  count(case when not in_right then 1 end) as only_left,
  count(case when not in_left then 1 end) as only_right,
  count(case when in_left and in_right then 1 end) as changed
from ${table} group by 1 order by 1`);
  return found.map((row) => {
    const date = parseDate(row['on_date']);
    return {
      date,
      leftRows: rows.left.get(date)?.rows ?? 0,
      rightRows: rows.right.get(date)?.rows ?? 0,
      onlyLeft: Number(row['only_left']),
      onlyRight: Number(row['only_right']),
      changed: Number(row['changed']),
    };
  });
}

async function differentColumns(
  connection: Connection,
  { columns }: RowPairing,
  table: string,
): Promise<RowDifferences['columns']> {
  const counts = columns.map((_, i) => `count(case when ${DIFFERS(i)} then 1 end) as n${i}`);
  const [row] = await connection.query(`select ${counts.join(', ')} from ${table}`);
  return columns
    .map(({ name }, i) => ({ name, rows: Number(row?.[`n${i}`] ?? 0) }))
    .filter((column) => column.rows > 0);
}

async function examplesOf(
  connection: Connection,
  pairing: RowPairing,
  table: string,
): Promise<RowDifference[]> {
  const rows = await connection.query(`select * from (
  select *, cast(on_date as varchar) as shown_at, dense_rank() over (order by on_date) as nth_date,
    row_number() over (partition by on_date order by in_left and in_right desc, pair) as nth_row
  from ${table}
) as ranked
where nth_date <= ${EXAMPLE_DATES} and nth_row <= ${EXAMPLE_ROWS}
order by on_date, nth_row`);
  return rows.map((row) => exampleOf(row, pairing));
}

function exampleOf(row: Row, { columns, key }: RowPairing): RowDifference {
  const where = row['in_left'] !== true ? 'right' : row['in_right'] !== true ? 'left' : 'both';
  const value = where === 'right' ? RIGHT : LEFT;
  return {
    date: parseDate(row['shown_at']),
    key: Object.fromEntries(key.map((i) => [columns[i]?.name ?? '', row[value(i)]])),
    where,
    columns: columns.flatMap(({ name }, i) =>
      where === 'both' && row[DIFFERS(i)] === true
        ? [{ name, left: row[LEFT(i)], right: row[RIGHT(i)] }]
        : [],
    ),
  };
}
