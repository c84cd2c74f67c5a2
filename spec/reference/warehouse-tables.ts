import { readRows, withDatabase } from './load.ts';
import type { Day, Row } from './run.ts';

/** Schemas no feature table lives in: the engine's own, and that of the older systems' names. */
const OTHER_SCHEMAS = ['velo', 'main_compat'];

/** The rows of a table of a built warehouse, whatever its schema, at some dates. */
export async function readTableAt(
  databasePath: string,
  table: string,
  dates: readonly Day[],
  dateColumn: 'as_of_date' | 'race_date' = 'as_of_date',
): Promise<readonly Row[]> {
  const list = dates.map((date) => `date '1970-01-01' + ${date}`).join(', ');
  return readTable(databasePath, table, `where ${dateColumn} in (${list})`);
}

/** All rows of a table of a built warehouse; a table that is not there once throws. */
export async function readTable(
  databasePath: string,
  table: string,
  condition = '',
): Promise<readonly Row[]> {
  return withDatabase(databasePath, async (connection) => {
    const found = await readRows(
      connection,
      `select table_schema from information_schema.tables
       where table_name = '${table}' and table_schema not in (${OTHER_SCHEMAS.map((name) => `'${name}'`).join(', ')})`,
    );
    if (found.length !== 1) throw new Error(`the warehouse has ${found.length} tables ${table}`);
    const schema = found[0]?.['table_schema'];
    return readRows(connection, `select * from "${schema}"."${table}" ${condition}`);
  });
}
