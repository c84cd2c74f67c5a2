import { expect, test } from 'vitest';
import { makeProject, query } from '../e2e/velo.ts';
import { type BuildOptions, build } from './build.ts';
import { rowHashes } from './row-hashes.ts';
import { expectedWeek, SHOP } from './shop.ts';

const LAST = '2024-02-04';

/** Builds the shop in several runs and returns the row hashes of all its tables. */
async function builtBy(...runs: readonly BuildOptions[]) {
  const project = makeProject(SHOP);
  for (const options of runs) {
    const { statuses } = await build(project.dir, options);
    expect(Object.values(statuses)).not.toContain('error');
  }
  return { hashes: await rowHashes(project.database), database: project.database };
}

test('the rows are those counted by hand', async () => {
  const { database } = await builtBy({ asOf: LAST });
  const rows = await query(
    database,
    'select as_of_date, shop_id, sales, cents::bigint from week order by 1, 2',
  );
  const text = rows.map((row) => row.join(' '));
  expect(text.length).toBeGreaterThan(90);
  expect(text).toEqual(expectedWeek(LAST));
});

test.each<[string, ...BuildOptions[]]>([
  ['day by day', { asOf: LAST, batchSize: 1 }],
  ['in chunks of 7', { asOf: LAST, batchSize: 7 }],
  ['by a full refresh', { asOf: '2024-01-20' }, { asOf: LAST, fullRefresh: true }],
  ['by a full refresh in chunks', { asOf: LAST }, { asOf: LAST, fullRefresh: true, batchSize: 5 }],
  ['in increments', { asOf: '2024-01-10' }, { asOf: '2024-01-11' }, { asOf: LAST }],
  [
    'in increments, some in chunks',
    { asOf: '2024-01-02' },
    { asOf: '2024-01-20', batchSize: 3 },
    { asOf: LAST },
  ],
  [
    'one model at a time',
    { asOf: LAST, select: ['+week'] },
    { asOf: LAST, select: ['best'] },
    { asOf: LAST },
  ],
  ['by an earlier date last', { asOf: LAST }, { asOf: '2024-01-10' }],
  ['on one thread', { asOf: LAST, threads: 1 }],
])('built %s the tables are those built at once', async (_, ...runs) => {
  const { hashes: once } = await builtBy({ asOf: LAST });
  const { hashes } = await builtBy(...runs);
  expect(Object.keys(hashes)).toEqual(['best', 'sales', 'stg_sales', 'totals', 'week']);
  expect(hashes).toEqual(once);
});

test('rows outside the asked range are not written, so they cannot come twice', async () => {
  const project = makeProject({
    'models/daily.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01') }}
-- asks for nothing: every statement returns the whole year
select d::date as d from generate_series(date '2024-01-01', date '2024-12-31', interval 1 day) as days(d)
`,
  });
  await build(project.dir, { asOf: '2024-01-10', batchSize: 3 });
  await build(project.dir, { asOf: '2024-02-10' });
  const rows = await project.query('select count(*), count(distinct d), max(d) from daily');
  expect(rows).toEqual([['41', '41', '2024-02-10']]);
});

test.each(['hour', 'week', 'month'])(
  'grain %s: chunks of one equal one statement',
  async (grain) => {
    const files = {
      'models/spans.sql': `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='moment', grain='${grain}', begin='2023-12-15') }}
select moment, hash(moment) as value
from generate_series(timestamp '2023-10-01', timestamp '2024-06-01', interval 1 hour) as hours(moment)
where moment >= {{ as_of.start }} and moment < {{ as_of.end }}
`,
    };
    const [one, many] = [makeProject(files), makeProject(files)];
    const asOf = grain === 'hour' ? '2024-01-02 05:00' : '2024-04-30';
    const all = await build(one.dir, { asOf });
    const single = await build(many.dir, { asOf, batchSize: 1 });
    expect(all.step('spans').batches).toHaveLength(1);
    // Counted by hand: 18 days and 6 hours; Mondays 2023-12-11 … 2024-04-22; December … April.
    const expected = { hour: 18 * 24 + 6, week: 20, month: 5 }[grain];
    expect(single.step('spans').batches).toHaveLength(expected ?? 0);
    expect(await rowHashes(many.database)).toEqual(await rowHashes(one.database));
    const [[first, last] = []] = await one.query(
      'select min(moment)::varchar, max(moment)::varchar from spans',
    );
    expect([first, last]).toEqual(
      {
        hour: ['2023-12-15 00:00:00', '2024-01-02 05:00:00'],
        week: ['2023-12-11 00:00:00', '2024-04-28 23:00:00'],
        month: ['2023-12-01 00:00:00', '2024-04-30 23:00:00'],
      }[grain],
    );
  },
);
