import { describe, expect, it } from 'vitest';
import { type Files, makeProject } from './velo.ts';

const SHOP: Files = { 'models/orders.sql': 'select 1 as order_id, 10 as amount\n' };

/** What `velo build` says of a project with faults; none of it is built. */
async function faultsOf(files: Files): Promise<string> {
  const project = makeProject({ ...SHOP, ...files });
  const { exitCode, stdout, stderr } = await project.velo(['build']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(await project.relations()).toEqual([]);
  return stderr;
}

describe('YAML properties', () => {
  it('are not YAML', async () => {
    const files = { 'models/_models.yml': 'models:\n  - name: orders\n   description: x\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[yaml-syntax] models/_models.yml:3:1
        Sequence item without - indicator
        3 |    description: x
            ^
        docs: docs/errors/yaml-syntax.md
      "
    `);
  });

  it('have an unknown key', async () => {
    const files = { 'models/_models.yml': 'models:\n  - name: orders\n    descripton: all\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-key] models/_models.yml:3:5
        unknown key 'descripton' under models.orders
        3 |     descripton: all
                ^
        hint: did you mean 'description'?
        docs: docs/errors/unknown-key.md
      "
    `);
  });

  it('have an unknown key of a column', async () => {
    const files = {
      'models/_models.yml': `models:
  - name: orders
    columns:
      - name: order_id
        data_test: [unique]
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-key] models/_models.yml:5:9
        unknown key 'data_test' under models.orders.columns.order_id
        5 |         data_test: [unique]
                    ^
        hint: did you mean 'data_tests'?
        docs: docs/errors/unknown-key.md
      "
    `);
  });

  it('have a value of another type', async () => {
    const files = { 'models/_models.yml': 'models:\n  - name: orders\n    columns: order_id\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[yaml-schema] models/_models.yml:3:14
        models.orders.columns must be a list, not "order_id"
        3 |     columns: order_id
                         ^
        docs: docs/errors/yaml-schema.md
      "
    `);
  });

  it('have an unknown config', async () => {
    const files = {
      'models/_models.yml': 'models:\n  - name: orders\n    config:\n      materializd: table\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-config] models/_models.yml:4:7
        unknown config 'materializd'
        4 |       materializd: table
                  ^
        hint: did you mean 'materialized'?
        docs: docs/errors/unknown-config.md
      "
    `);
  });

  it('describe and test a model that does not exist', async () => {
    const files = {
      'models/_models.yml': `models:
  - name: order
    columns:
      - name: order_id
        data_tests: [unique]
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-property-target] models/_models.yml:2:11
        there is no model 'order'
        2 |   - name: order
                      ^
        hint: did you mean 'orders'?
        docs: docs/errors/unknown-property-target.md
      "
    `);
  });

  it('name an unknown test', async () => {
    const files = {
      'models/_models.yml': `models:
  - name: orders
    columns:
      - name: order_id
        data_tests:
          - uniqe
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-test] models/_models.yml:6:13
        there is no generic test 'uniqe'
        6 |           - uniqe
                        ^
        hint: did you mean 'unique'?
        docs: docs/errors/unknown-test.md
      "
    `);
  });

  it('give a test arguments it does not know', async () => {
    const files = {
      'models/_models.yml': `models:
  - name: orders
    columns:
      - name: order_id
        data_tests:
          - accepted_values:
              arguments: {valus: [1]}
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[invalid-config] models/_models.yml:6:13
        test accepted_values: argument 'values' is missing
        6 |           - accepted_values:
                        ^

      error[invalid-config] models/_models.yml:6:13
        test accepted_values: unknown argument 'valus'
        6 |           - accepted_values:
                        ^
        hint: did you mean 'values'?

      2 errors
        docs: docs/errors/invalid-config.md
      "
    `);
  });
});

describe('config()', () => {
  it('has an unknown key', async () => {
    const files = { 'models/m.sql': "{{ config(\n    materialised='table'\n) }}\nselect 1 as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-config] models/m.sql:2:5
        unknown config 'materialised'
        2 |     materialised='table'
                ^
        hint: did you mean 'materialized'?
        docs: docs/errors/unknown-config.md
      "
    `);
  });

  it('has an unknown materialization', async () => {
    const files = { 'models/m.sql': "{{ config(materialized='tabel') }}\nselect 1 as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[invalid-config] models/m.sql:1:11
        materialized 'tabel' is not known
        1 | {{ config(materialized='tabel') }}
                      ^
        hint: did you mean 'table'?
        docs: docs/errors/invalid-config.md
      "
    `);
  });

  it('has a value of another type', async () => {
    const files = { 'models/m.sql': "{{ config(enabled='sure') }}\nselect 1 as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[invalid-config] models/m.sql:1:11
        config 'enabled' must be true or false, not "sure"
        1 | {{ config(enabled='sure') }}
                      ^
        docs: docs/errors/invalid-config.md
      "
    `);
  });

  it('has as_of without begin', async () => {
    const files = {
      'models/m.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='d'
) }}
select date '2024-01-01' as d
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[as-of-config] models/m.sql:3:5
        an as_of model needs begin
        3 |     as_of='d'
                ^
        hint: add begin='2016-01-01': the first date it has rows for
        docs: docs/errors/as-of-config.md
      "
    `);
  });

  it('has a begin that is no date', async () => {
    const files = {
      'models/m.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of',
    as_of='d', begin='soon'
) }}
select date '2024-01-01' as d
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[as-of-config] models/m.sql:3:16
        begin 'soon' is not a date
        3 |     as_of='d', begin='soon'
                           ^
        hint: write it as '2016-01-31'
        docs: docs/errors/as-of-config.md
      "
    `);
  });
});

describe('names', () => {
  it('an unknown ref', async () => {
    const files = { 'models/m.sql': "select *\nfrom {{ ref('oders') }}\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-ref] models/m.sql:2:9
        ref('oders') matches no node
        2 | from {{ ref('oders') }}
                    ^
        hint: did you mean 'orders'?
        docs: docs/errors/unknown-ref.md
      "
    `);
  });

  it('an unknown source', async () => {
    const files = {
      'models/m.sql': "select *\nfrom {{ source('web', 'visit') }}\n",
      'models/_sources.yml': 'sources:\n  - name: web\n    tables:\n      - name: visits\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-source] models/m.sql:2:9
        source('web', 'visit') matches no source
        2 | from {{ source('web', 'visit') }}
                    ^
        hint: did you mean 'web.visits'?
        docs: docs/errors/unknown-source.md
      "
    `);
  });

  it('an unknown macro', async () => {
    const files = {
      'models/m.sql': "select {{ cents_to_euro('amount') }} as a\n",
      'macros/money.sql': '{% macro cents_to_euros(c) %}{{ c }} / 100{% endmacro %}\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-macro] models/m.sql:1:11
        'cents_to_euro' is undefined
        1 | select {{ cents_to_euro('amount') }} as a
                      ^
        hint: did you mean 'cents_to_euros'?
        docs: docs/errors/unknown-macro.md
      "
    `);
  });

  it('two models of one name', async () => {
    const files = { 'models/old/orders.sql': 'select 2 as order_id\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[duplicate-name] models/orders.sql:1:1
        there is a model named 'orders' already
        1 | select 1 as order_id, 10 as amount
            ^
        hint: the other one is models/old/orders.sql
        docs: docs/errors/duplicate-name.md
      "
    `);
  });

  it('a model and a seed of one name', async () => {
    expect(await faultsOf({ 'seeds/orders.csv': 'order_id\n1\n' })).toMatchInlineSnapshot(`
      "error[duplicate-name] seeds/orders.csv:1:1
        there is a model named 'orders' already
        1 | order_id
            ^
        hint: the other one is models/orders.sql
        docs: docs/errors/duplicate-name.md
      "
    `);
  });

  it('two macros of one name', async () => {
    const files = {
      'macros/a.sql': '{% macro cents() %}1{% endmacro %}\n',
      'macros/b.sql': '\n{% macro cents() %}2{% endmacro %}\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[duplicate-name] macros/b.sql:2:4
        macro 'cents' exists already
        2 | {% macro cents() %}2{% endmacro %}
               ^
        hint: the other one stands in macros/a.sql:1
        docs: docs/errors/duplicate-name.md
      "
    `);
  });

  it('a var that is not set', async () => {
    const files = { 'models/m.sql': "select {{ var('start_date') }} as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[var-missing] models/m.sql:1:11
        var 'start_date' is not set and has no default
        1 | select {{ var('start_date') }} as a
                      ^
        hint: set it with --vars '{start_date: …}' or under vars: in the project file
        docs: docs/errors/var-missing.md
      "
    `);
  });

  it('an environment variable that is not set', async () => {
    const files = { 'models/m.sql': "select '{{ env_var('SHOP_KEY') }}' as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[env-var-missing] models/m.sql:1:12
        environment variable SHOP_KEY is not set
        1 | select '{{ env_var('SHOP_KEY') }}' as a
                       ^
        hint: set it, or give a default: env_var('SHOP_KEY', '…')
        docs: docs/errors/env-var-missing.md
      "
    `);
  });
});

