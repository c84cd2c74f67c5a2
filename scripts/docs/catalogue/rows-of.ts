import type { DuckDBConnection } from '@duckdb/node-api';

/** The rows of a query. Raises DuckDB's error. */
export const rowsOf = async (
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly (readonly unknown[])[]> => (await connection.runAndReadAll(sql)).getRowsJson();
