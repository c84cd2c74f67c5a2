import { describe, expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const ORDERS = {
  'models/orders.sql': `{{ config(materialized='table') }}
select 1 as id, 'open' as status`,
};

const INCREMENTAL = (config: string, select: string) =>
  `{{ config(materialized='incremental', ${config}) }}\n${select}`;

async function succeed(project: ReturnType<typeof makeProject>, ...args: string[]): Promise<void> {
  const result = await project.velo(args);
  expect(result.stdout + result.stderr).not.toContain('ERROR=1');
  expect(result.exitCode).toBe(0);
}

describe("a project's own version of a global macro", () => {
  it('makes its tables: create_table_as', async () => {
    const project = makeProject({
      ...ORDERS,
      'macros/tables.sql': `{% macro create_table_as(temporary, relation, compiled_code, language='sql') %}
  create table {{ relation }} as (select *, 'own' as made_by from ({{ compiled_code }}) as made)
{% endmacro %}`,
    });
    await succeed(project, 'build');
    expect(await project.query('select * from orders')).toEqual([[1, 'open', 'own']]);
    await succeed(project, 'build', '--full-refresh');
    expect(await project.query('select count(*) from orders')).toEqual([['1']]);
  });

  it('makes its views, in a variant for the adapter: duckdb__create_view_as', async () => {
    const project = makeProject({
      'models/orders.sql': 'select 1 as id',
      'macros/views.sql': `{% macro duckdb__create_view_as(relation, sql) %}
  create view {{ relation }} as (select 2 * id as id from ({{ sql }}) as made)
{% endmacro %}`,
    });
    await succeed(project, 'build');
    expect(await project.query('select * from orders')).toEqual([[2]]);
  });

  it('leaves the old relation when it fails', async () => {
    const project = makeProject(ORDERS);
    await succeed(project, 'build');
    project.write({
      'macros/tables.sql': `{% macro create_table_as(temporary, relation, compiled_code, language='sql') %}
  create table {{ relation }} as (select no_such_column from ({{ compiled_code }}) as made)
{% endmacro %}`,
    });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await project.query('select * from orders')).toEqual([[1, 'open']]);
    expect(await project.relations()).toEqual(['orders']);
  });

  it('changes what its models are: they are built again', async () => {
    const macro = (word: string) => `{% macro create_table_as(temporary, relation, sql) %}
  create table {{ relation }} as (select '${word}' as word)
{% endmacro %}`;
    const project = makeProject({ ...ORDERS, 'macros/tables.sql': macro('one') });
    await succeed(project, 'build');
    project.write({ 'macros/tables.sql': macro('two') });
    await succeed(project, 'build');
    expect(await project.query('select word from orders')).toEqual([['two']]);
  });

  it('decides where nodes go: generate_schema_name and generate_alias_name', async () => {
    const project = makeProject({
      'models/orders.sql': "{{ config(schema='mart') }} select 1 as id",
      'macros/names.sql': `{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name or target.schema }}
{%- endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ node.resource_type }}_{{ node.name }}
{%- endmacro %}`,
    });
    await succeed(project, 'build');
    expect(await project.query('select id from mart.model_orders')).toEqual([[1]]);
  });

  it('judges its tests: test_not_null', async () => {
    const project = makeProject({
      'models/orders.sql': 'select 1 as id',
      'models/models.yml': `models:
  - name: orders
    columns:
      - name: id
        data_tests: [not_null]
`,
      'macros/tests.sql':
        '{% test not_null(model, column_name) %}select * from {{ model }} where {{ column_name }} < 10{% endtest %}',
    });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('Got 1 result, configured to fail if != 0');
  });
});

