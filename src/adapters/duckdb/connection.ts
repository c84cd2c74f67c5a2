import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api';
import type { Connection } from '../adapter.ts';
import { copyIn } from './copy/copy-in.ts';
import { describeQuery, encodeRows, wireColumns } from './copy/encode-rows.ts';
import { describeColumns } from './describe-columns.ts';
import { statementError } from './errors.ts';
import { fetchTable } from './fetch-table.ts';
import { freeResults } from './free-results.ts';
import { loadColumns } from './load-columns.ts';
import { parseQuery } from './parse-query.ts';
import { readColumns } from './read-columns.ts';
import { readPortions } from './read-portions.ts';

export type Driver = typeof import('@duckdb/node-api');

/** Runs one statement to its end. @throws DatabaseError */
export type Run = (sql: string) => Promise<DuckDBMaterializedResult>;

/** A session of the driver as velo lends it. */
export function connectionOf(driver: Driver, session: DuckDBConnection): Connection {
  let loads = 0;
  const run: Run = async (sql) => {
    try {
      return await session.run(sql);
    } catch (error) {
      throw statementError(error, sql);
    }
  };
  const query: Connection['query'] = async (sql) => {
    const result = await run(sql);
    const names = result.deduplicatedColumnNames();
    const rows = await result.getRowsJson();
    return rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
  };
  const execute: Connection['execute'] = async (sql) => rowsWritten(driver, await run(sql));
  const read: Connection['readColumns'] = async (sql, options) => {
    // What goes to other threads is large. Its copy in the engine has served then, and goes back to the system.
    if (options?.shared) await run('set allocator_background_threads = true');
    const columns = await readColumns(driver, await run(sql), options);
    if (options?.shared) freeResults();
    return columns;
  };
  const load: Connection['loadColumns'] = (columns) => {
    loads += 1;
    return loadColumns({ driver, session, run }, columns, `velo_load_${loads}`);
  };
  return {
    query,
    parseQuery: (sql) => parseQuery(sql, query),
    execute,
    async fetch(sql) {
      const result = await run(sql);
      const isQuery = result.returnType === driver.ResultReturnType.QUERY_RESULT;
      const table = await fetchTable(result);
      const count = table.rows[0]?.[0];
      const rowsAffected = isQuery || count === undefined ? undefined : Number(count);
      return { message: 'OK', rowsAffected, table };
    },
    describe: (sql) => describeColumns(session, sql),
    transaction: (work) => inTransaction(run, work),
    wireColumns: async (sql) => wireColumns(await describeQuery(session, sql)),
    copyOut: (sql, columns, onRows) => encodeRows(session, sql, columns, onRows),
    copyIn(relation, columns, rows, onRows) {
      loads += 1;
      const target = { driver, session, run, query };
      return copyIn(target, relation, columns, { rows, onRows, landing: `velo_load_${loads}` });
    },
    readColumns: read,
    readPortions: (rows, use) => readPortions({ query, execute, readColumns: read }, rows, use),
    loadColumns: load,
    async appendColumns(table, columns) {
      const loaded = await load(columns);
      await run(`insert into ${table} by name select * from ${loaded}`);
      await run(`drop table ${loaded}`);
    },
  };
}

async function inTransaction<T>(run: Run, work: () => Promise<T>): Promise<T> {
  await run('begin transaction');
  try {
    const result = await work();
    await run('commit');
    return result;
  } catch (error) {
    // A failed commit has ended the transaction already; the first error is the one to show.
    await run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Writing statements, also `create table as`, answer with one row that counts; DDL with none. */
async function rowsWritten(
  driver: Driver,
  result: DuckDBMaterializedResult,
): Promise<number | undefined> {
  if (result.returnType === driver.ResultReturnType.QUERY_RESULT) return undefined;
  const [row] = await result.getRowsJson();
  return row && Number(row[0]);
}
