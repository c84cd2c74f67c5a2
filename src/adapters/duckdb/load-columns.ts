import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import type { ColumnValues, TypedColumn, TypedColumns } from '../../core/columns.ts';
import { DatabaseError } from '../../core/errors.ts';
import type { Driver, Run } from './connection.ts';
import { duckdbDialect } from './dialect.ts';
import { statementError } from './errors.ts';

const CHUNK_ROWS = 2048;

interface Session {
  readonly driver: Driver;
  readonly session: DuckDBConnection;
  readonly run: Run;
}

/** A column, the type it is sent as and, when that is not its own type, the type the engine casts it to. */
interface Sent {
  readonly name: string;
  readonly values: ColumnValues;
  readonly sentAs: string;
  readonly type: string;
}

/** Puts `values[from + row]` into the vector for `rows` rows. */
type Fill = (vector: DuckDBVector, column: Sent, from: number, rows: number) => void;

/** Undefined for a value that is not of the type. */
type Convert<Item> = (value: unknown) => Item | undefined;

const FILLS: Readonly<Record<string, Fill>> = {
  DOUBLE: fillFixed(numberOf),
  INTEGER: fillFixed(intOf),
  DATE: fillFixed(intOf),
  BIGINT: fillFixed(bigintOf),
  TIMESTAMP: fillFixed(bigintOf),
  BOOLEAN: fillItems(booleanOf),
  VARCHAR: fillItems(String),
};

const ALIASES: Readonly<Record<string, string>> = {
  FLOAT8: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  INT: 'INTEGER',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  BOOL: 'BOOLEAN',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  DATETIME: 'TIMESTAMP',
};

/**
 * Makes the temporary table `name` of `columns` and returns its quoted name. Typed arrays go in as they are; text in
 * a column of another type, and types without a vector of their own, are cast by the engine.
 * @throws DatabaseError for values that are not of their type, columns of several lengths, and no columns
 */
export async function loadColumns(
  target: Session,
  columns: TypedColumns,
  name: string,
): Promise<string> {
  const { quote } = duckdbDialect;
  const sent = Object.entries(columns).map(([column, typed]) => sentAs(column, typed));
  const rowCount = checkShape(sent);
  const table = `"temp"."main".${quote(name)}`;
  const casts = sent.some((column) => column.sentAs !== column.type);
  const landing = casts ? `${name}_text` : name;
  const definitions = sent.map((column) => `${quote(column.name)} ${column.sentAs}`);
  await target.run(`create temporary table ${quote(landing)} (${definitions.join(', ')})`);
  await append(target, landing, sent, rowCount);
  if (!casts) return table;
  const items = sent.map(({ name: column, sentAs: from, type }) =>
    from === type ? quote(column) : `cast(${quote(column)} as ${type}) as ${quote(column)}`,
  );
  await target.run(
    `create temporary table ${quote(name)} as select ${items.join(', ')} from "temp"."main".${quote(landing)}`,
  );
  await target.run(`drop table "temp"."main".${quote(landing)}`);
  return table;
}

function sentAs(name: string, { type, values }: TypedColumn): Sent {
  const upper = type.trim().toUpperCase();
  const own = (Object.hasOwn(ALIASES, upper) ? ALIASES[upper] : undefined) ?? upper;
  const isText = Array.isArray(values) && values.some((value) => typeof value === 'string');
  const direct = own in FILLS && (own === 'VARCHAR' || !isText);
  return { name, values, sentAs: direct ? own : 'VARCHAR', type: direct ? own : type };
}

function checkShape(columns: readonly Sent[]): number {
  const [first] = columns;
  if (!first) throw refusal('a table needs at least one column');
  const odd = columns.find(({ values }) => values.length !== first.values.length);
  if (!odd) return first.values.length;
  throw refusal(
    `column ${odd.name} has ${odd.values.length} values, column ${first.name} has ${first.values.length}`,
  );
}

async function append(
  { driver, session }: Session,
  table: string,
  columns: readonly Sent[],
  rowCount: number,
): Promise<void> {
  const appender = await session.createAppender(table, 'main', 'temp');
  try {
    const types = columns.map((_, k) => appender.columnType(k));
    for (let from = 0; from < rowCount; from += CHUNK_ROWS) {
      const rows = Math.min(CHUNK_ROWS, rowCount - from);
      const chunk = driver.DuckDBDataChunk.create(types, rows);
      fillChunk(chunk, columns, from, rows);
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } catch (error) {
    throw error instanceof DatabaseError ? error : statementError(error, `-- append to ${table}`);
  } finally {
    appender.closeSync();
  }
}

function fillChunk(
  chunk: DuckDBDataChunk,
  columns: readonly Sent[],
  from: number,
  rows: number,
): void {
  for (const [k, column] of columns.entries()) {
    const vector = chunk.getColumnVector(k);
    FILLS[column.sentAs]?.(vector, column, from, rows);
    vector.flush();
  }
}

/** Vectors of fixed width. A typed array of the vector's own kind goes in whole. */
function fillFixed(convert: Convert<number | bigint>): Fill {
  return (vector, column, from, rows) => {
    const { items } = vector as unknown as { items: (number | bigint)[] | Float64Array };
    const values = ArrayBuffer.isView(column.values) && column.values.subarray(from, from + rows);
    if (values && values.constructor === items.constructor) {
      (items as Float64Array).set(values as Float64Array);
      if (values instanceof Float64Array) markNaNs(vector, values);
      return;
    }
    for (let row = 0; row < rows; row += 1) {
      const item = convertAt(column, from + row, convert);
      if (item === null) vector.setItem(row, null);
      else (items as (number | bigint)[])[row] = item;
    }
  };
}

function markNaNs(vector: DuckDBVector, values: Float64Array): void {
  for (const [row, value] of values.entries()) if (Number.isNaN(value)) vector.setItem(row, null);
}

function fillItems(convert: Convert<string | boolean>): Fill {
  return (vector, column, from, rows) => {
    for (let row = 0; row < rows; row += 1) {
      vector.setItem(row, convertAt(column, from + row, convert));
    }
  };
}

function convertAt<Item>(
  { name, values, type }: Sent,
  at: number,
  convert: Convert<Item>,
): Item | null {
  const value: unknown = values[at];
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const item = convert(value);
  if (item !== undefined) return item;
  throw refusal(`column ${name}, row ${at + 1}: ${String(value)} is not of type ${type}`);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (value === 1 || value === true) return true;
  return value === 0 || value === false ? false : undefined;
}

function intOf(value: unknown): number | undefined {
  return typeof value === 'number' && (value | 0) === value ? value : undefined;
}

function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

function refusal(message: string): DatabaseError {
  return new DatabaseError('database-error', message, '');
}
