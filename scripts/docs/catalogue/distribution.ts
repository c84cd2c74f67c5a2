import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from './rows-of.ts';

/** How many bars a histogram has. */
const BARS = 12;

/** What the values of a column look like; of rows that have one. */
export type Shape =
  | {
      readonly kind: 'numbers';
      /** Percentiles 0, 5, 50, 95 and 100. */
      readonly percentiles: readonly number[];
      /** Counts of values in equal steps from percentile 1 to 99; those beyond are in the end bars. */
      readonly bars: readonly number[];
    }
  | { readonly kind: 'words'; readonly distinct: number; readonly top: readonly Share[] }
  | { readonly kind: 'dates'; readonly from: string; readonly to: string }
  | { readonly kind: 'empty' };

interface Share {
  readonly word: string;
  readonly rows: number;
}

/** A column of a table of the warehouse. */
export interface Distribution {
  readonly rows: number;
  readonly nulls: number;
  readonly shape: Shape;
}

const TOP = 5;

/** Whether a type's name is that of numbers. */
export const isNumeric = (type: string): boolean =>
  /^(DOUBLE|[A-Z]*INT(EGER)?|DECIMAL.*)$/.test(type);

/** The distributions of all columns of a relation, by their names. */
export async function distributionsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<ReadonlyMap<string, Distribution>> {
  const types = await rowsOf(
    connection,
    `select column_name, column_type from (describe ${table})`,
  );
  const result = new Map<string, Distribution>();
  for (const [name, type] of types) {
    result.set(String(name), await distributionOf(connection, table, String(name), String(type)));
  }
  return result;
}

async function distributionOf(
  connection: DuckDBConnection,
  table: string,
  name: string,
  type: string,
): Promise<Distribution> {
  const [[rows, values] = []] = await rowsOf(
    connection,
    `select count(*), count("${name}") from ${table}`,
  );
  const shape = Number(values) === 0 ? { kind: 'empty' as const } : await shapeOf();
  return { rows: Number(rows), nulls: Number(rows) - Number(values), shape };

  function shapeOf(): Promise<Shape> {
    if (isNumeric(type)) return numbersOf(connection, table, name);
    return type === 'DATE' ? datesOf(connection, table, name) : wordsOf(connection, table, name);
  }
}

async function numbersOf(
  connection: DuckDBConnection,
  table: string,
  name: string,
): Promise<Shape> {
  const levels = '[0, 0.05, 0.5, 0.95, 1, 0.01, 0.99]';
  // To 9 decimals, as the project compares values: how sums were ordered must not move one to another bar.
  const values = `select round(cast("${name}" as double), 9) as v from ${table} where "${name}" is not null`;
  const quantiles = await rowsOf(
    connection,
    `select unnest(quantile_disc(v, ${levels})) from (${values})`,
  );
  const [low, high] = quantiles.slice(5).map(([value]) => Number(value)) as [number, number];
  const step = (high - low) / BARS || 1;
  const counted = await rowsOf(
    connection,
    `select greatest(0, least(${BARS - 1}, floor((v - ${low}) / ${step}))) as bar, count(*)
     from (${values}) group by bar`,
  );
  const byBar = new Map(counted.map(([bar, count]) => [Number(bar), Number(count)]));
  return {
    kind: 'numbers',
    percentiles: quantiles.slice(0, 5).map(([value]) => Number(value)),
    bars: Array.from({ length: BARS }, (_, bar) => byBar.get(bar) ?? 0),
  };
}

async function datesOf(connection: DuckDBConnection, table: string, name: string): Promise<Shape> {
  const [[from, to] = []] = await rowsOf(
    connection,
    `select min("${name}"), max("${name}") from ${table}`,
  );
  return { kind: 'dates', from: String(from), to: String(to) };
}

async function wordsOf(connection: DuckDBConnection, table: string, name: string): Promise<Shape> {
  const counted = await rowsOf(
    connection,
    `select cast("${name}" as varchar) as word, count(*) as n, count(*) over ()
     from ${table} where "${name}" is not null group by 1 order by n desc, 1 limit ${TOP}`,
  );
  return {
    kind: 'words',
    distinct: Number(counted[0]?.[2]),
    top: counted.map(([word, rows]) => ({ word: String(word), rows: Number(rows) })),
  };
}
