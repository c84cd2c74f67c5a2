import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject, verdictOf } from './velo.ts';

const YAML = `models:
  - name: orders
    data_tests:
      - expression_is_true:
          arguments: {expression: amount >= 0}
    columns:
      - name: order_id
        data_tests: [unique]
`;
const NEGATIVE = 'expression_is_true_orders_amount_0';
const UNIQUE = 'unique_orders_order_id';

/** Types that are not text, and values that break SQL which does not quote them. */
const asTable = (rows: string): string => `{{ config(materialized='table') }}
select order_id, cast(amount as decimal(9, 2)) as amount, [order_id, null] as ids, {'a': order_id} as "it's",
  date '2024-02-29' as day, nullif(order_id, 1) as maybe
from (values ${rows}) as t(order_id, amount)
`;

/** Rows with an order twice and an amount below zero do not get through. */
async function failedShop(): Promise<TestProject> {
  const project = makeProject({
    'models/orders.sql': asTable('(1, 5)'),
    'models/_models.yml': YAML,
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  project.write({ 'models/orders.sql': asTable('(1, 5), (1, -2.5), (2, 7)') });
  return project;
}

const auditTables = async (project: TestProject) =>
  (
    await project.query(
      `select table_name from duckdb_tables() where schema_name = 'velo_audit' order by 1`,
    )
  ).flat();

describe('rows that were not published', () => {
  it('are kept in a table for each test, which the messages and run_results.json name', async () => {
    const project = await failedShop();
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([1, '']);
    expect(verdictOf(result)).toMatchInlineSnapshot(`
      "Completed with 3 errors, 0 partial successes, and 0 warnings:

      [ERROR]: in model orders (models/orders.sql)
        Not published: 2 tests failed on the new rows

        compiled code at target/compiled/shop/models/orders.sql

      [ERROR]: in test expression_is_true_orders_amount_0 (models/_models.yml)
        Got 1 result, configured to fail if != 0

        compiled code at target/compiled/shop/models/_models.yml/expression_is_true_orders_amount_0.sql

        See test failures:
        ----------------------------------------------------------------------
        select * from "shop"."velo_audit"."expression_is_true_orders_amount_0"
        ----------------------------------------------------------------------

      [ERROR]: in test unique_orders_order_id (models/_models.yml)
        Got 1 result, configured to fail if != 0

        compiled code at target/compiled/shop/models/_models.yml/unique_orders_order_id.sql

        See test failures:
        ----------------------------------------------------------
        select * from "shop"."velo_audit"."unique_orders_order_id"
        ----------------------------------------------------------

      Done. PASS=0 WARN=0 ERROR=3 SKIP=0 NO-OP=0 REUSED=0 TOTAL=3
      "
    `);
    expect(await auditTables(project)).toEqual([NEGATIVE, UNIQUE]);
    expect(await project.query('select order_id from orders')).toEqual([[1]]);
    const { results, metadata } = project.readJson('target/run_results.json') as {
      results: { unique_id: string; relation_name: string }[];
      metadata: { invocation_id: string };
    };
    expect(results.map(({ relation_name }) => relation_name)).toEqual([
      '"shop"."main"."orders"',
      `"shop"."velo_audit"."${NEGATIVE}"`,
      `"shop"."velo_audit"."${UNIQUE}"`,
    ]);
    const rows = await project.query(
      `select * exclude (velo_failed_at) from velo_audit.${NEGATIVE}`,
    );
    expect(rows).toEqual([
      [1, '-2.50', [1, null], { a: 1 }, '2024-02-29', null, metadata.invocation_id],
    ]);
    expect(
      await project.query(
        `select unique_field, n_records, velo_failed_at > timestamp '2024-01-01' from velo_audit.${UNIQUE}`,
      ),
    ).toEqual([[1, '2', true]]);
  });

  it('have the types they would have been published with', async () => {
    const project = await failedShop();
    await project.velo(['build']);
    const types = `select column_name, data_type from duckdb_columns() where table_name = '${NEGATIVE}'`;
    expect(await project.query(types)).toEqual([
      ['order_id', 'INTEGER'],
      ['amount', 'DECIMAL(9,2)'],
      ['ids', 'INTEGER[]'],
      ["it's", 'STRUCT(a INTEGER)'],
      ['day', 'DATE'],
      ['maybe', 'INTEGER'],
      ['velo_run_id', 'VARCHAR'],
      ['velo_failed_at', 'TIMESTAMP'],
    ]);
  });

  it('are replaced by those of the next failure, and gone when the test passes', async () => {
    const project = await failedShop();
    await project.velo(['build']);
    project.write({ 'models/orders.sql': asTable('(3, 5), (3, 5), (3, 2)') });
    expect((await project.velo(['build'])).exitCode).toBe(1);
    expect(await project.query(`select unique_field, n_records from velo_audit.${UNIQUE}`)).toEqual(
      [[3, '3']],
    );
    project.write({ 'models/orders.sql': asTable('(3, 5)') });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    expect(await auditTables(project)).toEqual([]);
    expect((await project.velo(['build'])).stdout).toContain('Nothing to do');
  });
});

describe('rows that are kept', () => {
  it('are the first thousand', async () => {
    const project = await failedShop();
    const many = asTable('(0, 0)').replace(
      /\(values.*/,
      '(select i, -i - 1 from range(2500) r(i)) as t(order_id, amount)',
    );
    project.write({ 'models/orders.sql': many });
    expect((await project.velo(['build'])).stdout).toContain('Got 2500 results');
    expect(await project.query(`select count(*)::int from velo_audit.${NEGATIVE}`)).toEqual([
      [1000],
    ]);
  });

  it('are those of the date that failed', async () => {
    const project = makeProject({
      'models/orders.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', batch_size=1
) }}
select {{ as_of.start }} as d, 3 - day({{ as_of.start }}) as amount
`,
      'models/_models.yml': YAML.slice(0, YAML.indexOf('    columns:')),
    });
    const result = await project.velo(['build', '--as-of', '2024-01-06']);
    expect(result.exitCode).toBe(1);
    expect(await project.query('select d::varchar from orders order by d')).toEqual([
      ['2024-01-01'],
      ['2024-01-02'],
      ['2024-01-03'],
    ]);
    expect(
      await project.query(`select d::varchar, amount::int from velo_audit.${NEGATIVE}`),
    ).toEqual([['2024-01-04', -1]]);
  });

  it('of several models are kept side by side', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `m${i}`);
    const project = makeProject({
      ...Object.fromEntries(
        names.map((name) => [
          `models/${name}.sql`,
          "{{ config(materialized='table') }}\nselect null as n\n",
        ]),
      ),
      'models/_models.yml': `models:\n${names.map((name) => `  - {name: ${name}, columns: [{name: n, data_tests: [not_null]}]}\n`).join('')}`,
    });
    const result = await project.velo(['build', '--threads', '8']);
    expect([result.exitCode, result.stdout]).toEqual([1, expect.not.stringContaining('WARNING')]);
    expect(await auditTables(project)).toEqual(names.map((name) => `not_null_${name}_n`));
  });
});

it('a run of --no-wap publishes, then tests, and skips what comes after a failed test', async () => {
  const project = await failedShop();
  project.write({
    'models/report.sql':
      "{{ config(materialized='table') }}\nselect count(*)::int as n from {{ ref('orders') }}\n",
  });
  const result = await project.velo(['build', '--no-wap']);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  expect(result.stdout).toMatch(
    /OK created sql table model main\.orders .*FAIL 1 unique_orders_order_id/s,
  );
  expect(result.stdout).toContain('SKIP relation main.report');
  expect(await project.query('select order_id from orders order by all')).toEqual([[1], [1], [2]]);
  expect([await project.relations(), await auditTables(project)]).toEqual([['orders'], []]);

  // The rows stand and are not made again; their tests are run again, and still guard what comes after.
  const again = await project.velo(['build', '--no-wap']);
  expect(again.exitCode).toBe(1);
  expect(again.stdout).not.toContain('START sql table model main.orders');
  expect(again.stdout).toContain('SKIP relation main.report');

  project.write({ 'models/orders.sql': asTable('(1, 5), (2, 7)') });
  expect((await project.velo(['build', '--no-wap'])).exitCode).toBe(0);
  expect(await project.query('from report')).toEqual([[2]]);
  expect((await project.velo(['build'])).stdout).toContain('Nothing to do: all 4 nodes');
});

it('rows that --no-wap publishes well are no longer kept', async () => {
  const project = await failedShop();
  expect((await project.velo(['build'])).exitCode).toBe(1);
  project.write({ 'models/orders.sql': asTable('(1, 5), (1, 7)') });
  expect((await project.velo(['build', '--no-wap'])).exitCode).toBe(1);
  expect(await auditTables(project)).toEqual([UNIQUE]);
});

it('models that change one thing at once take turns', async () => {
  const model = `{{ config(materialized='table', pre_hook="create or replace table last_seen as select 1 as n") }}
select sum(i % 7) as total from range(20000000) t(i)
`;
  const names = ['a', 'b', 'c'];
  const project = makeProject(
    Object.fromEntries(names.map((name) => [`models/${name}.sql`, model])),
  );
  const result = await project.velo(['build', '--threads', '3']);
  expect([result.exitCode, verdictOf(result)]).toEqual([0, expect.stringContaining('PASS=3')]);
  expect(await project.relations()).toEqual([...names, 'last_seen']);
});
