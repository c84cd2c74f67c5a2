import type { Connection, Dialect, OnRows } from '../adapters/adapter.ts';
import type { WireColumn } from '../adapters/wire-type.ts';
import type { Relation } from '../core/relation.ts';

/** Rows of one engine that go to another. */
export interface RowsFrom {
  readonly connection: Connection;
  readonly sql: string;
}

export interface RowsTo {
  readonly connection: Connection;
  /** A table that has the columns. */
  readonly relation: Relation;
}

/** The statement that makes a table of columns as they are sent. */
export function createTable(
  dialect: Dialect,
  relation: Relation,
  columns: readonly WireColumn[],
): string {
  const list = columns.map(
    ({ name, type }) => `${dialect.quote(name)} ${dialect.wireTypeName(type)}`,
  );
  return `create table ${dialect.relation(relation)} (\n  ${list.join(',\n  ')}\n)`;
}

/**
 * Appends the rows of a query to a table; how many. `names`: what the columns are called there, in their order.
 * A failure on one side ends the other. @throws DatabaseError
 */
export function moveRows(
  from: RowsFrom,
  to: RowsTo,
  columns: readonly WireColumn[],
  { names, onRows }: { readonly names?: readonly string[]; readonly onRows?: OnRows } = {},
): Promise<number> {
  const renamed = columns.map((column, k) => ({ ...column, name: names?.[k] ?? column.name }));
  // One of the two engines counts, or both do.
  const rows = from.connection.copyOut(from.sql, columns, onRows);
  return to.connection.copyIn(to.relation, renamed, rows, onRows);
}
