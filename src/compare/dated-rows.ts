import type { Dialect } from '../adapters/adapter.ts';
import { addGrains, type Grain } from '../core/grain.ts';

/** The rows of a table whose as_of column falls on some dates. */
export interface DatedRows {
  readonly column: string;
  readonly grain: Grain;
  /** Starts of grains, epoch milliseconds UTC, in order; at least one. */
  readonly dates: readonly number[];
}

/** The start of a row's grain, as a timestamp. */
export const dateOf = ({ column, grain }: DatedRows, dialect: Dialect): string =>
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
