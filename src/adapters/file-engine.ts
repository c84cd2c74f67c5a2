import type { Dialect, Warehouse } from './adapter.ts';

/** An engine in memory that reads local files. */
export interface FileEngine extends AsyncDisposable {
  readonly warehouse: Warehouse;
  readonly dialect: Dialect;
}

/** Reads files for targets whose engine cannot. `threads`: how many it may use. @throws DatabaseError */
export async function openFileEngine(threads: number): Promise<FileEngine> {
  const { duckdb } = await import('./duckdb/duckdb.ts');
  const settings = duckdb.parseSettings({ type: 'duckdb', path: ':memory:', threads });
  const warehouse = await duckdb.open(settings);
  return {
    warehouse,
    dialect: duckdb.dialect,
    [Symbol.asyncDispose]: () => warehouse[Symbol.asyncDispose](),
  };
}
