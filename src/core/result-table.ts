/** What a column's cells mean, whatever the engine calls its type. */
export type CellKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'text'
  | 'json';

export interface ResultColumn {
  readonly name: string;
  readonly kind: CellKind;
  /** The engine's name of the type. */
  readonly type: string;
}

/**
 * Rows of a query as an adapter hands them on: integers and decimals as numbers or their digits, dates and times as
 * ISO text, lists and structs as plain data, NULL as null.
 */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly unknown[])[];
}
