/** One row of two tables that should be the same in both. Values are JSON-safe, as queries return them. */
export interface RowDifference {
  /** Start of its grain, epoch milliseconds UTC. */
  readonly date: number;
  /** Values of the columns by which rows are told apart. */
  readonly key: Readonly<Record<string, unknown>>;
  /** `left`, `right`: the row is only there. */
  readonly where: 'left' | 'right' | 'both';
  /** The columns that differ; of a row that is in one table only, none. */
  readonly columns: readonly ColumnDifference[];
}

export interface ColumnDifference {
  readonly name: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** How many rows of a date two tables have, and how many differ. */
export interface DateDifference {
  /** Start of the grain, epoch milliseconds UTC. */
  readonly date: number;
  readonly leftRows: number;
  readonly rightRows: number;
  readonly onlyLeft: number;
  readonly onlyRight: number;
  /** Rows that are in both, with other values. */
  readonly changed: number;
}

/** In what two tables differ; equal ones in nothing. */
export interface RowDifferences {
  /** In order. */
  readonly dates: readonly DateDifference[];
  /** Columns that differ, and in how many rows that both have. */
  readonly columns: readonly { readonly name: string; readonly rows: number }[];
  /** Columns that only one of the tables has. */
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
  /** A few of the rows. */
  readonly examples: readonly RowDifference[];
}

export const areEqual = ({ dates, onlyLeft, onlyRight }: RowDifferences): boolean =>
  dates.length + onlyLeft.length + onlyRight.length === 0;
