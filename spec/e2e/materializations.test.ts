import { expect, test } from 'vitest';
import { makeProject } from './velo.ts';

const SALES = 'day,shop,amount\n2024-01-01,a,1\n2024-01-01,b,2\n2024-01-02,a,3\n';

test('insert_overwrite replaces the partitions that the new rows are in', async () => {
  const project = makeProject({
    'seeds/sales.csv': SALES,
    'models/days.sql': `{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by='day') }}
select day, shop, amount from {{ ref('sales') }}
{% if is_incremental() %}where day = (select max(day) from {{ ref('sales') }}){% endif %}
`,
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  project.write({
    'seeds/sales.csv': 'day,shop,amount\n2024-01-01,a,9\n2024-01-02,b,4\n2024-01-02,c,5\n',
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  expect(await project.query('select day::text, shop, amount from days order by 1, 2')).toEqual([
    ['2024-01-01', 'a', 1],
    ['2024-01-01', 'b', 2],
    ['2024-01-02', 'b', 4],
    ['2024-01-02', 'c', 5],
  ]);
});

test('a model is a file: Parquet, CSV with options, JSON, or a folder of partitions', async () => {
  const file = (settings: string) =>
    `{{ config(materialized='external', ${settings}) }}\nselect * from {{ ref('sales') }}\n`;
  const project = makeProject({
    'seeds/sales.csv': SALES,
    'models/whole.sql': file(`location='out/whole.parquet'`),
    'models/text.sql': file(`location='out/text.csv', options={'delimiter': '|', 'header': false}`),
    'models/lines.sql': file(`location='out/lines.json'`),
    'models/parted.sql': file(
      `location='out/parted', format='parquet', options={'partition_by': 'shop'}`,
    ),
    'models/nothing.sql': `{{ config(materialized='external', location='out/nothing', format='parquet', options={'partition_by': ['day', 'shop']}) }}
select * from {{ ref('sales') }} where amount > 100
`,
    'models/after.sql': `select sum(amount) as amount from {{ ref('parted') }}`,
  });
  const first = await project.velo(['build']);
  expect(first.exitCode, first.stdout).toBe(0);
  expect(project.read('out/text.csv')).toBe('2024-01-01|a|1\n2024-01-01|b|2\n2024-01-02|a|3\n');
  expect(project.read('out/lines.json').split('\n')[0]).toBe(
    '{"day":"2024-01-01","shop":"a","amount":1}',
  );
  expect(project.exists('out/parted/shop=b')).toBe(true);
  expect(await project.query('select (select count(*) from nothing), amount from after')).toEqual([
    ['0', '6'],
  ]);
  expect(
    await project.query(
      `select sum(amount) from 'out/whole.parquet'`.replace('out/', `${project.dir}/out/`),
    ),
  ).toEqual([['6']]);
  project.write({ 'seeds/sales.csv': 'day,shop,amount\n2024-01-03,a,7\n' });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  expect(project.exists('out/parted/shop=b')).toBe(false);
  expect(await project.query('select amount from after')).toEqual([['7']]);
});

test('a file that its tests refuse is what it was', async () => {
  const project = makeProject({
    'seeds/sales.csv': SALES,
    'models/text.sql': `{{ config(materialized='external', location='text.csv') }}\nselect shop, amount from {{ ref('sales') }} order by all\n`,
    'models/text.yml': 'models: [{name: text, columns: [{name: amount, data_tests: [unique]}]}]\n',
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  const before = project.read('text.csv');
  project.write({ 'seeds/sales.csv': 'day,shop,amount\n2024-01-03,a,7\n2024-01-03,b,7\n' });
  expect((await project.velo(['build'])).exitCode).toBe(1);
  expect(project.read('text.csv')).toBe(before);
  expect(project.exists('text.csv.velo_old') || project.exists('text.csv.velo_new')).toBe(false);
  expect(await project.query('select count(*) from text')).toEqual([['3']]);
});

test('a materialization of the project makes the relation, with its hooks, in one transaction', async () => {
  const project = makeProject({
    'macros/twice.sql': `{% materialization twice, default %}
  {%- set target = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') %}create or replace table {{ target }} as
    select * from ({{ sql }}) union all select * from ({{ sql }}){% endcall %}
  {{ run_hooks(post_hooks) }}
  {% do adapter.commit() %}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
`,
    'models/doubled.sql': `{{ config(materialized='twice', post_hook="insert into {{ this }} values (9)") }}\nselect 1 as id\n`,
    'models/doubled.yml': `models: [{name: doubled, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [1, 9]}}}]}]}]\n`,
  });
  const first = await project.velo(['build']);
  expect(first.exitCode, first.stdout).toBe(0);
  const rows = () => project.query('select id from doubled order by id');
  expect(await rows()).toEqual([[1], [1], [9]]);
  project.write({ 'models/doubled.sql': `{{ config(materialized='twice') }}\nselect 2 as id\n` });
  expect((await project.velo(['build'])).exitCode).toBe(1);
  expect(await rows()).toEqual([[1], [1], [9]]);
});

test('constraints and descriptions of a table', async () => {
  const project = makeProject({
    'models/shops.sql': "select 1 as id, 'north' as name",
    'models/sales.sql': 'select 1 as shop_id, cast(5 as decimal(6,2)) as amount',
    'models/models.yml': `models:
  - name: shops
    description: All shops
    config: {materialized: table, contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: id, description: Key, data_type: integer, constraints: [{type: primary_key}]}
      - {name: name, data_type: varchar, constraints: [{type: not_null}]}
  - name: sales
    config: {materialized: table, contract: {enforced: true}}
    constraints: [{type: check, expression: amount > 0}]
    columns:
      - {name: shop_id, data_type: integer, constraints: [{type: foreign_key, to: ref('shops'), to_columns: [id]}]}
      - {name: amount, data_type: 'decimal(6,2)'}
`,
  });
  const first = await project.velo(['build']);
  expect(first.exitCode, first.stdout).toBe(0);
  expect(
    await project.query(
      "select table_name, constraint_text from duckdb_constraints() where schema_name = 'main' order by 1, 2",
    ),
  ).toEqual([
    ['sales', 'CHECK((amount > 0))'],
    ['sales', 'FOREIGN KEY (shop_id) REFERENCES shops(id)'],
    ['shops', 'NOT NULL'],
    ['shops', 'NOT NULL'],
    ['shops', 'PRIMARY KEY(id)'],
  ]);
  expect(
    await project.query(`select t.comment, c.comment from duckdb_tables() as t join duckdb_columns() as c using (table_oid)
      where t.table_name = 'shops' and c.column_name = 'id'`),
  ).toEqual([['All shops', 'Key']]);
});

test('sql_header runs before the model, in its session', async () => {
  const project = makeProject({
    'models/a.sql': `{% call set_sql_header(config) %}set variable told = 7;{% endcall %}
{{ config(materialized='table') }}
select getvariable('told') as told
`,
  });
  const { exitCode, stdout } = await project.velo(['build']);
  expect(exitCode, stdout).toBe(0);
  expect(await project.query('select told from a')).toEqual([[7]]);
});

test('a model in another file is refused with what to do', async () => {
  const project = makeProject({
    'profiles.yml': `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, attach: [{path: other.duckdb, alias: other}]}
`,
    'models/a.sql': "{{ config(materialized='table', database='other') }}\nselect 1 as id\n",
    'velo_project.yml': 'name: shop\nprofile: shop\n',
  });
  const { exitCode, stdout } = await project.velo(['build']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('can only write to a single attached database');
  expect(stdout).toContain('hint: rows and velo');
});
