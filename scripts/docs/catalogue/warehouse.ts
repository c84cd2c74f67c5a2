import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { distributionsOf } from './distribution.ts';
import type { Distributions } from './render-catalogue.ts';
import { type CatalogueTable, tablesOf } from './tables.ts';

/** Opens the warehouse of a target folder for reading, and closes it after `work`. */
export async function withWarehouse<T>(
  targetFolder: string,
  work: (connection: DuckDBConnection, tables: readonly CatalogueTable[]) => Promise<T>,
): Promise<T> {
  const manifest: unknown = JSON.parse(readFileSync(join(targetFolder, 'manifest.json'), 'utf8'));
  const database = join(targetFolder, 'velo.duckdb');
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const result = await work(connection, tablesOf(manifest));
    connection.closeSync();
    return result;
  } finally {
    instance.closeSync();
  }
}

/** The distributions of every column of every table. */
export async function measureSample(
  connection: DuckDBConnection,
  tables: readonly CatalogueTable[],
): Promise<Distributions> {
  const found = new Map<string, Awaited<ReturnType<typeof distributionsOf>>>();
  for (const { name } of tables) found.set(name, await distributionsOf(connection, name));
  return found;
}
