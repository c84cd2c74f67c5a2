import type { Statement } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import { type End, rowsOf, type TableEnd } from './table-end.ts';

/** What a day's rows were when they were pushed. */
export interface Day {
  readonly rows: number;
  readonly digest: string;
}

/** By date: `2024-01-31`. */
export type Days = ReadonlyMap<string, Day>;

/** Rows and digest of each day of a table, as its own engine tells them. @throws DatabaseError */
export async function daysOf(table: TableEnd, column: string): Promise<Days> {
  const { connection, dialect } = table;
  const rows = await connection.query(dialect.digestByDay(rowsOf(table), column));
  return new Map(
    rows.map((row) => [
      String(row['at_day']),
      { rows: Number(row['row_count']), digest: String(row['digest']) },
    ]),
  );
}

/** Days as they were pushed to `relation`, noted beside it; undefined when it was not, or not day by day. @throws DatabaseError */
export async function pushedDays(
  { connection, dialect }: End,
  record: Relation,
  relation: Relation,
): Promise<Days> {
  const rows = await connection.query(
    `select at_day, row_count, digest from ${dialect.relation(record)} where ${isOf(dialect, relation)}`,
  );
  return new Map(
    rows.map((row) => [
      String(row['at_day']),
      { rows: Number(row['row_count']), digest: String(row['digest']) },
    ]),
  );
}

const isOf = (dialect: End['dialect'], { schema, name }: Relation): string =>
  `place = ${dialect.literal(`${schema}.${name}`)}`;

/** Makes the table of pushed days; safe to run again. */
export const preparePushedDays = (
  { dialect }: Pick<End, 'dialect'>,
  record: Relation,
): Statement[] => [
  dialect.createSchema(record),
  `create table if not exists ${dialect.relation(record)} (
  place varchar not null,
  at_day date not null,
  row_count bigint not null,
  digest varchar not null
)`,
];

const ROWS_AT_ONCE = 1000;

/** Notes the days of a relation in the place of those that were noted; none: what was noted is forgotten. */
export function notePushedDays(
  { dialect }: Pick<End, 'dialect'>,
  record: Relation,
  relation: Relation,
  days: Days,
): Statement[] {
  const table = dialect.relation(record);
  const place = dialect.literal(`${relation.schema}.${relation.name}`);
  const rows = [...days].map(
    ([day, { rows: count, digest }]) =>
      `(${place}, date ${dialect.literal(day)}, ${count}, ${dialect.literal(digest)})`,
  );
  const inserts: Statement[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const values = rows.slice(from, from + ROWS_AT_ONCE).join(',\n');
    inserts.push(`insert into ${table} (place, at_day, row_count, digest) values\n${values}`);
  }
  return [`delete from ${table} where ${isOf(dialect, relation)}`, ...inserts];
}

/**
 * The days whose rows differ from what was pushed, or whose rows there are not as many any more; in order. `there` has
 * the counts of the other side.
 */
export function differingDays(
  here: Days,
  pushed: Days,
  there: ReadonlyMap<string, number>,
): readonly string[] {
  const all = new Set([...here.keys(), ...pushed.keys(), ...there.keys()]);
  return [...all]
    .filter((day) => {
      const [now, before] = [here.get(day), pushed.get(day)];
      const isSame = now?.digest === before?.digest && now?.rows === before?.rows;
      return !isSame || (there.get(day) ?? 0) !== (now?.rows ?? 0);
    })
    .sort();
}

/** How many rows each day of a table has. @throws DatabaseError */
export async function rowsByDay(
  table: TableEnd,
  column: string,
): Promise<ReadonlyMap<string, number>> {
  const { connection, dialect } = table;
  const rows = await connection.query(
    `select cast(${dialect.quote(column)} as date) as at_day, count(*) as row_count
from ${dialect.relation(table.relation)} where ${dialect.quote(column)} is not null group by 1`,
  );
  return new Map(rows.map((row) => [String(row['at_day']), Number(row['row_count'])]));
}

/** A condition: the rows of these days. */
export const onDays = (
  { dialect }: Pick<End, 'dialect'>,
  column: string,
  days: readonly string[],
): string =>
  `cast(${dialect.quote(column)} as date) in (${days.map((day) => `date ${dialect.literal(day)}`).join(', ')})`;
