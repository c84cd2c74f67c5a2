import { expect, test } from 'vitest';
import { makeProject } from '../e2e/velo.ts';
import { build } from './build.ts';

/** An as_of model with one row a day, its number `n`, and what its tests are. */
const daily = (tests: string, n = 'dayofmonth(d)') => ({
  'models/daily.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01') }}
select d::date as d, ${n} as n
from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day) as days(d)
`,
  'models/daily.yml': `models:
  - name: daily
    columns:
      - name: n
        data_tests: ${tests}
`,
  'models/child.sql': `{{ config(materialized='table') }} select count(*) as n from {{ ref('daily') }}\n`,
});

const RANGE = '[{accepted_range: {arguments: {max_value: 5}}}]';
const fiveBatches = { asOf: '2024-01-10', batchSize: 2 } as const;

test('a fill publishes batch by batch up to the one that fails; the next run completes it', async () => {
  const project = makeProject(daily(RANGE));
  const first = await build(project.dir, fiveBatches);
  expect(first.step('daily').batches).toHaveLength(5);
  expect(first.statuses).toEqual({
    daily: 'error',
    accepted_range_daily_n__5: 'fail',
    child: 'skipped',
  });
  const [failed] = first.result.results;
  expect(failed?.message).toBe('Not published: 1 test failed on the new rows');
  expect(await project.query('select min(n), max(n), count(*) from daily')).toEqual([
    ['1', '4', '4'],
  ]);
  expect(await project.relations()).toEqual(['daily']);

  project.write(daily('[{accepted_range: {arguments: {max_value: 10}}}]'));
  const second = await build(project.dir, fiveBatches);
  expect(second.reasons['daily']).toEqual(['asked: 2024-01-05 … 2024-01-10']);
  expect(second.step('daily').batches).toHaveLength(3);
  expect(second.statuses).toEqual({
    daily: 'success',
    accepted_range_daily_n__10: 'pass',
    child: 'success',
  });
  expect(await project.query('select count(*), count(distinct n) from daily')).toEqual([
    ['10', '10'],
  ]);
  expect(await project.query('select n from child')).toEqual([['10']]);
  expect((await build(project.dir, fiveBatches)).reasons).toEqual({});
});

test('a rebuild whose third batch fails publishes nothing', async () => {
  const project = makeProject(daily(RANGE, 'dayofmonth(d) - 100'));
  await build(project.dir, fiveBatches);
  const rows = () => project.query('select min(n), max(n), count(*) from daily');
  expect(await rows()).toEqual([['-99', '-90', '10']]);
  project.write(daily(RANGE));
  const failed = await build(project.dir, fiveBatches);
  expect(failed.statuses).toMatchObject({ daily: 'error', child: 'skipped' });
  expect(await rows()).toEqual([['-99', '-90', '10']]);
  // The ledger, too, is as it was: what failed is tried again.
  const again = await build(project.dir, fiveBatches);
  expect(again.reasons['daily']).toEqual(['code-changed: SQL']);
  project.write(daily(RANGE, 'dayofmonth(d) - 200'));
  expect((await build(project.dir, fiveBatches)).statuses).toMatchObject({
    daily: 'success',
    child: 'success',
  });
  expect(await rows()).toEqual([['-199', '-190', '10']]);
});

test('a test that needs the whole table sees the new rows of all batches beside the old', async () => {
  const project = makeProject(daily('[unique]', 'dayofmonth(d) % 9'));
  await build(project.dir, { asOf: '2024-01-08' });
  const { statuses } = await build(project.dir, { asOf: '2024-01-10', batchSize: 1 });
  expect(statuses['unique_daily_n']).toBe('fail');
  // n = 0 on the 9th is new; n = 1 on the 10th is there since the 1st.
  expect(await project.query('select max(d) from daily')).toEqual([['2024-01-09']]);
});

test('a table whose test fails keeps its old rows, and what reads it is skipped', async () => {
  const files = (n: number) => ({
    'models/one.sql': `{{ config(materialized='table') }} select ${n} as n\n`,
    'models/two.sql': `{{ config(materialized='table') }} select n from {{ ref('one') }}\n`,
    'models/one.yml':
      'models: [{name: one, columns: [{name: n, data_tests: [{accepted_values: {arguments: {values: [1, 3]}}}]}]}]\n',
  });
  const project = makeProject(files(1));
  await build(project.dir);
  project.write(files(2));
  expect((await build(project.dir)).statuses).toMatchObject({ one: 'error', two: 'skipped' });
  expect(await project.query('select one.n, two.n from one, two')).toEqual([[1, 1]]);
  project.write(files(3));
  expect((await build(project.dir)).statuses).toMatchObject({ one: 'success', two: 'success' });
  expect(await project.query('select one.n, two.n from one, two')).toEqual([[3, 3]]);
});

test('SQL that fails in the second batch leaves the first', async () => {
  const project = makeProject(daily('[]', "if(d >= '2024-01-03', error('no more'), 1)"));
  const { statuses } = await build(project.dir, fiveBatches);
  expect(statuses).toEqual({ daily: 'error', child: 'skipped' });
  expect(await project.query('select max(d) from daily')).toEqual([['2024-01-02']]);
});

test('tests that passed are not run again on the same rows, velo test runs all', async () => {
  const project = makeProject(
    daily(
      '[not_null, unique, {accepted_range: {arguments: {max_value: 3}, config: {severity: warn}}}]',
    ),
  );
  const first = await build(project.dir, { asOf: '2024-01-10' });
  expect(first.statuses).toMatchObject({
    daily: 'success',
    not_null_daily_n: 'pass',
    accepted_range_daily_n__3: 'warn',
  });
  const second = await build(project.dir, { asOf: '2024-01-10' });
  expect(second.statuses).toEqual({
    daily: 'reused',
    child: 'reused',
    not_null_daily_n: 'reused',
    unique_daily_n: 'reused',
    accepted_range_daily_n__3: 'warn',
  });
  const { statuses } = await build(project.dir, { command: 'test' });
  expect(statuses).toEqual({
    not_null_daily_n: 'pass',
    unique_daily_n: 'pass',
    accepted_range_daily_n__3: 'warn',
  });
});

test('rows that velo run wrote are tested by the next velo build', async () => {
  const project = makeProject(daily(RANGE));
  await build(project.dir, { asOf: '2024-01-03' });
  await build(project.dir, { asOf: '2024-01-10', command: 'run' });
  const { statuses } = await build(project.dir, { asOf: '2024-01-10' });
  expect(statuses['accepted_range_daily_n__5']).toBe('fail');
});

test('a test of the whole table that has not seen a published batch is run by the next build', async () => {
  const project = makeProject(
    daily('[unique]', "if(d >= '2024-01-07', error('no more'), 1 + dayofmonth(d) % 5)"),
  );
  await build(project.dir, { asOf: '2024-01-05' });
  // 2024-01-06, whose n is there already, is published before the batch of the 7th fails.
  await build(project.dir, { asOf: '2024-01-07', batchSize: 1 });
  const { statuses } = await build(project.dir, { asOf: '2024-01-06' });
  expect(await project.query('select count(*) from daily')).toEqual([['6']]);
  expect(statuses['unique_daily_n']).toBe('fail');
});

test('a test over two models that neither guards runs again when one has new dates', async () => {
  const project = makeProject({
    ...daily('[]'),
    'models/limits.sql': "{{ config(materialized='table') }} select 5 as most\n",
    'tests/within.sql': "select * from {{ ref('daily') }} join {{ ref('limits') }} on n > most\n",
  });
  const first = await build(project.dir, { asOf: '2024-01-05' });
  expect(first.statuses['within']).toBe('pass');
  const { statuses } = await build(project.dir, { asOf: '2024-01-10' });
  expect(statuses['within']).toBe('fail');
});

test.each([
  ['severity', '{severity: warn, warn_if: ">9"}', '{severity: error, warn_if: ">9"}'],
  ['error_if', '{error_if: ">9", warn_if: ">9"}', '{error_if: ">1", warn_if: ">9"}'],
  ['limit', '{limit: 2, error_if: ">2", warn_if: ">9"}', '{error_if: ">2", warn_if: ">9"}'],
  ['where', '{where: "n < 5"}', '{where: "n < 9"}'],
])('a test whose %s changed is run again', async (_, before, after) => {
  const tests = (config: string) =>
    `[{accepted_range: {arguments: {max_value: 5}, config: ${config}}}]`;
  const project = makeProject(daily(tests(before)));
  const asOf = '2024-01-10';
  expect((await build(project.dir, { asOf })).statuses['accepted_range_daily_n__5']).toBe('pass');
  project.write(daily(tests(after)));
  expect((await build(project.dir, { asOf })).statuses['accepted_range_daily_n__5']).toBe('fail');
});

test('a test that asks for the time runs on every build', async () => {
  const project = makeProject(
    daily('[{expression_is_true: {arguments: {expression: "< epoch(now())"}}}]'),
  );
  const asOf = '2024-01-10';
  await build(project.dir, { asOf });
  const { statuses } = await build(project.dir, { asOf });
  expect(Object.values(statuses).sort()).toEqual(['pass', 'reused', 'reused']);
});

test('a threshold counts the failures of the table, however it is built', async () => {
  // Five of ten rows fail; in batches of two never more than two at once.
  const tests = '[{accepted_range: {arguments: {max_value: 5}, config: {error_if: ">3"}}}]';
  const once = await build(makeProject(daily(tests)).dir, { asOf: '2024-01-10' });
  expect(once.statuses['accepted_range_daily_n__5']).toBe('fail');
  const batches = await build(makeProject(daily(tests)).dir, fiveBatches);
  expect(batches.statuses['accepted_range_daily_n__5']).toBe('fail');
});
