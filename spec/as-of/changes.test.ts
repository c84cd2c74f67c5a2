import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, query, type TestProject } from '../e2e/velo.ts';
import { build } from './build.ts';
import { rowHashes } from './row-hashes.ts';
import { SHOP } from './shop.ts';
import { tamper } from './tamper.ts';

const asOf = '2024-01-20';

/** The shop, built up to `asOf`. */
async function builtShop(files = {}): Promise<TestProject> {
  const project = makeProject({ ...SHOP, ...files });
  const { statuses } = await build(project.dir, { asOf });
  expect(new Set(Object.values(statuses))).toEqual(new Set(['success', 'pass']));
  return project;
}

/** Changes a file by replacing text that must be there. */
function edit(project: TestProject, path: string, before: string, after: string): void {
  const text = project.read(path);
  if (!text.includes(before)) throw new Error(`${path} has no '${before}'`);
  project.write({ [path]: text.replace(before, after) });
}

test('run again nothing is built and the database is not touched', async () => {
  const project = await builtShop();
  const before = { bytes: readFileSync(project.database), ...statSync(project.database) };
  const { statuses, reasons } = await build(project.dir, { asOf });
  expect(reasons).toEqual({});
  expect(new Set(Object.values(statuses))).toEqual(new Set(['reused']));
  expect(readFileSync(project.database).equals(before.bytes)).toBe(true);
  expect(statSync(project.database).mtimeMs).toBe(before.mtimeMs);
});

test('without the kept state the ledger says the same', async () => {
  const project = await builtShop();
  const hashes = await rowHashes(project.database);
  project.remove('target/state.dev.json');
  const { reasons } = await build(project.dir, { asOf });
  expect(reasons).toEqual({});
  expect(await rowHashes(project.database)).toEqual(hashes);
});

test('the kept state does not grow from run to run', async () => {
  const project = makeProject({
    'models/one.sql': "{{ config(materialized='table') }} select now() as n\n",
  });
  const size = async () => {
    await build(project.dir);
    const { relations } = project.readJson('target/state.dev.json') as { relations: unknown[] };
    return relations.length;
  };
  await size();
  const before = await size();
  expect([await size(), await size()]).toEqual([before, before]);
});

test.each<[change: string, path: string, before: string, after: string]>([
  ['a SQL comment', 'models/week.sql', 'with days', '-- all days\nwith days'],
  ['a comment of the template', 'models/week.sql', 'with days', '{# all days #}\nwith days'],
  ['white space', 'models/week.sql', 'group by all', '\n\n   group   by all'],
  ['a comment in a macro', 'macros/money.sql', '* 100', '/* to cents */ * 100'],
  [
    'a description',
    'models/models.yml',
    '- name: week',
    '- name: week\n    description: sales of a week',
  ],
  [
    'an unused macro',
    'macros/money.sql',
    '{% macro',
    '{% macro other() %}2{% endmacro %}\n{% macro',
  ],
  ['an unused var', 'velo_project.yml', 'rate: 2', 'rate: 2\n  other: 3'],
])('%s rebuilds nothing', async (_, path, before, after) => {
  const project = await builtShop();
  edit(project, path, before, after);
  expect((await build(project.dir, { asOf })).reasons).toEqual({});
});

const CHANGED_ROWS = [
  ['SQL', 'models/week.sql', 'count(*) as sales', 'count(*) + 1 as sales', 'code-changed: SQL'],
  ['a macro', 'macros/money.sql', '* 100', '* 1000', 'code-changed: macro in_cents'],
  [
    'config',
    'models/week.sql',
    "begin='2024-01-03'",
    "begin='2024-01-05'",
    'code-changed: SQL, config',
  ],
] as const;

test.each(CHANGED_ROWS)(
  'a change of %s rebuilds the model and what is made from it',
  async (...given) => {
    const [, path, before, after, reason] = given;
    const project = await builtShop();
    edit(project, path, before, after);
    const { reasons, statuses, step } = await build(project.dir, { asOf });
    expect(reasons).toMatchObject({ week: [reason], best: ['input-changed: week'] });
    // The rest of what runs are the tests of week.
    const built = Object.keys(reasons);
    expect(built).toEqual(['week', 'best']);
    expect(step('week').replace).toBe(true);
    expect(statuses).toMatchObject({
      totals: 'reused',
      stg_sales: 'reused',
      not_null_week_cents: 'pass',
    });
    await expectLikeNew(project);
  },
);

