import { DuckDBInstance } from '@duckdb/node-api';
import type { TestProject } from '../e2e/velo.ts';

/** Changes the database behind velo's back. */
export async function tamper(
  project: TestProject,
  ...statements: readonly string[]
): Promise<void> {
  const instance = await DuckDBInstance.create(project.database);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}
