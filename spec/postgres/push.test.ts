import { expect, test } from 'vitest';
import { inDatabase } from './database.ts';
import { makeTwoTargets } from './push-project.ts';

const sales = (rows: number, plus = 0) =>
  `id,day,amount\n${Array.from(
    { length: rows },
    (_, i) => `${i + 1},2024-01-${String(1 + (i % 28)).padStart(2, '0')},${i + plus}.5`,
  ).join('\n')}\n`;

const FILES = {
  'seeds/sales.csv': sales(56),
  'models/totals.sql': `{{ config(materialized='table', unique_key='day') }}
select day, count(*) as sales, sum(amount) as amount, 'only here' as note from {{ ref('sales') }} group by day
`,
  'models/daily.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-01', unique_key='as_of_date') }}
select day as as_of_date, sum(amount) as amount from {{ ref('sales', history='0 days') }}
where day >= {{ as_of.start }} and day < {{ as_of.end }} group by day
`,
  'models/after.sql': `{{ config(materialized='table') }}
select count(*) as days from {{ ref('totals') }}
`,
  'models/shown.sql': `select * from {{ ref('totals') }}
`,
  'models/models.yml': `models:
  - name: totals
    columns:
      - name: day
        data_tests: [unique, not_null]
      - name: amount
        data_tests:
          - accepted_range: {arguments: {min_value: 0}}
  - name: daily
    columns:
      - name: as_of_date
        data_tests:
          - relationships: {arguments: {to: ref('totals'), field: day}}
