// What DuckDB alone takes: runs SELECTs as `create table as` in a database file and prints the milliseconds of each.
//   node scripts/bench/bare-duckdb.mjs <database file> <threads> <file.sql…>
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';

const [database, threads, ...files] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database, { threads });
const connection = await instance.connect();
await connection.run(`set TimeZone = 'UTC'`);
const times = [];
for (const file of files) {
  const sql = await readFile(file, 'utf8');
  const startedAt = performance.now();
  await connection.run(`create or replace table velo_bench_bare as (\n${sql}\n)`);
  times.push(performance.now() - startedAt);
  await connection.run('drop table velo_bench_bare');
}
connection.closeSync();
instance.closeSync();
process.stdout.write(JSON.stringify(times));
