import type { Connection, Dialect } from '../adapters/adapter.ts';
import { addGrains, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Relation } from '../core/relation.ts';

/** The rows of a table whose as_of column falls on some dates. */
export interface DatedRows {
  readonly column: string;
  readonly grain: Grain;
  /** Starts of grains, epoch milliseconds UTC, in order; at least one. */
  readonly dates: readonly number[];
}

/** The start of a row's grain, as a timestamp. */
export const dateOf = ({ column, grain }: Omit<DatedRows, 'dates'>, dialect: Dialect): string =>
  `date_trunc('${grain}', cast(${dialect.quote(column)} as timestamp))`;

/** The condition that a row is of one of the dates. The outer bounds are there for engines that prune by them. */
export function isOnDates(rows: DatedRows, dialect: Dialect): string {
  const { column, grain, dates } = rows;
  const name = dialect.quote(column);
  const [first = 0, last = 0] = [dates[0], dates.at(-1)];
  const end = dialect.instant(addGrains(last, 1, grain), grain);
  const span = `${name} >= ${dialect.instant(first, grain)} and ${name} < ${end}`;
  if (addGrains(first, dates.length - 1, grain) === last) return span;
  const listed = dates.map((date) => dialect.instant(date, 'hour')).join(', ');
  return `${span} and ${dateOf(rows, dialect)} in (${listed})`;
}

/** Epoch milliseconds of a timestamp as text. */
export const parseDate = (text: unknown): number =>
  Date.parse(`${String(text).replace(' ', 'T').slice(0, 19)}Z`);

/** The dates within `span` for which a table has rows. @throws DatabaseError */
export async function datesWithRows(
  connection: Connection,
  dialect: Dialect,
  relation: Relation,
  dated: Omit<DatedRows, 'dates'>,
  span: Interval,
): Promise<ReadonlySet<number>> {
  const column = dialect.quote(dated.column);
  const [start, end] = [span.start, span.end].map((ms) => dialect.instant(ms, dated.grain));
  const rows = await connection.query(
    `select distinct cast(${dateOf(dated, dialect)} as varchar) as on_date
from ${dialect.relation(relation)} where ${column} >= ${start} and ${column} < ${end}`,
  );
  return new Set(rows.map((row) => parseDate(row['on_date'])));
}
