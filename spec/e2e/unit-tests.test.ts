import { describe, expect, test } from 'vitest';
import { makePostgresProject } from '../postgres/project.ts';
import { type Files, makeProject, type TestProject } from './velo.ts';

/** A project with one model of each sort that a unit test may meet. Nothing of it is built. */
const FILES: Files = {
  'seeds/items.csv': 'item_id,order_id,price,sold_on\n1,1,2.5,2024-01-01\n',
  'models/stg_items.sql': `select item_id, order_id, price, sold_on from {{ ref('items') }}`,
  'models/paid.sql': `{{ config(materialized='ephemeral') }}
select * from {{ ref('stg_items') }} where price > {{ var('least', 0) }}`,
  'models/orders.sql': `{{ config(materialized='table') }}
select order_id, count(*) as items, sum(price) as amount, max(sold_on) as last_day,
  '{{ env_var('REGION', 'eu') }}' as region, {{ cents('1') }} as cents
from {{ ref('paid') }} group by order_id`,
  'models/newest.sql': `{{ config(materialized='incremental', unique_key='item_id') }}
select item_id, price from {{ ref('stg_items') }}
{% if is_incremental() %}where item_id > (select max(item_id) from {{ this }}){% endif %}`,
  'models/week.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-01', separable='assume') }}
select {{ as_of.start }} as as_of_date, count(*) as items
from {{ ref('dated', history='7 days') }}`,
  'models/dated.sql': `{{ config(materialized='view', event_time='sold_on') }}
select item_id, sold_on from {{ ref('items') }}`,
  'macros/cents.sql': '{% macro cents(x) %}{{ x }} * 100{% endmacro %}',
};

const unit = (text: string): Files => ({ 'models/unit.yml': `unit_tests:\n${text}` });

/** Everything a test can give, with rows worked out by hand. */
const PASSING = `
  - name: adds_up
    model: orders
    given:
      - input: ref('paid')
        rows:
          - {item_id: 1, order_id: 7, price: 1.25, sold_on: 2024-02-01}
          - {item_id: 2, order_id: 7, price: 2}
          - {item_id: 3, order_id: 8}
    expect:
      rows:
        - {order_id: 8, items: 1, amount: null, last_day: null}
        - {order_id: 7, items: 2, amount: 3.25, last_day: 2024-02-01}
  - name: overridden
    model: orders
    overrides:
      vars: {least: 10}
      env_vars: {REGION: mars}
      macros: {cents: 5}
    given:
      - input: ref('paid')
        format: csv
        rows: |
          order_id,price
          1,4
    expect:
      format: csv
      rows: |
        order_id,region,cents
        1,mars,5
  - name: in_sql
    model: stg_items
    given:
      - input: ref('items')
        format: sql
        rows: select 1 as item_id, 2 as order_id, 0.1 + 0.2 as price, date '2024-01-01' as sold_on;
    expect:
      format: sql
      rows: select 1 as item_id, 0.3 as price
  - name: only_newer
    model: newest
    overrides: {macros: {is_incremental: true}}
    given:
      - input: ref('stg_items')
        rows: [{item_id: 1, price: 1}, {item_id: 2, price: 0.30000000000000004}]
      - input: this
        rows: [{item_id: 1, price: 9}]
    expect:
      rows: [{item_id: 2, price: 0.3}]
  - name: from_the_start
    model: newest
    given:
      - input: ref('stg_items')
        rows: [{item_id: 1}]
    expect:
      rows: [{item_id: 1, price: null}]
  - name: nothing_in_nothing_out
    model: newest
    given:
      - input: ref('stg_items')
        rows: []
    expect:
      rows: []
  - name: rows_of_the_day_do_not_count
    model: week
    given:
      - input: ref('dated')
        rows:
          - {item_id: 1, sold_on: 2024-01-31}
          - {item_id: 2, sold_on: 2024-01-25}
          - {item_id: 3, sold_on: 2024-01-24}
          - {item_id: 4, sold_on: 2024-02-01}
    expect:
      rows: [{as_of_date: 2024-01-31, items: 3}]
