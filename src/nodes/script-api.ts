import type { ColumnValues, TypedColumns } from '../core/columns.ts';

/** What a TypeScript model is called with. */
export interface ScriptContext {
  /**
   * The rows of a ref (`'runs'`) or source (`'hk.runs'`) that `config` names, by columns.
   * In an as_of model only rows before the end of the range are there.
   */
  read<Column extends string>(
    name: string,
    options?: ReadOptions<Column>,
  ): Promise<Readonly<Record<Column, ColumnValues>>>;
}

/** The context of a model with as_of. */
export interface AsOfScriptContext extends ScriptContext {
  /** The half-open range to make rows for, in days since 1970-01-01. */
  readonly asOf: { readonly start: number; readonly end: number };
}

export interface ReadOptions<Column extends string = string> {
  /** Columns or expressions; all columns when absent. */
  readonly columns?: readonly Column[];
  /** An SQL condition. */
  readonly where?: string;
  readonly orderBy?: readonly string[];
  /** Rows no older than this before the range, such as '365 days'. */
  readonly history?: string;
}

/** What a TypeScript model returns: its rows by columns, all of one length. */
export interface ScriptResult {
  readonly columns: TypedColumns;
}