`,
};

const BUILD = ['build', '--as-of', '2024-02-01'];
const TOTALS = 'select count(*), sum(sales), sum(amount) from totals';

const backups = `select relname from pg_class where relname like '%backup%' and relkind = 'r' order by 1`;

test('a table is published with its tests, backups are kept and put back', async () => {
  const { project, query } = await makeTwoTargets(FILES);
  expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
  const look = await project.velo(['push', '-s', 'totals', '--to', 'prod', '--dry-run']);
  expect(look).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('not sent: a look only'),
  });
  expect(await query("select to_regnamespace('live')")).toEqual([[null]]);

  const first = await project.velo(['push', '-s', 'totals', '--to', 'prod']);
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout).toContain('totals → live.totals');
  expect(first.stdout).toContain('28 to be there, now new; sends 28 rows');
  expect(first.stdout).toMatch(/done: 28 rows in .*, 3 tests passed/);
  expect(await query(TOTALS)).toEqual([['28', '56', '1568']]);

  await query(`alter table totals add primary key (day)`);
  await query('create view theirs as select day, amount from totals');
  for (let push = 1; push <= 4; push += 1) {
    project.write({ 'seeds/sales.csv': sales(56 + push, push) });
    expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
    const again = await project.velo(['push', '-s', 'totals', '--to', 'prod', '--backups', '2']);
    expect(again).toMatchObject({ exitCode: 0 });
    if (push === 1) {
      expect(again.stdout).toContain('sample   of 28 rows 28 changed, 0 new');
      expect(again.stdout).toMatch(/2024-01-\d\d: .*amount [\d.]+ → [\d.]+/);
    }
  }
  // By hand: numbers 4.5 to 63.5.
  expect(await query(TOTALS)).toEqual([['28', '60', '2040']]);
  expect(await query('select sum(amount) from theirs')).toEqual([['2040']]);
  expect(await query(backups)).toHaveLength(2);
  expect(await query("select count(*) from pg_index where indrelid = 'totals'::regclass")).toEqual([
    ['1'],
  ]);

  // 3.5 to 61.5.
  const back = await project.velo(['rollback', '-s', 'totals', '--target', 'prod']);
  expect(back).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/live\.totals is as of .* 1 older backup left/),
  });
  expect(await query(TOTALS)).toEqual([['28', '59', '1917.5']]);
  expect(await query('select sum(amount) from theirs')).toEqual([['1917.5']]);
  expect(await project.velo(['rollback', '-s', 'totals', '--target', 'prod'])).toMatchObject({
    exitCode: 0,
  });
  expect(await query(TOTALS)).toEqual([['28', '58', '1798']]);
  expect(await project.velo(['rollback', '-s', 'totals', '--target', 'prod'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("target 'prod' has no backup of totals"),
  });
  expect(await query(backups)).toEqual([]);
});

test('only matching columns go, cast to the types that are there; the others are listed', async () => {
  const { project, database, query } = await makeTwoTargets(FILES);
  expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
  await inDatabase(
    database,
    'create schema live',
    `create table live.totals (day text primary key, amount numeric, sales smallint, seen timestamptz default '2000-01-01')`,
    `insert into live.totals values ('2023-12-31', 1.5, 1)`,
  );
  const pushed = await project.velo(['push', '-s', 'totals', '--to', 'prod']);
  expect(pushed.stdout).toContain('not sent, as the table has none of the name: note');
  expect(pushed.stdout).toContain('left to their default: seen');
  expect(pushed.stdout).toContain('day (date to text)');
  expect(pushed.stdout).toContain('sales (int8 to int2)');
  expect(pushed).toMatchObject({ exitCode: 0 });
  expect(
    await query(
      `select min(day), max(day), sum(amount), sum(sales), min(seen), pg_typeof(min(amount)) from totals`,
    ),
  ).toEqual([['2024-01-01', '2024-01-28', '1568', '56', '2000-01-01 00:00:00+00', 'numeric']]);
});

test('rows that fail their tests are not published, and nothing after them is begun', async () => {
  const { project, query } = await makeTwoTargets(FILES);
  expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
  expect(await project.velo(['push', '-s', 'totals', '--to', 'prod'])).toMatchObject({
    exitCode: 0,
  });
  project.write({ 'seeds/sales.csv': sales(56, -20) });
  expect(await project.velo(['run', '--as-of', '2024-02-01'])).toMatchObject({ exitCode: 0 });
  expect(await project.velo(['seed'])).toMatchObject({ exitCode: 0 });
  expect(await project.velo(['run', '--as-of', '2024-02-01'])).toMatchObject({ exitCode: 0 });
  const refused = await project.velo(['push', '--to', 'prod', '-s', 'totals', 'after']);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout).toContain('NOT PUBLISHED: its tests failed on the new rows');
  expect(refused.stdout).toMatch(/fail accepted_range_totals_amount\S*: Got \d+ results/);
  expect(refused.stdout).toContain('after not begun: a table before it failed');
  expect(await query(TOTALS)).toEqual([['28', '56', '1568']]);
  expect(await query("select to_regclass('after'), to_regclass('totals__velo_new')")).toEqual([
    [null, null],
  ]);
});

test('of an as_of model only days that differ are sent', async () => {
  const { project, query } = await makeTwoTargets(FILES);
  const push = async (...args: string[]) => {
    const result = await project.velo([
      'push',
      '-s',
      'daily',
      '--to',
      'prod',
      '--output',
      'json',
      ...args,
    ]);
    expect(result).toMatchObject({ exitCode: 0 });
    const [{ status, rows, part }] = JSON.parse(result.stdout);
    return { status, rows, part };
  };
  expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
  expect(await push()).toEqual({ status: 'done', rows: 28, part: null });
  expect(await push()).toEqual({ status: 'same', rows: 0, part: '0 of 28 days' });
  // One late row of a day, and one day of which a row was removed behind velo's back.
  project.write({ 'seeds/sales.csv': `${sales(56)}57,2024-01-05,1000\n` });
  expect(await project.velo(BUILD)).toMatchObject({ exitCode: 0 });
  await query(`delete from daily where as_of_date = '2024-01-20'`);
  expect(await push()).toEqual({ status: 'done', rows: 2, part: '2 of 28 days' });
  expect(await query(`select count(*), sum(amount) from daily`)).toEqual([['28', '2568']]);
  project.write({
    'models/models.yml': FILES['models/models.yml'].replace(
      '  - name: daily\n',
      '  - name: daily\n    data_tests: [no_future_leakage]\n',
    ),
  });
  const tests = await project.velo(['push', '-s', 'daily', '--to', 'prod', '--full-refresh']);
  expect(tests).toMatchObject({ exitCode: 0 });
  // The other test reads a model that was never pushed.
  expect(tests.stdout).toMatch(/not run: no_future_leakage_daily\S*: it judges the code/);
  expect(tests.stdout).toMatch(
    /not run: relationships_daily\S*: it reads totals, which is not there/,
  );
  expect(await push('--full-refresh')).toEqual({ status: 'done', rows: 28, part: null });
  expect(await push()).toEqual({ status: 'same', rows: 0, part: '0 of 28 days' });
});

test('source tables are pulled, newer rows alone where that is enough', async () => {
  const { project, database } = await makeTwoTargets({
    'models/_sources.yml': `version: 2
