import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { WireColumn, WireRows } from '../adapters/wire-type.ts';
import type { Relation } from '../core/relation.ts';

/** Rows of one engine that go to another. */
export interface RowsFrom {
  readonly connection: Connection;
  readonly sql: string;
}

export interface RowsTo {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** A table of the columns; nothing stands there yet. */
  readonly relation: Relation;
}

/** Told after each piece that was sent, with the bytes so far. */
export type OnBytes = (bytes: number) => void;

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
  to: Pick<RowsTo, 'connection' | 'relation'>,
  columns: readonly WireColumn[],
  { names, onBytes }: { readonly names?: readonly string[]; readonly onBytes?: OnBytes } = {},
): Promise<number> {
  const rows = from.connection.copyOut(from.sql, columns);
  const renamed = columns.map((column, k) => ({ ...column, name: names?.[k] ?? column.name }));
  return to.connection.copyIn(to.relation, renamed, onBytes ? counted(rows, onBytes) : rows);
}

async function* counted(rows: WireRows, onBytes: OnBytes): WireRows {
  let bytes = 0;
  for await (const piece of rows) {
    yield piece;
    bytes += piece.length;
    onBytes(bytes);
  }
}