/** The tables equal those of the same files built from nothing. */
async function expectLikeNew(project: TestProject, options = {}): Promise<void> {
  const fresh = makeProject({ ...SHOP, ...filesOf(project) });
  await build(fresh.dir, { asOf, ...options });
  expect(await rowHashes(project.database)).toEqual(await rowHashes(fresh.database));
}

const filesOf = (project: TestProject) =>
  Object.fromEntries(Object.keys(SHOP).map((path) => [path, project.read(path)]));

test('white space inside a string is part of the code', async () => {
  const project = await builtShop();
  edit(project, 'models/totals.sql', 'select shop_id', "select 'a b' as word, shop_id");
  await build(project.dir, { asOf });
  edit(project, 'models/totals.sql', "'a b'", "'a  b'");
  expect((await build(project.dir, { asOf })).reasons).toEqual({ totals: ['code-changed: SQL'] });
});

test('a var on the command line rebuilds what it is rendered into', async () => {
  const project = await builtShop();
  const { reasons } = await build(project.dir, { asOf, vars: '{rate: 3}' });
  expect(reasons).toEqual({
    week: ['code-changed: vars or environment'],
    best: ['input-changed: week'],
  });
});

test('a seed rebuilds what is made from it, and of dates those that see its rows', async () => {
  const project = await builtShop();
  edit(project, 'seeds/sales.csv', '1,2024-01-01,a,0', '1,2024-01-01,a,99');
  const { reasons } = await build(project.dir, { asOf });
  expect(reasons).toEqual({
    sales: [expect.stringMatching(/^code-changed: /)],
    stg_sales: ['input-changed: sales'],
    totals: ['input-changed: stg_sales'],
    // A sale of January 1st is seen by the dates up to 7 days after it.
    week: ['late-rows: paid (2024-01-01)'],
    best: ['input-changed: week (2024-01-03 … 2024-01-08)'],
  });
  await expectLikeNew(project);
});

test('an ephemeral model rebuilds what it is put into', async () => {
  const project = await builtShop();
  edit(project, 'models/paid.sql', 'is not null', '> 50');
  const { reasons } = await build(project.dir, { asOf });
  expect(reasons).toEqual({
    week: ['input-changed: paid (2024-01-01 … 2024-01-06 and 3 more)'],
    best: ['input-changed: week (2024-01-03 … 2024-01-20)'],
  });
  await expectLikeNew(project);
});

test('event_time of an input decides what an as_of model sees, so a change of it counts', async () => {
  const late = {
    'models/stg_sales.sql':
      'select id, day::date as day, day::date + 2 as known from {{ ref("sales") }}\n',
    'models/paid.sql': "{{ config(materialized='ephemeral') }} select 1 as one\n",
    'models/week.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2024-01-03') }}
select {{ as_of.end }} - 1 as as_of_date, count(*) as sales from {{ ref('stg_sales') }}
`,
    'models/best.sql': 'select 1 as one\n',
    'models/totals.sql': 'select 1 as one\n',
    'models/models.yml': 'models: [{name: stg_sales, config: {event_time: day}}]\n',
  };
  const project = makeProject({ ...SHOP, ...late });
  await build(project.dir, { asOf, batchSize: 1 });
  edit(project, 'models/models.yml', 'event_time: day', 'event_time: known');
  const { reasons } = await build(project.dir, { asOf, batchSize: 1 });
  expect(Object.keys(reasons)).toContain('week');
});

test('a file of a source that changes is a changed input', async () => {
  const project = makeProject({
    'data/a.csv': 'id,name\n1,x\n',
    'models/sources.yml': `sources:
  - name: raw
    tables: [{name: names, config: {external_location: 'data/*.csv'}}]