describe('an incremental model', () => {
  const state = (rows: string) => `select * from (values ${rows}) as t (id, name)`;

  it('merges by unique_key: updates, inserts, keeps', async () => {
    const config = "incremental_strategy='merge', unique_key='id'";
    const project = makeProject({
      'models/m.sql': INCREMENTAL(config, state("(1, 'a'), (2, 'b')")),
    });
    await succeed(project, 'run');
    project.write({ 'models/m.sql': INCREMENTAL(config, state("(2, 'B'), (3, 'c')")) });
    await succeed(project, 'run');
    expect(await project.query('select * from m order by id')).toEqual([
      [1, 'a'],
      [2, 'B'],
      [3, 'c'],
    ]);
  });

  it('is changed by a strategy of the project: get_incremental_<name>_sql', async () => {
    const config = "incremental_strategy='keep_first', unique_key='id'";
    const project = makeProject({
      'models/m.sql': INCREMENTAL(config, state("(1, 'a')")),
      'macros/strategy.sql': `{% macro get_incremental_keep_first_sql(arg_dict) %}
  insert into {{ arg_dict['target_relation'] }} ({{ get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) }})
  select * from {{ arg_dict['temp_relation'] }} as fresh
  where fresh.{{ arg_dict['unique_key'] }} not in (select id from {{ arg_dict['target_relation'] }})
{% endmacro %}`,
    });
    await succeed(project, 'run');
    project.write({ 'models/m.sql': INCREMENTAL(config, state("(1, 'A'), (2, 'b')")) });
    await succeed(project, 'run');
    expect(await project.query('select * from m order by id')).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('gets new columns with on_schema_change, or fails', async () => {
    const config = (what: string) => `unique_key='id', on_schema_change='${what}'`;
    const project = makeProject({
      'models/grows.sql': INCREMENTAL(config('append_new_columns'), 'select 1 as id'),
      'models/strict.sql': INCREMENTAL(config('fail'), 'select 1 as id'),
    });
    await succeed(project, 'run');
    project.write({
      'models/grows.sql': INCREMENTAL(config('append_new_columns'), "select 2 as id, 'x' as more"),
      'models/strict.sql': INCREMENTAL(config('fail'), "select 2 as id, 'x' as more"),
    });
    const result = await project.velo(['run']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('are out of sync');
    expect(await project.query('select * from grows order by id')).toEqual([
      [1, null],
      [2, 'x'],
    ]);
    expect(await project.query('select * from strict')).toEqual([[1]]);
  });
});

describe('hooks', () => {
  const LOG = "insert into log values ('";

  it('of models run around them, those of runs around all', async () => {
    const project = makeProject({
      'velo_project.yml': `name: shop
on-run-start: "create table if not exists log (what varchar)"
on-run-end:
  - "${LOG}end of {{ results | length }} in {{ schemas | join(',') }}')"
models:
  shop:
    +pre-hook: "${LOG}before {{ this.name }}')"
`,
      'models/a.sql': `{{ config(materialized='table', post_hook=["${LOG}after {{ this.identifier }}')", {"sql": "${LOG}outside')", "transaction": false}]) }}
select 1 as id`,
    });
    await succeed(project, 'run');
    expect(await project.query('select what from log')).toEqual([
      ['before a'],
      ['after a'],
      ['outside'],
      ['end of 1 in main'],
    ]);
  });

  it('are undone with a model whose test fails', async () => {
    const project = makeProject({
      'velo_project.yml':
        'name: shop\non-run-start: "create table if not exists log (what varchar)"\n',
      'models/a.sql': `{{ config(materialized='table', pre_hook="${LOG}before')") }}\nselect null as id`,
      'models/models.yml': `models:
  - name: a
    columns: [{name: id, data_tests: [not_null]}]
`,
    });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await project.query('select what from log')).toEqual([]);
  });

  it('at the start that fail stop the run', async () => {
    const project = makeProject({
      'velo_project.yml': 'name: shop\non-run-start: "select * from nowhere"\n',
      'models/a.sql': 'select 1 as id',
    });
    const result = await project.velo(['run']);
    expect(result.exitCode).toBe(1);
    expect(await project.relations()).toEqual([]);
  });
});
