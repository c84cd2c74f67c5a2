import type { FileEngine } from '../adapters/file-engine.ts';
import { compareTables } from '../compare/compare-tables.ts';
import { type SharedColumn, sharedColumns } from '../compare/shared-columns.ts';
import type { Relation } from '../core/relation.ts';
import type { TableDifferences } from '../core/table-differences.ts';
import { createTable, moveRows } from '../transfer/move-rows.ts';
import { columnsOf, rowsOf, type TableEnd } from '../transfer/table-end.ts';

export interface DiffHow {
  readonly engine: FileEngine;
  readonly keys: readonly (readonly string[])[];
  readonly leftOut: readonly string[];
}

const TABLES = { here: 'velo_here', there: 'velo_there', place: 'velo_differing' } as const;

/** In what a table differs from another one. Rows of both are copied into the engine beside. @throws DatabaseError */
export async function diffTables(
  here: TableEnd,
  there: TableEnd,
  { engine, keys, leftOut }: DiffHow,
): Promise<TableDifferences> {
  const { common, onlyHere, onlyThere } = sharedColumns(
    await columnsOf(here),
    await columnsOf(there),
    new Set(leftOut.map((name) => name.toLowerCase())),
  );
  const columns = { columnsOnlyHere: onlyHere, columnsOnlyThere: onlyThere };
  if (common.length === 0) return { ...NOTHING_COMMON, ...columns };
  return engine.warehouse.use(async (connection) => {
    const drop = async () => {
      for (const name of Object.values(TABLES)) {
        await connection.execute(`drop table if exists ${name}`);
      }
    };
    try {
      await load(here, common, 'name', TABLES.here, { connection, dialect: engine.dialect });
      await load(there, common, 'nameThere', TABLES.there, { connection, dialect: engine.dialect });
      const found = await compareTables(connection, engine.dialect, {
        ...TABLES,
        columns: common,
        keys,
      });
      return { ...found, ...columns };
    } finally {
      await drop();
    }
  });
}

const NOTHING_COMMON = {
  ...{ rowsHere: 0, rowsThere: 0, onlyHere: 0, onlyThere: 0, changed: 0 },
  ...{ key: undefined, columns: [], examples: [] },
} as const;

/** Copies the columns of a table into the engine beside, named by their numbers. */
async function load(
  from: TableEnd,
  columns: readonly SharedColumn[],
  nameOf: 'name' | 'nameThere',
  table: string,
  to: Pick<TableEnd, 'connection' | 'dialect'>,
): Promise<void> {
  const relation: Relation = { schema: 'main', name: table };
  const names = columns.map((_, i) => `c${i}`);
  const sent = columns.map((column) => ({ name: column[nameOf], type: column.type }));
  const made = columns.map(({ type }, i) => ({ name: names[i] ?? '', type }));
  await to.connection.execute(createTable(to.dialect, relation, made));
  await moveRows(
    { connection: from.connection, sql: rowsOf(from) },
    { connection: to.connection, relation },
    sent,
    { names },
  );
}
