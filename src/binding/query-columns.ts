import type { Connection, TypedColumnName } from '../adapters/adapter.ts';

/** The columns of a SELECT of which no row is read, in the engine's words. @throws DatabaseError */
export async function queryColumns(
  connection: Connection,
  sql: string,
): Promise<readonly TypedColumnName[]> {
  if (connection.describe) return connection.describe(sql);
  const { table } = await connection.fetch(`select * from (\n${sql}\n) as velo_columns limit 0`);
  return table.columns.map(({ name, type }) => ({ name, type }));
}