sources:
  - name: feed
    tables:
      - name: odds
        config: {loaded_at_field: seen_at}
      - name: places
`,
    'models/latest.sql': `select max(price) as price from {{ source('feed', 'odds') }}
`,
  });
  await inDatabase(
    database,
    'create schema feed',
    `create table feed.odds as select n as id, timestamptz '2024-01-01 00:00:00.5Z' + n * interval '1 minute' as seen_at,
      (n * 1.25)::numeric(10,2) as price, array[n, null] as path from generate_series(1, 3000) as n`,
    `create table feed.places (name text, since date, extra jsonb)`,
    `insert into feed.places values ('Épsom', '-infinity', '{"a": 1}'), (null, null, null)`,
  );
  const pull = async (...args: string[]) => {
    const result = await project.velo(['pull', '--from', 'prod', '--output', 'json', ...args]);
    expect(result).toMatchObject({ exitCode: 0 });
    return JSON.parse(result.stdout).map(({ rows, part }: Record<string, unknown>) => [rows, part]);
  };
  expect(await pull()).toEqual([
    [3000, null],
    [2, null],
  ]);
  const counted = `select count(*)::int, sum(price)::varchar, max(len(path))::int, max(seen_at)::varchar from feed.odds`;
  const here = async (sql: string) => {
    const { query } = await import('../e2e/velo.ts');
    return query(`${project.dir}/dev.duckdb`, sql);
  };
  // 1.25 * (1 + … + 3000)
  expect(await here(counted)).toEqual([[3000, '5626875.00', 2, '2024-01-03 02:00:00.5+00']]);
  expect(
    await here('select name, since::varchar, extra::varchar from feed.places order by 1'),
  ).toEqual([
    ['Épsom', '-infinity', '{"a": 1}'],
    [null, null, null],
  ]);
  await inDatabase(
    database,
    `insert into feed.odds select 4000, max(seen_at), 1, null from feed.odds`,
    `insert into feed.odds select 4001, max(seen_at) + interval '1 hour', 2, null from feed.odds`,
  );
  expect((await pull('-s', 'source:feed.odds'))[0]).toEqual([
    3,
    expect.stringMatching(/^from 2024-01-03 02:00:00.5\+00 on$/),
  ]);
  expect(await here(counted)).toEqual([[3002, '5626878.00', 2, '2024-01-03 03:00:00.5+00']]);
  // A row that came late: the whole table.
  await inDatabase(database, `insert into feed.odds values (0, '2023-12-31', 5, null)`);
  expect((await pull('-s', 'source:feed.odds'))[0]).toEqual([3003, null]);
  expect(await here('select count(*)::int from feed.odds')).toEqual([[3003]]);
  expect(await project.velo(['build'])).toMatchObject({ exitCode: 0 });
});

test.each([
  [['push', '-s', 'totals'], '--to is needed'],
  [['push', '-s', 'totals', '--to', 'dev'], '--to dev is the target itself'],
  [['push', '-s', 'totals', '--to', 'nowhere'], "has no target 'nowhere'"],
  [['push', '-s', 'shown', '--to', 'prod'], 'none of the selected nodes keeps rows'],
  [['push', '-s', 'totals', '--to', 'prod', '--lock-timeout', 'soon'], "--lock-timeout 'soon'"],
  [['pull', '--from', 'prod'], 'none of the selected nodes is a source in a table'],
  [['rollback', '--target', 'prod'], 'velo rollback needs --select'],
])('%j is told of', async (args, message) => {
  const { project } = await makeTwoTargets(FILES);
  expect(await project.velo(args)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(message),
  });
});

test('what is not built here is told of, and nothing is published', async () => {
  const { project } = await makeTwoTargets(FILES);
  const result = await project.velo(['push', '-s', 'totals', '--to', 'prod']);
  expect(result).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('error[input-missing] models/totals.sql'),
  });
});
