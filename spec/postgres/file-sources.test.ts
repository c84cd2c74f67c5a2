import { utimesSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { inDatabase } from './database.ts';
import { makePostgresProject, type PostgresProject } from './project.ts';

const SOURCES = `version: 2
sources:
  - name: till
    tables:
      - name: receipts
        external_location: data/receipts-*.csv
        config: {event_time: day}
      - name: goods
        external_location: data/goods.parquet
      - name: notes
        external_location: data/notes.jsonl
`;

const FILES = {
  'models/_sources.yml': SOURCES,
  'data/receipts-1.csv': 'ID,Day,amount\n1,2024-01-01,1.5\n2,2024-01-02,\n',
  'data/receipts-2.csv': 'ID,Day,amount\n3,2024-01-03,"2.5"\n',
  'data/notes.jsonl': '{"id": 1, "said": {"who": "é"}, "tags": ["a", null]}\n',
  'models/paid.sql': `select id, day, amount from {{ source('till', 'receipts') }} where amount is not null
`,
  'models/by_day.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-02') }}
select cast(day + interval '1 day' as date) as as_of_date, count(*) as receipts
from {{ source('till', 'receipts') }}
where day + interval '1 day' >= {{ as_of.start }} and day + interval '1 day' < {{ as_of.end }}
group by 1
`,
  'models/goods.sql': `select * from {{ source('till', 'goods') }}
`,
  'models/notes.sql': `select id, said, tags from {{ source('till', 'notes') }}
`,
};

async function makeShop(): Promise<PostgresProject> {
  const shop = await makePostgresProject(FILES);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (select range::int as id, 'good ' || range as name, range / 4 as price,
    date '2024-01-01' as since from range(5000)) to '${shop.project.dir}/data/goods.parquet'`);
  connection.closeSync();
  return shop;
}

const loads = (stdout: string): string[] =>
  stdout.match(/Loaded \d+ rows of files into \S+/g) ?? [];

test('files are loaded when they change, and what is built from them follows', async () => {
  const { project, query } = await makeShop();
  const build = async (...args: string[]) =>
    project.velo(['build', '--as-of', '2024-01-10', ...args]);
  const first = await build();
  expect(first).toMatchObject({ exitCode: 0 });
  expect(loads(first.stdout)).toEqual([
    'Loaded 3 rows of files into till.receipts',
    'Loaded 5000 rows of files into till.goods',
    'Loaded 1 rows of files into till.notes',
  ]);
  expect(await query('select id, day, amount from paid order by id')).toEqual([
    ['1', '2024-01-01', '1.5'],
    ['3', '2024-01-03', '2.5'],
  ]);
  expect(await query('select count(*), sum(price) from goods')).toEqual([['5000', '3124375']]);
  expect(await query('select id, said, tags from notes')).toEqual([
    ['1', '{"who":"é"}', '{a,NULL}'],
  ]);
  const again = await build();
  expect(again).toMatchObject({ exitCode: 0 });
  expect(loads(again.stdout)).toEqual([]);

  project.write({ 'data/receipts-2.csv': 'ID,Day,amount\n3,2024-01-03,9.5\n4,2024-01-03,1\n' });
  const plan = await project.velo(['plan', '--as-of', '2024-01-10']);
  expect(plan).toMatchObject({ exitCode: 0 });
  expect(await query('select count(*) from till.receipts')).toEqual([['3']]);
  const late = await build();
  expect(loads(late.stdout)).toEqual(['Loaded 4 rows of files into till.receipts']);
  expect(await query('select as_of_date, receipts from by_day order by 1')).toEqual([
    ['2024-01-02', '1'],
    ['2024-01-03', '1'],
    ['2024-01-04', '2'],
  ]);
  // From the day on whose rows are others: the date before it stays.
  expect(
    await query(`select range_start::date from main_velo.ledger
    where node like '%by_day' and kind = 'built' order by seq desc limit 1`),
  ).toEqual([['2024-01-03']]);
});

test('a file that cannot be read leaves the old rows, and the next build has the new ones', async () => {
  const { project, query } = await makeShop();
  expect(await project.velo(['build', '--as-of', '2024-01-10'])).toMatchObject({ exitCode: 0 });
  project.write({ 'data/goods.parquet': 'not a parquet file' });
  const broken = await project.velo(['build', '--as-of', '2024-01-10']);
  expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('goods.parquet') });
  expect(await query('select count(*) from till.goods')).toEqual([['5000']]);
});

test('a table that velo did not make is left alone', async () => {
  const { project, database } = await makeShop();
  await inDatabase(database, 'create schema till', 'create table till.goods (mine text)');
  const refused = await project.velo(['build']);
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('error[not-loaded-by-velo] models/_sources.yml:9:9'),
  });
  expect(await inDatabase(database, 'select count(*) from till.goods')).toEqual([['0']]);
});

test('files that only have another time are loaded again, without a date to build', async () => {
  const { project, query } = await makeShop();
  expect(await project.velo(['build', '--as-of', '2024-01-10'])).toMatchObject({ exitCode: 0 });
  const before = await query('select count(*) from main_velo.ledger where range_start is not null');
  utimesSync(`${project.dir}/data/receipts-1.csv`, new Date(), new Date(Date.now() + 5000));
  expect(await project.velo(['build', '--as-of', '2024-01-10'])).toMatchObject({ exitCode: 0 });
  expect(
    await query('select count(*) from main_velo.ledger where range_start is not null'),
  ).toEqual(before);
});