`,
    'models/names.sql': `{{ config(materialized='table') }} select * from {{ source('raw', 'names') }}\n`,
  });
  await build(project.dir);
  expect((await build(project.dir)).reasons).toEqual({});
  project.write({ 'data/a.csv': 'id,name\n1,xy\n' });
  expect((await build(project.dir)).reasons).toEqual({ names: ['input-changed: raw.names'] });
  expect(await project.query('select name from names')).toEqual([['xy']]);
  project.write({ 'data/b.csv': 'id,name\n2,z\n' });
  expect((await build(project.dir)).reasons).toEqual({ names: ['input-changed: raw.names'] });
  utimesSync(join(project.dir, 'data/b.csv'), 1e9, 1e9);
  expect((await build(project.dir)).reasons).toEqual({ names: ['input-changed: raw.names'] });
});

test.each(['week', 'totals', 'sales'])(
  'a table that was dropped is built again: %s',
  async (name) => {
    const project = await builtShop();
    const hashes = await rowHashes(project.database);
    await tamper(project, `drop table ${name}`);
    const { reasons, statuses } = await build(project.dir, { asOf });
    expect(reasons).toEqual({ [name]: ['missing-relation: its relation is gone'] });
    expect(statuses[name]).toBe('success');
    expect(await rowHashes(project.database)).toEqual(hashes);
  },
);

test('another materialization replaces the relation by one of the other kind, and says so', async () => {
  const project = await builtShop();
  const types = () =>
    project.query(
      "select table_name, table_type from information_schema.tables where table_name in ('totals', 'stg_sales') order by 1",
    );
  expect(await types()).toEqual([
    ['stg_sales', 'VIEW'],
    ['totals', 'BASE TABLE'],
  ]);
  edit(project, 'models/totals.sql', "'table'", "'view'");
  edit(project, 'models/stg_sales.sql', "'view'", "'table'");
  const { statuses, reasons } = await build(project.dir, { asOf });
  expect(statuses).toMatchObject({ stg_sales: 'success', totals: 'success' });
  expect(await types()).toEqual([
    ['stg_sales', 'BASE TABLE'],
    ['totals', 'VIEW'],
  ]);
  expect(reasons['stg_sales']).toContain('code-changed: SQL, config');
  expect((await build(project.dir, { asOf })).reasons).toEqual({});
});

test('begin set earlier builds the dates before it as well', async () => {
  const project = makeProject({
    'models/days.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin=var('begin', '2024-01-10')) }}
select d::date as d from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day) as days(d)
`,
  });
  await build(project.dir, { asOf });
  await build(project.dir, { asOf, vars: "{begin: '2024-01-05'}" });
  expect(await project.query('select min(d), max(d), count(*) from days')).toEqual([
    ['2024-01-05', '2024-01-20', '16'],
  ]);
});

test('only later dates are built when more is asked for', async () => {
  const project = await builtShop();
  const { reasons } = await build(project.dir, { asOf: '2024-01-25' });
  const asked = ['asked: 2024-01-21 … 2024-01-25'];
  expect(reasons).toEqual({ week: asked, best: asked });
});

test('a table made from an as_of model is built again when that has new dates', async () => {
  const project = await builtShop({
    'models/summary.sql': `{{ config(materialized='table') }} select count(*) as n, max(as_of_date) as last from {{ ref('week') }}\n`,
  });
  await build(project.dir, { asOf: '2024-01-25' });
  expect(await project.query('select last from summary')).toEqual([['2024-01-25']]);
});

