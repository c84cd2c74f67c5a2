import * as driver from '@duckdb/node-api';
import type { Connection } from '../../../src/adapters/adapter.ts';
import { connectionOf } from '../../../src/adapters/duckdb/connection.ts';

/** A session of DuckDB through velo's adapter, and beside it what a test does itself. */
export interface Database {
  readonly connection: Connection;
  run(sql: string): Promise<void>;
  /** Values as JSON spells them: a BIGINT and a date are texts. */
  rows(sql: string): Promise<unknown[][]>;
  /** The first column of a query's rows. */
  values(sql: string): Promise<unknown[]>;
  close(): void;
}

/** A new DuckDB in memory whose database is called shop. */
export async function shopDatabase(): Promise<Database> {
  const instance = await driver.DuckDBInstance.create(':memory:');
  const session = await instance.connect();
  await session.run("attach ':memory:' as shop; use shop");
  const rows = async (sql: string): Promise<unknown[][]> =>
    (await session.runAndReadAll(sql)).getRowsJson();
  return {
    connection: connectionOf(driver, session),
    rows,
    run: async (sql) => {
      await session.run(sql);
    },
    values: async (sql) => (await rows(sql)).map((row) => row[0]),
    close: () => session.closeSync(),
  };
}
