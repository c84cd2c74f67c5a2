import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdb } from './duckdb.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'velo-duckdb-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const open = (path: string, more: object = {}) =>
  duckdb.open(duckdb.parseSettings({ type: 'duckdb', path, ...more }));

/** DuckDB's checksum of a header block: every 64-bit word times a constant, folded with xor. */
function checksum(block: Buffer): bigint {
  let sum = 5381n;
  for (let byte = 8; byte < block.length; byte += 8) {
    sum ^= BigInt.asUintN(64, block.readBigUInt64LE(byte) * 0xbf58476d1ce4e5b9n);
  }
  return sum;
}

async function makeDatabase(path: string): Promise<void> {
  await using warehouse = await open(path);
  await warehouse.use((connection) => connection.execute('create table t as select 1 as n'));
}

describe('a database that cannot be opened', () => {
  it('is no database', async () => {
    await writeFile(at('text.db'), 'hello '.repeat(5000));
    await expect(open(at('text.db'))).rejects.toMatchObject({
      code: 'database-unusable',
      message: `${at('text.db')} is not a DuckDB database`,
    });
  });

  it('was written by a newer version', async () => {
    await makeDatabase(at('newer.db'));
    const bytes = await readFile(at('newer.db'));
    bytes.writeBigUInt64LE(999n, 12); // the storage version
    bytes.writeBigUInt64LE(checksum(bytes.subarray(0, 4096)), 0);
    await writeFile(at('newer.db'), bytes);
    await expect(open(at('newer.db'))).rejects.toMatchObject({
      code: 'database-unusable',
      message: expect.stringContaining('written by a version of DuckDB that this one cannot read'),
    });
  });

  it('is damaged', async () => {
    await makeDatabase(at('damaged.db'));
    const bytes = await readFile(at('damaged.db'));
    await writeFile(at('damaged.db'), bytes.fill(7, 4096, 12_000));
    await expect(open(at('damaged.db'))).rejects.toMatchObject({
      code: 'database-unusable',
      message: `${at('damaged.db')} is damaged`,
    });
  });

  it('is a folder', async () => {
    await mkdir(at('folder.db'));
    await expect(open(at('folder.db'))).rejects.toMatchObject({
      code: 'database-unusable',
      message: `${at('folder.db')} is a folder, not a file`,
    });
  });

  it('lies in a folder that does not exist', async () => {
    await expect(open(at('none/x.db'))).rejects.toMatchObject({
      code: 'database-unusable',
      message: `${at('none/x.db')} cannot be made: its folder does not exist`,
    });
  });

  it('is not permitted', async () => {
    await mkdir(at('closed'));
    await chmod(at('closed'), 0o500);
    // Nothing but the kernel's own folders is closed to root.
    const path = process.getuid?.() === 0 ? '/sys/velo.db' : at('closed/x.db');
    await expect(open(path)).rejects.toMatchObject({
      code: 'database-unusable',
      message: `${path} cannot be opened for writing: permission denied`,
    });
  });

  it('needs an extension that is not there', async () => {
    await expect(open(':memory:', { extensions: ['postgres'] })).rejects.toMatchObject({
      code: 'database-error',
      message: "the DuckDB extension 'postgres_scanner' is not installed",
    });
  });

  it('is attached but missing', async () => {
    const attach = [{ path: at('missing.db'), alias: 'other', read_only: true }];
    await expect(open(':memory:', { attach })).rejects.toMatchObject({ code: 'database-unusable' });
  });
});

describe('an open database', () => {
  it('attaches files, applies settings, and is in UTC', async () => {
    await makeDatabase(at('other.db'));
    const attach = [{ path: at('other.db'), alias: 'the other', read_only: true }];
    await using warehouse = await open(':memory:', {
      attach,
      settings: { default_null_order: 'nulls_first' },
    });
    const rows = await warehouse.use((connection) =>
      connection.query(
        `select n, current_setting('TimeZone') as zone, current_setting('default_null_order') as nulls from "the other".t`,
      ),
    );
    expect(rows).toEqual([{ n: 1, zone: 'UTC', nulls: expect.stringMatching(/nulls_first/i) }]);
    expect(await warehouse.listRelations(['main'])).toEqual([
      { relation: { database: 'the other', schema: 'main', name: 't' }, type: 'table' },
    ]);
  });

  it('says that memory ran out, and how to have more', async () => {
    await using warehouse = await open(':memory:', {
      memory_limit: '20MB',
      settings: { max_temp_directory_size: '0B' },
    });
    const error = await warehouse
      .use((connection) =>
        connection.query(
          'select count(*) from (select distinct md5(i::varchar) from range(3000000) t(i))',
        ),
      )
      .catch((e: unknown) => e);
    expect(error).toMatchObject({
      message: expect.stringMatching(/memory|disk/i),
      hint: expect.any(String),
    });
  });

  it('names the relation two sessions change at once', async () => {
    await using warehouse = await open(':memory:');
    const failing = warehouse.use((first) =>
      first.transaction(async () => {
        await first.execute('create table same (n integer)');
        await warehouse.use((second) => second.execute('create table same (n integer)'));
      }),
    );
    await expect(failing).rejects.toMatchObject({
      code: 'write-conflict',
      message: 'another session is changing the same relation (same)',
    });
  });

  it('refuses a memory_limit without a unit', async () => {
    await expect(open(':memory:', { memory_limit: 'lots' })).rejects.toMatchObject({
      code: 'database-unusable',
      message: expect.stringContaining('memory_limit'),
    });
  });

  it('reads files with quotes in their names', async () => {
    const path = at("it's.csv");
    await writeFile(path, `id,name\n1,"a, b"\n2,\n${'3,x\n'.repeat(30_000)}z,y\n`);
    await using warehouse = await open(':memory:');
    const source = duckdb.dialect.readFiles(path, 'csv');
    const rows = await warehouse.use((connection) =>
      connection.query(`select * from ${source} limit 2`),
    );
    expect(rows).toEqual([
      { id: '1', name: 'a, b' },
      { id: '2', name: null },
    ]);
  });
});

describe('CSV files', () => {
  it('types given to columns of CSV files go before what the values look like', async () => {
    const path = at('types.csv');
    await writeFile(path, 'sex,age,off\nF,3,2:25\nF,4,3:00\n');
    await using warehouse = await open(':memory:');
    const source = duckdb.dialect.readFiles(path, 'csv', { sex: 'varchar', off: 'varchar' });
    const rows = await warehouse.use((connection) => connection.query(`select * from ${source}`));
    expect(rows.map(({ sex, off }) => [sex, off])).toEqual([
      ['F', '2:25'],
      ['F', '3:00'],
    ]);
    expect(rows.map(({ age }) => Number(age))).toEqual([3, 4]);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(duckdb.parseSettings({ type: 'duckdb', path: 'x/velo.prod.duckdb' })).toMatchObject({
      schema: 'main',
      database: 'velo',
      settings: {},
      extensions: [],
      attach: [],
    });
  });

  it.each([
    { key: 'treads', value: 4 },
    { key: 'threads', value: 0 },
    { key: 'database', value: 'other' },
    { key: 'attach', value: [{ path: 'x' }] },
  ])('refuse $key: $value', ({ key, value }) => {
    const input = { type: 'duckdb', path: 'velo.duckdb', [key]: value };
    expect(() => duckdb.parseSettings(input)).toThrow(key);
  });
});
