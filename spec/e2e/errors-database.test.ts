import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { holdDatabase } from './database-holder.ts';
import { type CliResult, makeProject, type TestProject, verdictOf } from './velo.ts';

const TABLE = "{{ config(materialized='table') }}\nselect 1 as order_id\n";

const shop = (): TestProject => makeProject({ 'models/orders.sql': TABLE });

/** DuckDB's checksum of a header block: every 64-bit word times a constant, folded with xor. */
function checksum(block: Buffer): bigint {
  let sum = 5381n;
  for (let byte = 8; byte < block.length; byte += 8) {
    sum ^= BigInt.asUintN(64, block.readBigUInt64LE(byte) * 0xbf58476d1ce4e5b9n);
  }
  return sum;
}

/** Which target it was, and that nothing ran. */
const STOPPED =
  /^Found 1 model\n\nConcurrency: \d+ threads \(target='\w+'\)\n\n\nFinished running {2}in 0 hours .*\n$/;

const refusal = (stderr: string): CliResult => ({
  exitCode: 2,
  stdout: expect.stringMatching(STOPPED),
  stderr,
});

it('a file that is no database is left as it is', async () => {
  const project = shop();
  const text = 'hello '.repeat(5000);
  project.write({ 'target/shop.duckdb': text });
  expect(await project.velo(['build'])).toEqual(
    refusal(`error[database-unusable]
  <project>/target/shop.duckdb is not a DuckDB database
  hint: move it away and build anew, or set path of the target to another file
  docs: docs/errors/database-unusable.md
`),
  );
  expect(project.read('target/shop.duckdb')).toBe(text);
});

it('a folder where the database should be', async () => {
  const project = shop();
  mkdirSync(project.database, { recursive: true });
  expect(await project.velo(['build'])).toEqual(
    refusal(`error[database-unusable]
  <project>/target/shop.duckdb is a folder, not a file
  hint: move it away and build anew, or set path of the target to another file
  docs: docs/errors/database-unusable.md
`),
  );
});

it('a database of a newer version is left as it is', async () => {
  const project = shop();
  expect((await project.velo(['build'])).exitCode).toBe(0);
  const bytes = readFileSync(project.database);
  bytes.writeBigUInt64LE(999n, 12); // the storage version
  bytes.writeBigUInt64LE(checksum(bytes.subarray(0, 4096)), 0);
  writeFileSync(project.database, bytes);
  expect(await project.velo(['build'])).toEqual(
    refusal(`error[database-unusable]
  <project>/target/shop.duckdb was written by a version of DuckDB that this one cannot read
  hint: export it there with EXPORT DATABASE and build it anew here
  docs: docs/errors/database-unusable.md
`),
  );
  expect(readFileSync(project.database).equals(bytes)).toBe(true);
});

it('a database that another process holds: it is named', async () => {
  const project = shop();
  mkdirSync(`${project.dir}/target`);
  const holder = await holdDatabase(project.database);
  const result = await project.velo(['build']);
  await holder.release();
  expect(result).toEqual(
    refusal(`error[database-locked]
  <project>/target/shop.duckdb is in use by process ${holder.pid} (${process.execPath})
  hint: wait until it ends (--wait does), or stop it
  docs: docs/errors/database-locked.md
`),
  );
  expect((await project.velo(['build'])).exitCode).toBe(0);
});

it('a folder that is not there', async () => {
  const project = shop();
  project.write({
    'velo_project.yml': 'name: shop\nprofile: warehouse\n',
    'profiles.yml':
      'warehouse:\n  outputs:\n    default:\n      type: duckdb\n      path: nowhere/shop.duckdb\n',
  });
  expect(await project.velo(['build'])).toEqual(
    refusal(`error[database-unusable]
  nowhere/shop.duckdb cannot be made: its folder does not exist
  docs: docs/errors/database-unusable.md
`),
  );
});

it('a full disk: nothing is published, and the old rows are still there', async () => {
  const project = shop();
  expect((await project.velo(['build'])).exitCode).toBe(0);
  project.write({
    'models/orders.sql':
      "{{ config(materialized='table') }}\nselect i as order_id, md5(i::varchar) as h from range(1000000) t(i)\n",
  });
  // A limit of 2 MB a file is a full disk that needs no disk of its own.
  const result = await project.velo(['build'], { fileLimitKb: 2000 });
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(verdictOf(result)).toMatchInlineSnapshot(`
    "Completed with 1 error, 0 partial successes, and 0 warnings:

    [ERROR]: in model orders (models/orders.sql)
      Runtime Error in model orders (models/orders.sql)
      error[disk-full]
        Could not write file "<project>/target/shop.duckdb": File too large
        hint: free space, or point temp_directory of the target at a larger disk; nothing was committed
        docs: docs/errors/disk-full.md

      compiled code at target/compiled/shop/models/orders.sql

    Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
    "
  `);
  expect(await project.query('from orders')).toEqual([[1]]);
  const { exitCode, stderr } = await project.velo(['build']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(await project.query('select count(*) from orders')).toEqual([['1000000']]);
});

it('a relation of the other kind that velo did not make is not lost when the model fails', async () => {
  const project = shop();
  mkdirSync(`${project.dir}/target`);
  const instance = await DuckDBInstance.create(project.database);
  const connection = await instance.connect();
  await connection.run('create view orders as select 42 as order_id');
  connection.closeSync();
  instance.closeSync();
  project.write({
    'models/orders.sql': "{{ config(materialized='table') }}\nselect 'x'::integer as order_id\n",
  });
  expect((await project.velo(['build'])).exitCode).toBe(1);
  expect(await project.query('from orders')).toEqual([[42]]);
});
