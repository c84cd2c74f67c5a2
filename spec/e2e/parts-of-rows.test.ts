import { expect, test } from 'vitest';
import { makeProject, type TestProject } from './velo.ts';

const SHOP = {
  'seeds/visits.csv': 'day,n\n2024-01-01,1\n2024-01-02,2\n2024-01-03,4\n',
  'seeds/seeds.yml': 'seeds:\n  - name: visits\n    config: {event_time: day}\n',
  'models/visits_so_far.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='day', separable='assume', begin='2024-01-01') }}
select d.day, sum(v.n) as n from (select unnest(generate_series({{ as_of.start }}::date, {{ as_of.end }}::date - 1, interval 1 day))::date as day) d
join {{ ref('visits') }} v on v.day <= d.day group by 1
`,
  'models/total.sql':
    "{{ config(materialized='table') }}\nselect day, n from {{ ref('visits') }}\n",
  'models/total.yml': `models:
  - name: total
    columns: [{name: n, data_tests: [not_null]}]
`,
};
const TO = ['--as-of', '2024-01-03'];

async function good(shop: TestProject, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await shop.velo(args);
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout + stderr;
}

const soFar = (shop: TestProject) =>
  shop.query('select day::varchar, n::int from visits_so_far order by 1');
const FULL = [
  ['2024-01-01', 1],
  ['2024-01-02', 3],
  ['2024-01-03', 7],
];

test('rows of dates stay what they are, of tables they are made again later', async () => {
  const shop = makeProject(SHOP);
  await good(shop, 'build', ...TO);
  const told = await good(shop, 'run', '--empty', ...TO);
  expect(told).toContain('--empty leaves as_of and trained models as they are: visits_so_far');
  expect(await soFar(shop)).toEqual(FULL);
  expect(await shop.query('select count(*)::int from total')).toEqual([[0]]);

  await good(shop, 'run', '--sample', '{start: 2024-01-02, end: 2024-01-03}', ...TO);
  expect(await shop.query('select n from total')).toEqual([[2]]);
  expect(await soFar(shop)).toEqual(FULL);

  await good(shop, 'build', ...TO);
  expect(await shop.query('select sum(n)::int from total')).toEqual([[7]]);
  expect(await soFar(shop)).toEqual(FULL);
});

test('an as_of model that is not there gets its columns, and all dates are still to be made', async () => {
  const shop = makeProject(SHOP);
  const told = await good(shop, 'build', '--empty', ...TO);
  expect(told).toContain('--empty makes as_of models without a date: visits_so_far');
  expect(await soFar(shop)).toEqual([]);
  expect(await shop.query('select count(*)::int from visits')).toEqual([[0]]);

  await good(shop, 'build', ...TO);
  expect(await soFar(shop)).toEqual(FULL);
  const again = await shop.velo(['build', ...TO]);
  expect(again.stdout).toContain('REUSED=4');
});
