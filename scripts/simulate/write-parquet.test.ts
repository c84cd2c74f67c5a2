import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulate } from './simulate.ts';
import { csvPaths, writeCsv } from './write-csv.ts';
import { writeParquet } from './write-parquet.ts';

const season = { seed: 3, firstSeason: 2025, seasons: 1, runs: 1200 };
let folder = '';
let connection: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'velo-simulate-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

test('leaves three files that hold the rows of the csv files', async () => {
  const csv = csvPaths(folder);
  const counts = await writeCsv(simulate(season), csv);
  expect(await writeParquet(simulate(season), folder)).toEqual(counts);
  const parquet = readdirSync(folder).filter((name) => !name.endsWith('.csv'));
  expect(parquet.sort()).toEqual(['prices.parquet', 'races.parquet', 'runners.parquet']);
  for (const table of ['races', 'runners', 'prices'] as const) {
    const columns = `(from '${join(folder, table)}.parquet')`;
    const text = `(from read_csv('${csv[table]}', header = true, nullstr = ''))`;
    const compared = await connection.runAndReadAll(
      `select (select count(*) from ${columns}), (select count(*) from ${text}),
         (select count(*) from (from ${columns} except from ${text}))`,
    );
    const [inParquet, inCsv, different] = (compared.getRowsJson()[0] ?? []).map(Number);
    expect([inParquet, inCsv, different]).toEqual([counts[table], counts[table], 0]);
  }
});