describe('cycles', () => {
  it('are shown as their path', async () => {
    const files = {
      'models/a.sql': "select * from {{ ref('c') }}\n",
      'models/b.sql': "select * from {{ ref('a') }}\n",
      'models/c.sql': "select * from {{ ref('b') }}\n",
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[dependency-cycle] models/a.sql:1:18
        nodes depend on each other: a -> c -> b -> a
        1 | select * from {{ ref('c') }}
                             ^
        in a: ref('c') (models/a.sql:1:18)
        in c: ref('b') (models/c.sql:1:18)
        in b: ref('a') (models/b.sql:1:18)
        hint: each refers to the next; take one of these refs out
        docs: docs/errors/dependency-cycle.md
      "
    `);
  });

  it('of one model', async () => {
    const files = { 'models/a.sql': "select *\nfrom {{ ref('a') }}\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[dependency-cycle] models/a.sql:2:9
        nodes depend on each other: a -> a
        2 | from {{ ref('a') }}
                    ^
        in a: ref('a') (models/a.sql:2:9)
        hint: each refers to the next; take one of these refs out
        docs: docs/errors/dependency-cycle.md
      "
    `);
  });
});

describe('templates', () => {
  it('with an expression that is cut off', async () => {
    const files = { 'models/m.sql': 'select\n  {{ 1 + }} as a\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-syntax] models/m.sql:2:10
        unexpected '}}'
        2 |   {{ 1 + }} as a
                     ^
        docs: docs/errors/template-syntax.md
      "
    `);
  });

  it('with a block that is never closed', async () => {
    const files = { 'models/m.sql': 'select 1 as a\n{% if true %}\n, 2 as b\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-syntax] models/m.sql:2:4
        '{% if %}' of line 2 is never closed
        2 | {% if true %}
               ^
        hint: add {% endif %}
        docs: docs/errors/template-syntax.md
      "
    `);
  });

  it('with a block closed by the end of another', async () => {
    const files = { 'models/m.sql': 'select 1 as a\n{% for x in [1] %}\n, 2 as b\n{% endif %}\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-syntax] models/m.sql:4:4
        unknown tag 'endif'
        4 | {% endif %}
               ^
        hint: '{% for %}' of line 2 is still open
        docs: docs/errors/template-syntax.md
      "
    `);
  });

  it('with a macro that is never closed', async () => {
    const files = { 'macros/money.sql': '{% macro cents(x) %}\n  {{ x }}\n' };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-syntax] macros/money.sql:1:4
        '{% macro %}' of line 1 is never closed
        1 | {% macro cents(x) %}
               ^
        hint: add {% endmacro %}
        docs: docs/errors/template-syntax.md
      "
    `);
  });

  it('with an unknown filter', async () => {
    const files = { 'models/m.sql': "select '{{ 'a' | uper }}' as a\n" };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-error] models/m.sql:1:18
        No filter named 'uper'.
        1 | select '{{ 'a' | uper }}' as a
                             ^
        docs: docs/errors/template-error.md
      "
    `);
  });

  it('that call a macro with arguments it does not take', async () => {
    const files = {
      'models/m.sql': 'select {{ cents(1, to=2) }} as a\n',
      'macros/money.sql': '{% macro cents(x) %}{{ x }}{% endmacro %}\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-error] models/m.sql:1:11
        macro 'cents' takes no keyword argument 'to'
        1 | select {{ cents(1, to=2) }} as a
                      ^
        in macro 'cents' (models/m.sql:1:11)
        docs: docs/errors/template-error.md
      "
    `);
  });

  it('that raise an error, with the calls that led there', async () => {
    const files = {
      'models/m.sql': "select {{ pounds('amount') }} as a\nfrom {{ ref('orders') }}\n",
      'macros/money.sql': `{% macro pounds(column) %}
  {{ convert(column, 'GBP') }}
{% endmacro %}

{% macro convert(column, currency) %}
  {% if currency != 'EUR' %}
    {{ exceptions.raise_compiler_error('no rate for ' ~ currency) }}
  {% endif %}
{% endmacro %}
`,
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[macro-error] macros/money.sql:7:8
        no rate for GBP
        7 |     {{ exceptions.raise_compiler_error('no rate for ' ~ currency) }}
                   ^
        in macro 'convert' (macros/money.sql:2:6)
        in macro 'pounds' (models/m.sql:1:11)
        docs: docs/errors/macro-error.md
      "
    `);
  });
});

describe('several faults', () => {
  it('of files are shown at once', async () => {
    const files = {
      'models/m.sql': 'select {{ 1 + }}\n',
      'models/n.sql': "{{ config(materialised='view') }} select 1 as a\n",
      'models/_models.yml': 'models:\n  - name: ordrs\n  - name: orders\n    colums: []\n',
      'macros/money.sql': '{% macro cents(x) %}\n',
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[template-syntax] macros/money.sql:1:4
        '{% macro %}' of line 1 is never closed
        1 | {% macro cents(x) %}
               ^
        hint: add {% endmacro %}

      error[unknown-property-target] models/_models.yml:2:11
        there is no model 'ordrs'
        2 |   - name: ordrs
                      ^
        hint: did you mean 'orders'?

      error[unknown-key] models/_models.yml:4:5
        unknown key 'colums' under models.orders
        4 |     colums: []
                ^
        hint: did you mean 'columns'?

      error[template-syntax] models/m.sql:1:15
        unexpected '}}'
        1 | select {{ 1 + }}
                          ^

      error[unknown-config] models/n.sql:1:11
        unknown config 'materialised'
        1 | {{ config(materialised='view') }} select 1 as a
                      ^
        hint: did you mean 'materialized'?

      5 errors
        docs: docs/errors/template-syntax.md, docs/errors/unknown-property-target.md, docs/errors/unknown-key.md, docs/errors/unknown-config.md
      "
    `);
  });

  it('of references are shown at once', async () => {
    const files = {
      'models/m.sql': "select * from {{ ref('oders') }} join {{ ref('customers') }}\n",
      'models/n.sql': "select * from {{ source('web', 'visits') }}\n",
    };
    expect(await faultsOf(files)).toMatchInlineSnapshot(`
      "error[unknown-ref] models/m.sql:1:18
        ref('oders') matches no node
        1 | select * from {{ ref('oders') }} join {{ ref('customers') }}
                             ^
        hint: did you mean 'orders'?

      error[unknown-ref] models/m.sql:1:42
        ref('customers') matches no node
        1 | select * from {{ ref('oders') }} join {{ ref('customers') }}
                                                     ^

      error[unknown-source] models/n.sql:1:18
        source('web', 'visits') matches no source
        1 | select * from {{ source('web', 'visits') }}
                             ^

      3 errors
        docs: docs/errors/unknown-ref.md, docs/errors/unknown-source.md
      "
    `);
  });

  it('leave what was built before', async () => {
    const project = makeProject(SHOP);
    expect((await project.velo(['build'])).exitCode).toBe(0);
    project.write({ 'models/orders.sql': "select 2 as order_id, {{ var('missing') }} as b\n" });
    expect((await project.velo(['build'])).exitCode).toBe(2);
    expect(await project.query('from orders')).toEqual([[1, 10]]);
  });
});