test('lookback dates are built again with new ones, and only then', async () => {
  const project = makeProject({
    'models/days.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', lookback=3,
  separable='assume') }}
select d::date as d, {{ as_of.end }} as seen_until from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day) as days(d)
`,
  });
  await build(project.dir, { asOf });
  expect((await build(project.dir, { asOf })).reasons).toEqual({});
  const { reasons } = await build(project.dir, { asOf: '2024-01-22' });
  expect(reasons['days']).toEqual([
    'asked: 2024-01-21 … 2024-01-22',
    'lookback: 2024-01-18 … 2024-01-20',
  ]);
  const rows = await project.query(
    'select seen_until, min(d), max(d), count(*) from days group by 1 order by 1',
  );
  expect(rows).toEqual([
    ['2024-01-21', '2024-01-01', '2024-01-17', '17'],
    ['2024-01-23', '2024-01-18', '2024-01-22', '5'],
  ]);
});

test('--select and --exclude build what they name', async () => {
  const project = makeProject(SHOP);
  const first = await build(project.dir, {
    asOf,
    select: ['+totals'],
    exclude: ['test_name:unique'],
  });
  expect(Object.keys(first.statuses).sort()).toEqual([
    'not_null_totals_shop_id',
    'sales',
    'stg_sales',
    'totals',
  ]);
  const rest = await build(project.dir, { asOf });
  expect(rest.statuses).toMatchObject({
    totals: 'reused',
    week: 'success',
    unique_totals_shop_id: 'pass',
  });
});

test('a child built on an older parent is built again once the parent is', async () => {
  const project = await builtShop();
  edit(project, 'models/week.sql', 'count(*) as sales', 'count(*) + 1 as sales');
  edit(project, 'models/best.sql', 'max(cents)', 'max(cents) + 1');
  const child = await build(project.dir, { asOf, select: ['best'] });
  expect(child.reasons).toEqual({ best: ['code-changed: SQL'] });
  const parent = await build(project.dir, { asOf, select: ['week'] });
  expect(parent.reasons).toEqual({ week: ['code-changed: SQL'] });
  const rest = await build(project.dir, { asOf });
  expect(rest.reasons).toEqual({ best: ['input-changed: week'] });
  await expectLikeNew(project);
});

test('a child whose parent changed in its file alone is left as it is', async () => {
  const project = await builtShop();
  edit(project, 'models/week.sql', 'count(*) as sales', 'count(*) + 1 as sales');
  expect((await build(project.dir, { asOf, select: ['best'] })).reasons).toEqual({});
});

test('the targets of one database file do not share what is finished', async () => {
  const project = makeProject({
    'velo_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('HOME') }}/both.duckdb", schema: dev}
    prod: {type: duckdb, path: "{{ env_var('HOME') }}/both.duckdb", schema: prod}
`,
    'models/one.sql': "{{ config(materialized='table') }} select 1 as n\n",
  });
  await build(project.dir, { target: 'dev' });
  project.write({ 'models/one.sql': "{{ config(materialized='table') }} select 2 as n\n" });
  await build(project.dir, { target: 'prod' });
  await build(project.dir, { target: 'dev' });
  expect(await query(join(project.dir, 'both.duckdb'), 'select n from dev.one')).toEqual([[2]]);
});

test('an alias that is taken back does not bring back old rows', async () => {
  const project = makeProject({
    'models/one.sql':
      "{{ config(materialized='table', alias=var('name')) }} select {{ var('n') }} as n\n",
  });
  await build(project.dir, { vars: '{name: x, n: 1}' });
  await build(project.dir, { vars: '{name: y, n: 2}' });
  await build(project.dir, { vars: '{name: x, n: 2}' });
  expect(await project.query('select n from x')).toEqual([[2]]);
});

test('a var that counts only while compiling is a change, too', async () => {
  const project = makeProject({
    'models/one.sql':
      "{{ config(materialized='table') }} select {% if execute %}{{ var('n') }}{% else %}0{% endif %} as n\n",
  });
  await build(project.dir, { vars: '{n: 1}' });
  await build(project.dir, { vars: '{n: 2}' });
  expect(await project.query('select n from one')).toEqual([[2]]);
});

test('a file that a TypeScript model imports is part of its code', async () => {
  const project = makeProject({
    'models/one.ts': `import { value } from '../lib/value.ts';
export const config = { materialized: 'table' };
export default async () => ({ columns: { n: { type: 'INTEGER', values: [value] } } });
`,
    'lib/value.ts': 'export const value = 1;\n',
  });
  await build(project.dir);
  project.write({ 'lib/value.ts': 'export const value = 2;\n' });
  expect((await build(project.dir)).reasons).toEqual({ one: ['code-changed: code'] });
  expect(await project.query('select n from one')).toEqual([[2]]);
});

test('now() makes a table that is built on every run, and what is made from it', async () => {
  const project = makeProject({
    'models/seen.sql': "{{ config(materialized='table') }} select now() as seen\n",
    'models/child.sql': "{{ config(materialized='table') }} select * from {{ ref('seen') }}\n",
    'models/other.sql': "{{ config(materialized='table') }} select 'now()' as word -- now()\n",
  });
  await build(project.dir);
  expect((await build(project.dir)).reasons).toEqual({
    seen: ['volatile: reads what can change unseen'],
    child: ['volatile: reads what can change unseen'],
  });
});