`;

async function expectAllPass(
  project: Pick<TestProject, 'velo'>,
  args: readonly string[],
): Promise<void> {
  const { stdout, exitCode } = await project.velo(['test', ...args]);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain('Done. PASS=7 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=7');
}

describe('unit tests', () => {
  test('run on the target, with nothing built and with everything built', async () => {
    const project = makeProject({ ...FILES, ...unit(PASSING) });
    await expectAllPass(project, []);
    const built = await project.velo(['build', '--as-of', '2024-01-03']);
    expect(built.exitCode, built.stdout).toBe(0);
    await expectAllPass(project, ['-s', 'test_type:unit']);
  });

  test('run in memory without the target, and leave nothing behind', async () => {
    const project = makeProject({ ...FILES, ...unit(PASSING) });
    await expectAllPass(project, ['--in-memory']);
    expect(project.exists('target/shop.duckdb')).toBe(false);
  });

  test('run on Postgres, and in memory in its place', async () => {
    const { project } = await makePostgresProject({ ...FILES, ...unit(PASSING) });
    await expectAllPass(project, []);
    await expectAllPass(project, ['--in-memory', '--target-path', 'target2']);
  });
});

const WRONG = `
  - name: adds_up
    model: stg_items
    given:
      - input: ref('items')
        rows: [{item_id: 1, price: 1.5}, {item_id: 2, price: 2}, {item_id: 3, price: 3}]
    expect:
      rows: [{item_id: 3, price: 3}, {item_id: 1, price: 1.25}, {item_id: 9, price: 9}]
`;

test('what differs is a table; the model is not built, nor what reads it', async () => {
  const project = makeProject({ ...FILES, ...unit(WRONG) });
  const { stdout, exitCode } = await project.velo(['build', '-s', '+orders']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`actual differs from expected:

@@ ,item_id,price
   ,3      ,3
→  ,1      ,1.25→1.5
---,9      ,9
+++,2      ,2
`);
  expect(stdout).toContain('Done. PASS=1 WARN=0 ERROR=1 SKIP=2 NO-OP=0 REUSED=0 TOTAL=4');
  expect(await project.relations()).toEqual(['items']);
});

test('one that passed runs again when the model or the test changes, not for other rows', async () => {
  const project = makeProject({ ...FILES, ...unit(PASSING) });
  const build = async () => {
    const { stdout } = await project.velo(['build', '-s', 'stg_items']);
    return /PASS in_sql|^.*stg_items::in_sql.*PASS.*$/m.test(stdout);
  };
  expect([await build(), await build()]).toEqual([true, false]);
  project.write({ 'seeds/items.csv': 'item_id,order_id,price,sold_on\n5,1,2.5,2024-01-01\n' });
  expect(await build()).toBe(false);
  project.write({
    'models/stg_items.sql': `${String(FILES['models/stg_items.sql'])} where true`,
  });
  expect(await build()).toBe(true);
  project.write(unit(PASSING.replace('0.1 + 0.2', '0.15 + 0.15')));
  expect(await build()).toBe(true);
});

test('ten thousand rows', async () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => `${i},${i % 97},${i / 8}`);
  const project = makeProject({
    ...FILES,
    ...unit(`
  - name: many
    model: stg_items
    given: [{input: ref('items'), format: csv, fixture: many}]
    expect: {format: csv, fixture: many_backwards}
`),
    'tests/fixtures/many.csv': `item_id,order_id,price\n${rows.join('\n')}\n`,
    'tests/fixtures/many_backwards.csv': `item_id,order_id,price\n${rows.toReversed().join('\n')}\n`,
  });
  const { stdout, exitCode } = await project.velo(['test', '--in-memory']);
  expect(exitCode, stdout).toBe(0);
});

test.each([
  ['an input that is not given', 'newest', '[]', '[]', "gives no rows for ref('stg_items')"],
  [
    'an unknown column',
    'newest',
    "[{input: ref('stg_items'), rows: [{itm_id: 1}]}]",
    '[]',
    "did you mean 'item_id'",
  ],
  [
    'an input that does not exist',
    'newest',
    "[{input: ref('stg_itms')}]",
    '[]',
    "did you mean 'stg_items'",
  ],
  [
    'what is no input',
    'newest',
    '[{input: stg_items}]',
    '[]',
    "'stg_items' is no input of a model",
  ],
  ['no dates', 'week', "[{input: ref('dated')}]", '[{items: 1}]', 'nothing says which dates'],
  [
    'a value of another type',
    'newest',
    "[{input: ref('stg_items'), rows: [{item_id: x}]}]",
    '[]',
    'INT32',
  ],
])('%s is told of', async (_, model, given, rows, message) => {
  const project = makeProject({
    ...FILES,
    ...unit(`  - {name: wrong, model: ${model}, given: ${given}, expect: {rows: ${rows}}}\n`),
  });
  const { stdout, stderr, exitCode } = await project.velo(['test', '--in-memory']);
  expect(stdout + stderr).toContain(message);
  expect(exitCode).toBeGreaterThan(0);
});

test('an incremental model that reads its own rows needs them', async () => {
  const project = makeProject({
    ...FILES,
    ...unit(PASSING.replace(/ {6}- input: this\n.*\n/, '')),
  });
  const { stdout, exitCode } = await project.velo(['test', '-s', 'only_newer']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('gives no rows for this');
});
