import type { Dialect, Warehouse } from './adapter.ts';

/** An engine in memory that reads local files, and in which rows of several engines meet. */
export interface FileEngine extends AsyncDisposable {
  readonly warehouse: Warehouse;
  readonly dialect: Dialect;
}

export interface FileEngineOptions {
  /** How many it may use. */
  readonly threads: number;
  /** Where it writes what does not fit into its memory; without one that fails. */
  readonly spillFolder?: string | undefined;
  /** In the engine's words: `1GB`. */
  readonly memoryLimit?: string | undefined;
}

/** @throws DatabaseError */
export async function openFileEngine({
  threads,
  spillFolder,
  memoryLimit,
}: FileEngineOptions): Promise<FileEngine> {
  const { duckdb } = await import('./duckdb/duckdb.ts');
  const settings = duckdb.parseSettings({
    ...{ type: 'duckdb', path: ':memory:', threads },
    ...(spillFolder !== undefined && { temp_directory: spillFolder }),
    ...(memoryLimit !== undefined && { memory_limit: memoryLimit }),
  });
  const warehouse = await duckdb.open(settings);
  return {
    warehouse,
    dialect: duckdb.dialect,
    [Symbol.asyncDispose]: () => warehouse[Symbol.asyncDispose](),
  };
}
