/** A row of two tables that should be the same in both. Values are JSON-safe. */
export interface RowExample {
  /** `here`, `there`: the row is only in that one. */
  readonly where: 'here' | 'there' | 'both';
  /** Values of the key or, of tables without one, of all columns that are exact. */
  readonly key: Readonly<Record<string, unknown>>;
  /** The columns that differ; of a row that is in one table only, none. */
  readonly columns: readonly {
    readonly name: string;
    readonly here: unknown;
    readonly there: unknown;
  }[];
}

/** In what two tables differ. */
export interface TableDifferences {
  readonly rowsHere: number;
  readonly rowsThere: number;
  readonly onlyHere: number;
  readonly onlyThere: number;
  /** Rows that are in both, with other values; where there is no key, other inexact values. */
  readonly changed: number;
  /** Columns by which rows meet; undefined: they have no key, and meet by all values that are exact. */
  readonly key: readonly string[] | undefined;
  /** Columns that differ, and in how many of the changed rows. */
  readonly columns: readonly { readonly name: string; readonly rows: number }[];
  readonly columnsOnlyHere: readonly string[];
  readonly columnsOnlyThere: readonly string[];
  readonly examples: readonly RowExample[];
}

/** Whether two tables have the same columns and rows. */
export const isSameTable = (found: TableDifferences): boolean =>
  found.onlyHere + found.onlyThere + found.changed === 0 &&
  found.columnsOnlyHere.length + found.columnsOnlyThere.length === 0;
