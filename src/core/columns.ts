/**
 * One column of values, as typed arrays where the type allows.
 * DOUBLE and FLOAT: Float64Array, NaN is NULL. INTEGER, SMALLINT, TINYINT, DATE (days since 1970-01-01): Int32Array, or an
 * array of number | null when there are NULLs. BIGINT: BigInt64Array, or bigint | null. BOOLEAN: Uint8Array, or
 * 0 | 1 | null. TIMESTAMP: BigInt64Array of microseconds, or bigint | null. Text: string | null.
 */
export type ColumnValues =
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | readonly (string | number | bigint | boolean | null)[];

/** Columns by name, all of one length. */
export type Columns = Readonly<Record<string, ColumnValues>>;

/** A column to be written: its SQL type and its values (null, undefined and NaN are NULL). */
export interface TypedColumn {
  readonly type: string;
  readonly values: ColumnValues;
}

/** What a TypeScript model or a seed hands over to be written. */
export type TypedColumns = Readonly<Record<string, TypedColumn>>;
