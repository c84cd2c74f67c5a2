import { expect, test } from 'vitest';
import { makeProject } from '../e2e/velo.ts';
import { build } from './build.ts';

const seed = (...rows: readonly string[]) => ({ 'seeds/events.csv': `id,v\n${rows.join('\n')}\n` });

const incremental = (config: string, where = '') => ({
  'models/kept.sql': `{{ config(materialized='incremental', ${config}) }}
select id, v from {{ ref('events') }}
{% if is_incremental() %}${where}{% endif %}
`,
});

test('append adds rows, a full refresh makes the table anew', async () => {
  const project = makeProject({
    ...seed('1,a', '2,b'),
    ...incremental("incremental_strategy='append'", 'where id > (select max(id) from {{ this }})'),
  });
  const rows = () => project.query('select id, v from kept order by id, v');
  await build(project.dir);
  project.write(seed('1,changed', '2,b', '3,c'));
  const second = await build(project.dir);
  expect(second.step('kept').replace).toBe(false);
  expect(await rows()).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  expect((await build(project.dir)).reasons).toEqual({});
  const full = await build(project.dir, { fullRefresh: true });
  expect(full.reasons['kept']).toEqual(['full-refresh: asked for']);
  expect(await rows()).toEqual([
    [1, 'changed'],
    [2, 'b'],
    [3, 'c'],
  ]);
});

test('delete+insert replaces the rows of a key, NULL keys too', async () => {
  const project = makeProject({
    ...seed('1,a', '2,b', ',none'),
    ...incremental("unique_key='id'"),
  });
  await build(project.dir);
  project.write(seed('2,B', '3,c', ',nothing'));
  await build(project.dir);
  expect(await project.query('select id, v from kept order by id nulls last')).toEqual([
    [1, 'a'],
    [2, 'B'],
    [3, 'c'],
    [null, 'nothing'],
  ]);
});

test('delete+insert goes by all columns of a key', async () => {
  const project = makeProject({
    ...seed('1,a', '1,b'),
    ...incremental("unique_key=['id', 'v'], incremental_strategy='delete+insert'"),
  });
  await build(project.dir);
  project.write(seed('1,b', '1,c'));
  await build(project.dir);
  expect(await project.query('select id, v from kept order by v')).toEqual([
    [1, 'a'],
    [1, 'b'],
    [1, 'c'],
  ]);
});

test('new code changes an incremental table only from then on', async () => {
  const project = makeProject({
    ...seed('1,a', '2,b'),
    ...incremental("unique_key='id'", 'where id > 1'),
  });
  await build(project.dir);
  const changed = project.read('models/kept.sql').replace('id, v from', 'id, upper(v) as v from');
  project.write({ 'models/kept.sql': changed });
  expect((await build(project.dir)).reasons).toEqual({ kept: ['code-changed: SQL'] });
  expect(await project.query('select id, v from kept order by id')).toEqual([
    [1, 'a'],
    [2, 'B'],
  ]);
});

test('a failing test rolls an append back', async () => {
  const project = makeProject({
    ...seed('1,a'),
    ...incremental("incremental_strategy='append'"),
    'models/kept.yml': 'models: [{name: kept, columns: [{name: id, data_tests: [unique]}]}]\n',
  });
  await build(project.dir);
  project.write(seed('1,b'));
  const { statuses } = await build(project.dir);
  expect(statuses).toMatchObject({ kept: 'error', unique_kept_id: 'fail' });
  expect(await project.query('select id, v from kept')).toEqual([[1, 'a']]);
});

test('ephemeral models are put into each other and into what reads them, each once', async () => {
  const ephemeral = (sql: string) => `{{ config(materialized='ephemeral') }}\n${sql}\n`;
  const project = makeProject({
    'models/base.sql': ephemeral('select 1 as n -- one'),
    'models/left.sql': ephemeral(
      "with x as (select n + 1 as n from {{ ref('base') }}) select * from x",
    ),
    'models/right.sql': ephemeral("select n + 2 as n from {{ ref('base') }} /* done */"),
    'models/mixed.sql': `{{ config(materialized='table') }}
-- a comment before WITH
with recursive counted(n) as (select n from {{ ref('left') }} union all select n + 1 from counted where n < 4)
select n from counted union all select n * 10 from {{ ref('right') }} union all select n * 100 from {{ ref('base') }}
`,
  });
  const { statuses } = await build(project.dir);
  expect(statuses).toEqual({ mixed: 'success' });
  expect(await project.query('select n from mixed order by n')).toEqual([
    [2],
    [3],
    [4],
    [30],
    [100],
  ]);
  expect(await project.relations()).toEqual(['mixed']);
});
