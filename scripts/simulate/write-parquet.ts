import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type DayRows, PRICE_COLUMNS, RACE_COLUMNS, RUNNER_COLUMNS } from './rows.ts';
import { type Counts, csvPaths, writeCsv } from './write-csv.ts';

const TABLES = { races: RACE_COLUMNS, runners: RUNNER_COLUMNS, prices: PRICE_COLUMNS };

/**
 * Writes `races.parquet`, `runners.parquet` and `prices.parquet` into `folder`. Goes through CSV
 * files beside them, so that both formats hold the same values and memory stays flat.
 */
export async function writeParquet(days: Iterable<DayRows>, folder: string): Promise<Counts> {
  const scratch = await mkdtemp(join(folder, '.csv-'));
  try {
    const csv = csvPaths(scratch);
    const counts = await writeCsv(days, csv);
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: '400MB',
      threads: '2',
    });
    const connection = await instance.connect();
    for (const table of ['races', 'runners', 'prices'] as const) {
      await convert(connection, csv[table], TABLES[table], join(folder, `${table}.parquet`));
    }
    connection.closeSync();
    instance.closeSync();
    return counts;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function convert(
  connection: DuckDBConnection,
  from: string,
  columns: object,
  to: string,
): Promise<void> {
  const types = Object.entries(columns).map(([name, type]) => `${name}: '${type}'`);
  await connection.run(
    `copy (select * from read_csv(${literal(from)}, header = true, nullstr = '', columns = {${types.join(', ')}}))
     to ${literal(to)} (format parquet, compression zstd)`,
  );
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
