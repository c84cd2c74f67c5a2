import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject, verdictOf } from './velo.ts';

const YAML = (severity: string): string => `models:
  - name: orders
    columns:
      - name: order_id
        data_tests:
          - unique:
              config: {severity: ${severity}}
`;
const asTable = (rows: string): string =>
  `{{ config(materialized='table') }}\nselect order_id from (values ${rows}) t(order_id)\n`;

/** Orders 1 and 2, a table that is tested, and a table made of it; all built. */
async function builtShop(severity: string): Promise<TestProject> {
  const project = makeProject({
    'models/orders.sql': asTable('(1), (2)'),
    'models/report.sql':
      "{{ config(materialized='table') }}\nselect count(*) as n from {{ ref('orders') }}\n",
    'models/_models.yml': YAML(severity),
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  return project;
}

const ordersOf = (project: TestProject) => project.query('from orders order by all');

describe('an error-level test that fails', () => {
  it('keeps the old rows in place and skips what lies downstream', async () => {
    const project = await builtShop('error');
    project.write({ 'models/orders.sql': asTable('(1), (2), (2)') });
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([1, '']);
    expect(result.stdout).toContain('SKIP relation main.report');
    expect(verdictOf(result)).toMatchInlineSnapshot(`
      "Completed with 2 errors, 0 partial successes, and 0 warnings:

      [ERROR]: in model orders (models/orders.sql)
        Not published: 1 test failed on the new rows

        compiled code at target/compiled/shop/models/orders.sql

      [ERROR]: in test unique_orders_order_id (models/_models.yml)
        Got 1 result, configured to fail if != 0

        compiled code at target/compiled/shop/models/_models.yml/unique_orders_order_id.sql

        See test failures:
        ----------------------------------------------------------
        select * from "shop"."velo_audit"."unique_orders_order_id"
        ----------------------------------------------------------

      Done. PASS=0 WARN=0 ERROR=2 SKIP=1 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
    expect(await ordersOf(project)).toEqual([[1], [2]]);
    expect(await project.query('from report')).toEqual([['2']]);
  });

  it('fails again until it is repaired, then publishes all', async () => {
    const project = await builtShop('error');
    project.write({ 'models/orders.sql': asTable('(1), (1)') });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await ordersOf(project)).toEqual([[1], [2]]);
    project.write({ 'models/orders.sql': asTable('(1), (3), (5)') });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    expect(await ordersOf(project)).toEqual([[1], [3], [5]]);
    expect(await project.query('from report')).toEqual([['3']]);
  });

  it('leaves no relation where there was none', async () => {
    const project = makeProject({
      'models/orders.sql': asTable('(1), (1)'),
      'models/_models.yml': YAML('error'),
    });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await project.relations()).toEqual([]);
  });

  it('keeps the old view', async () => {
    const project = makeProject({
      'models/orders.sql': 'select 1 as order_id\n',
      'models/_models.yml': YAML('error'),
    });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    project.write({ 'models/orders.sql': 'select 2 as order_id union all select 2\n' });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await ordersOf(project)).toEqual([[1]]);
  });

  it('keeps a date of an as_of model out, and the dates before it in', async () => {
    const project = makeProject({
      'models/orders.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01'
) }}
select {{ as_of.start }} as d, unnest([1, {{ var('second', 2) }}]) as order_id
`,
      'models/_models.yml': `models:
  - name: orders
    data_tests:
      - unique_combination:
          arguments: {columns: [d, order_id]}
`,
    });
    const upTo = (date: string) => ['build', '--as-of', date, '--batch-size', '1'];
    expect((await project.velo(upTo('2024-01-01'))).exitCode).toBe(0);
    const before = await project.query('from orders order by all');
    expect(before).toEqual([
      ['2024-01-01', 1],
      ['2024-01-01', 2],
    ]);
    const failing = [...upTo('2024-01-02'), '--vars', '{second: 1}'];
    expect((await project.velo(failing)).exitCode).toBe(1);
    expect(await project.query('from orders order by all')).toEqual(before);
  });
});

describe('a warn-level test that fails', () => {
  it('publishes and says so', async () => {
    const project = await builtShop('warn');
    project.write({ 'models/orders.sql': asTable('(1), (2), (2)') });
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(verdictOf(result)).toMatchInlineSnapshot(`
      "Completed with 1 warning:

      [WARNING]: in test unique_orders_order_id (models/_models.yml)
      [WARNING]: Got 1 result, configured to warn if != 0

        compiled code at target/compiled/shop/models/_models.yml/unique_orders_order_id.sql

      Done. PASS=2 WARN=1 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
    expect(await ordersOf(project)).toEqual([[1], [2], [2]]);
    expect(await project.query('from report')).toEqual([['3']]);
  });
});

it('a test whose own SQL fails keeps the rows from being published', async () => {
  const project = await builtShop('error');
  project.write({
    'models/orders.sql': asTable('(7)'),
    'tests/known_orders.sql': "select * from {{ ref('orders') }}\nwhere ordr_id > 9\n",
  });
  const result = await project.velo(['build', '--no-check']);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(verdictOf(result)).toMatchInlineSnapshot(`
    "Completed with 2 errors, 0 partial successes, and 0 warnings:

    [ERROR]: in model orders (models/orders.sql)
      Not published: 1 test failed on the new rows

      compiled code at target/compiled/shop/models/orders.sql

    [ERROR]: in test known_orders (tests/known_orders.sql)
      Runtime Error in test known_orders (tests/known_orders.sql)
      error[database-error] tests/known_orders.sql:2:7
        Referenced column "ordr_id" not found in FROM clause!
        Candidate bindings: "order_id"
        2 | where ordr_id > 9
                  ^
        docs: docs/errors/database-error.md

      compiled code at target/compiled/shop/tests/known_orders.sql

    Done. PASS=1 WARN=0 ERROR=2 SKIP=1 NO-OP=0 REUSED=0 TOTAL=4
    "
  `);
  expect(await ordersOf(project)).toEqual([[1], [2]]);
});
