import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach } from 'vitest';

/** An empty DuckDB for each test of a file; its database is `shop`. */
export interface InMemory {
  run(sql: string): Promise<void>;
  /** Values as JSON spells them: a BIGINT and a date are texts. */
  rows(sql: string): Promise<unknown[][]>;
}

export function inMemoryDuckdb(): InMemory {
  let connection: DuckDBConnection;
  beforeEach(async () => {
    const instance = await DuckDBInstance.create(':memory:');
    connection = await instance.connect();
    await connection.run("attach ':memory:' as shop; use shop");
  });
  afterEach(() => connection.closeSync());
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
  };
}
