import type { Query } from '../../sql/tree.ts';
import type { Connection, Warehouse } from '../adapter.ts';
import type { FunctionKinds } from '../duckdb/read-expression.ts';

/** Reads SELECTs into trees. */
export interface QueryParser extends AsyncDisposable {
  parse(sql: string, connection: Pick<Connection, 'query'>): Promise<Query | undefined>;
}

/**
 * Postgres shows nobody what its parser makes of a text. DuckDB's parser, which grew out of it, reads most of what is
 * written for both; what it does not know has no tree. Which functions are aggregates and which answer anew each time
 * is asked of the server, whose functions they are. The engine is loaded when a tree is first wanted.
 */
export function createQueryParser(): QueryParser {
  let engine: Promise<Warehouse> | undefined;
  let kinds: Promise<FunctionKinds> | undefined;
  return {
    async parse(sql, connection) {
      engine ??= openEngine();
      kinds ??= functionKinds(connection);
      const { parseQuery } = await import('../duckdb/parse-query.ts');
      const functions = await kinds;
      return (await engine).use(({ query }) => parseQuery(sql, query, functions));
    },
    async [Symbol.asyncDispose]() {
      await (await engine)?.[Symbol.asyncDispose]();
    },
  };
}

async function openEngine(): Promise<Warehouse> {
  const [{ openWarehouse }, { parseDuckdbSettings, MEMORY }] = await Promise.all([
    import('../duckdb/warehouse.ts'),
    import('../duckdb/settings.ts'),
  ]);
  return openWarehouse(parseDuckdbSettings({ type: 'duckdb', path: MEMORY, threads: 1 }));
}

/** Functions without arguments that are stable within a statement tell the time or the user: another one next time. */
async function functionKinds({ query }: Pick<Connection, 'query'>): Promise<FunctionKinds> {
  const rows = await query(`select distinct lower(proname) as name, prokind = 'a' as aggregate
from pg_proc where prokind = 'a' or provolatile = 'v' or (provolatile = 's' and pronargs = 0)`);
  const named = (aggregate: boolean) =>
    new Set(rows.filter((row) => row['aggregate'] === aggregate).map(({ name }) => String(name)));
  return { aggregate: named(true), volatile: named(false) };
}
