import { describe, expect, it } from 'vitest';
import { type Files, makeProject, verdictOf } from './velo.ts';

const SHOP: Files = { 'models/orders.sql': 'select 1 as order_id, 10 as amount\n' };

/** How a build ends in which the model `m` fails, and that there is no `m` then. */
async function failureOf(files: Files, args: readonly string[] = []): Promise<string> {
  const project = makeProject({ ...SHOP, ...files });
  const result = await project.velo(['build', '--no-check', ...args]);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(await project.relations()).not.toContain('m');
  return verdictOf(result);
}

describe('SQL the database refuses is shown where it was written', () => {
  it('an unknown column', async () => {
    const sql = "select\n    order_id,\n    amont\nfrom {{ ref('orders') }}\n";
    expect(await failureOf({ 'models/m.sql': sql })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:3:5
          Referenced column "amont" not found in FROM clause!
          Candidate bindings: "amount"
          3 |     amont
                  ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('of a table, below its config', async () => {
    const sql = `{{ config(
    materialized='table'
) }}
select
    order_id,
    amont
from {{ ref('orders') }}
`;
    expect(await failureOf({ 'models/m.sql': sql })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:6:5
          Referenced column "amont" not found in FROM clause!
          Candidate bindings: "amount"
          6 |     amont
                  ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('of an as_of model', async () => {
    const sql = `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d',
    begin='2024-01-01'
) }}
select
    {{ as_of.start }} as d,
    amont
from {{ ref('orders') }}
`;
    const text = await failureOf({ 'models/m.sql': sql }, ['--as-of', '2024-01-03']);
    expect(text).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:7:5
          Referenced column "amont" not found in FROM clause!
          Candidate bindings: "amount"
          7 |     amont
                  ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('from a macro: its line, and the line that calls it', async () => {
    const files = {
      'models/m.sql':
        "select\n    order_id,\n    {{ cents('amont') }} as euros\nfrom {{ ref('orders') }}\n",
      'macros/money.sql': '{% macro cents(column) %}\n{{ column }} / 100\n{% endmacro %}\n',
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] macros/money.sql:2:1
          Referenced column "amont" not found in FROM clause!
          Candidate bindings: "amount"
          2 | {{ column }} / 100
              ^
          in macro 'cents' (models/m.sql:3:8)
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('from a macro that a dispatched macro calls: the way to it', async () => {
    const files = {
      'models/m.sql': "select\n  {{ euros() }} as euros\nfrom {{ ref('orders') }}\n",
      'macros/money.sql': `{% macro euros() %}{{ return(adapter.dispatch('euros')()) }}{% endmacro %}
{% macro default__euros() %}
  coalesce(
    {{ cents('amount') }},
    0)
{% endmacro %}
{% macro cents(column) %}
    {%- for part in [1, 2] %}
    {{ column }} / part_{{ part }} +
    {%- endfor %}
    {{ column }}
{%- endmacro %}
`,
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] macros/money.sql:9:14
          Referenced column "part_1" not found in FROM clause!
          Candidate bindings: "amount", "order_id"
          9 |     {{ column }} / part_{{ part }} +
                           ^
          in macro 'cents' (macros/money.sql:4:8)
          in macro 'default__euros' (models/m.sql:2:6)
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('from a macro velo ships: the line that calls it', async () => {
    const files = {
      'models/m.sql':
        "select\n  {{ dbt.date_trunc('day', 'amont') }} as x\nfrom {{ ref('orders') }}\n",
    };
    expect(await failureOf(files)).toContain('error[database-error] models/m.sql:2:');
  });

  it('below a loop of many lines', async () => {
    const files = {
      'models/m.sql': `select
{% for n in range(40) %}
    {{ n }} as n{{ n }},
{% endfor %}
    amont
from {{ ref('orders') }}
`,
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:5:5
          Referenced column "amont" not found in FROM clause!
          Candidate bindings: "amount"
          5 |     amont
                  ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('in a model that reads an ephemeral one', async () => {
    const files = {
      'models/base.sql': "{{ config(materialized='ephemeral') }}\nselect\n  1 as a,\n  2 as b\n",
      'models/m.sql': "with x as (\n  select a from {{ ref('base') }}\n)\nselect\n  c\nfrom x\n",
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:5:3
          Referenced column "c" not found in FROM clause!
          Candidate bindings: "a"
          5 |   c
                ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('in the ephemeral model itself', async () => {
    const files = {
      'models/base.sql': "{{ config(materialized='ephemeral') }}\nselect\n  1 as a,\n  nope as b\n",
      'models/m.sql': "select\n  a\nfrom {{ ref('base') }}\n",
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/base.sql:4:3
          Referenced column "nope" was not found because the FROM clause is missing
          4 |   nope as b
                ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('an unknown table', async () => {
    const sql = 'select *\nfrom nowhere\n';
    expect(await failureOf({ 'models/m.sql': sql })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:2:6
          Table with name nowhere does not exist!
          2 | from nowhere
                   ^
          hint: write {{ ref('name') }} for a model or seed, {{ source('source', 'name') }} for other tables
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('bad grammar', async () => {
    const sql = "select order_id,\nfrom from {{ ref('orders') }}\n";
    expect(await failureOf({ 'models/m.sql': sql })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:2:6
          syntax error at or near "from"
          2 | from from {{ ref('orders') }}
                   ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('a semicolon at the end', async () => {
    expect(await failureOf({ 'models/m.sql': 'select 1 as a;\n' })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:1:14
          syntax error at or near ";"
          1 | select 1 as a;
                           ^
          hint: a model is one SELECT without ';' at its end
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('a value that cannot be cast', async () => {
    const sql = "{{ config(materialized='table') }}\nselect\n  'x'::integer as a\n";
    expect(await failureOf({ 'models/m.sql': sql })).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:3:6
          Could not convert string 'x' to INT32
          3 |   'x'::integer as a
                   ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('a macro that raises only while it runs', async () => {
    const files = {
      'models/m.sql': 'select {% if execute %}{{ fail() }}{% endif %} as a\n',
      'macros/fail.sql':
        "{% macro fail() %}\n  {{ exceptions.raise_compiler_error('not today') }}\n{% endmacro %}\n",
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Compilation Error in model m (models/m.sql)
        error[macro-error] macros/fail.sql:2:6
          not today
          2 |   {{ exceptions.raise_compiler_error('not today') }}
                   ^
          in macro 'fail' (models/m.sql:1:27)
          docs: docs/errors/macro-error.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });
});

describe('files of a source', () => {
  const source = (location: string) => `sources:
  - name: lake
    tables:
      - name: runs
        external_location: ${location}
`;
  const model = "select *\nfrom {{ source('lake', 'runs') }}\n";

  it('that do not exist', async () => {
    const files = { 'models/_sources.yml': source('data/runs*.parquet'), 'models/m.sql': model };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Compilation Error in model m (models/m.sql)
        error[source-files-missing] models/_sources.yml:5:9
          no file matches 'data/runs*.parquet'
          5 |         external_location: data/runs*.parquet
                      ^
          hint: source 'runs' reads it; paths start at the project's folder
          docs: docs/errors/source-files-missing.md

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('that are no Parquet', async () => {
    const files = {
      'models/_sources.yml': source('data/runs*.parquet'),
      'models/m.sql': model,
      'data/runs2024.parquet': 'hello',
    };
    expect(await failureOf(files)).toMatchInlineSnapshot(`
      "Completed with 1 error, 0 partial successes, and 0 warnings:

      [ERROR]: in model m (models/m.sql)
        Runtime Error in model m (models/m.sql)
        error[database-error] models/m.sql:2:6
          File '<project>/data/runs2024.parquet' too small to be a Parquet file
          2 | from {{ source('lake', 'runs') }}
                   ^
          docs: docs/errors/database-error.md

        compiled code at target/compiled/shop/models/m.sql

      Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
      "
    `);
  });

  it('of a kind velo cannot read', async () => {
    const project = makeProject({
      'models/_sources.yml': source('data/runs.xls'),
      'models/m.sql': model,
    });
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "error[invalid-config] models/_sources.yml:5:9
        external_location 'data/runs.xls' has no known ending
        5 |         external_location: data/runs.xls
                    ^
        hint: it must end in .parquet, .csv, .tsv, .json, .jsonl or .ndjson, which .gz, .bz2 or .tar may follow; or set format
        docs: docs/errors/invalid-config.md
      "
    `);
  });

  it('that carry types of their own, and are given others', async () => {
    const project = makeProject({
      'models/_sources.yml': `sources:
  - name: lake
    tables:
      - name: runs
        config:
          external_location: data/runs.parquet
          column_types: {sex: varchar}
`,
      'models/m.sql': model,
    });
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "error[invalid-config] models/_sources.yml:7:11
        column_types are for sources in CSV or JSON files
        7 |           column_types: {sex: varchar}
                      ^
        hint: take them out, and cast in the model that reads the source
        docs: docs/errors/invalid-config.md
      "
    `);
  });
});

it('a failing model leaves its old rows, and what depends on it is skipped', async () => {
  const project = makeProject({
    'models/base.sql': "{{ config(materialized='table') }}\nselect 1 as id\n",
    'models/top.sql': "{{ config(materialized='table') }}\nselect id from {{ ref('base') }}\n",
    'models/other.sql': "{{ config(materialized='table') }}\nselect 7 as seven\n",
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  project.write({
    'models/base.sql': "{{ config(materialized='table') }}\nselect 'x'::integer as id\n",
    'models/other.sql': "{{ config(materialized='table') }}\nselect 8 as seven\n",
  });
  const result = await project.velo(['build', '--threads', '1']);
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toContain('SKIP relation main.top');
  expect(verdictOf(result)).toContain(
    'Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3',
  );
  const rows = await project.query('select base.id, top.id, seven from base, top, other');
  expect(rows).toEqual([[1, 1, 8]]);
});
