import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';

/**
 * A SELECT whose rows go into a table that stands: where their columns are others, those of the table alone, as dbt
 * takes them. New ones are left out; that one is missing is the engine's error. @throws DatabaseError
 */
export async function fittingRows(
  sql: string,
  table: Relation,
  { connection, dialect }: { readonly connection: Connection; readonly dialect: Dialect },
): Promise<string> {
  const found = await columnNames(`(\n${sql}\n)`, connection);
  const wanted = await columnNames(dialect.relation(table), connection);
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  if (lower(found).join('\n') === lower(wanted).join('\n')) return sql;
  return `select ${wanted.map(dialect.quote).join(', ')} from (\n${sql}\n) as velo_rows`;
}

/** The columns of what stands after `from`; no row is read. @throws DatabaseError */
export async function columnNames(
  from: string,
  connection: Connection,
): Promise<readonly string[]> {
  const { table } = await connection.fetch(`select * from ${from} as velo_columns limit 0`);
  return table.columns.map(({ name }) => name);
}
