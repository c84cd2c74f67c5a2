import { expect, test } from 'vitest';
import { type Files, makeProject } from './velo.ts';

/** 2024-01-01 … 2024-02-09: each of four keys on most days, with a number that repeats nowhere. */
const ROWS = Array.from({ length: 40 }, (_, day) =>
  ['a', 'b', 'c', 'd'].flatMap((key, i) =>
    (day * 7 + i * 3) % 5 === 0
      ? []
      : [`${day * 4 + i},${key},${isoDay(day)},${(day * 31 + i * 17) % 97}`],
  ),
).flat();

function isoDay(day: number): string {
  return new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
}

const PROJECT: Files = {
  'seeds/sales.csv': `id,k,day,x\n${ROWS.join('\n')}\n`,
  'models/events.sql': `{{ config(materialized='table', event_time='day') }}
select id, k, day::date as day, x from {{ ref('sales') }}
`,
};

const model = (sql: string, settings = ''): string =>
  `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date',
  begin='2024-01-05', unique_key=['k', 'as_of_date']${settings}) }}
${sql}
`;

const TODAY = "{{ ref('events', history='0 days') }}";
const PAST = "{{ ref('events') }}";
const MONTH = "{{ ref('events', history='30 days') }}";

/** A model whose dates depend on each other, the line that says so, and one that does the same for each date alone. */
const PAIRS: Readonly<Record<string, { bad: string; line: number; says: string; good: string }>> = {
  limit: {
    bad: `select day as as_of_date, k, x\nfrom ${TODAY} e\norder by x desc\nlimit 3`,
    line: 6,
    says: 'limit',
    good: `select day as as_of_date, k, x\nfrom ${TODAY} e\nqualify row_number() over (partition by day order by x desc) <= 3`,
  },
  rank_of_all: {
    bad: `select day as as_of_date, k,\n  row_number() over (order by x) as place\nfrom ${TODAY} e`,
    line: 4,
    says: 'row_number()',
    good: `select day as as_of_date, k,\n  row_number() over (partition by day order by x) as place\nfrom ${TODAY} e`,
  },
  latest_by_key: {
    bad: `select distinct on (k) k, day as as_of_date, x\nfrom ${TODAY} e\norder by day desc`,
    line: 3,
    says: 'distinct on',
    good: `select distinct on (k, day) k, day as as_of_date, x\nfrom ${TODAY} e\norder by day desc`,
  },
  mean_of_all: {
    bad: `with m as (\n  select avg(x) as mean from ${TODAY} e\n)\nselect day as as_of_date, k, x - mean as above\nfrom ${TODAY} e cross join m`,
    line: 4,
    says: 'aggregate',
    good: `with m as (\n  select day, avg(x) as mean from ${TODAY} e group by day\n)\nselect e.day as as_of_date, k, x - mean as above\nfrom ${TODAY} e join m on m.day = e.day`,
  },
  join_by_key: {
    bad: `select t.day as as_of_date, t.k, count(e.id) as n\nfrom ${TODAY} t\nleft join ${MONTH} e\n  on e.k = t.k\ngroup by all`,
    line: 6,
    says: 'join on the as_of date',
    good: `select t.day as as_of_date, t.k, count(e.id) as n\nfrom ${TODAY} t\nleft join ${MONTH} e\n  on e.k = t.k and e.day < t.day and e.day >= t.day - interval '30 days'\ngroup by all`,
  },
  beyond_history: {
    bad: `with w as (\n  select k, day, sum(x) over (partition by k order by day) as total\n  from ${MONTH} e\n)\nselect day as as_of_date, k, total from w where day >= {{ as_of.start }}`,
    line: 4,
    says: 'sum()',
    good: `with w as (\n  select k, day, sum(x) over (partition by k order by day\n    range between interval '30 days' preceding and current row) as total\n  from ${MONTH} e\n)\nselect day as as_of_date, k, total from w where day >= {{ as_of.start }}`,
  },
  next_value: {
    bad: `with w as (\n  select k, day,\n    lead(x) over (partition by k order by day) as next_x\n  from ${PAST} e\n)\nselect day as as_of_date, k, next_x from w where day >= {{ as_of.start }}`,
    line: 5,
    says: 'lead()',
    good: `with w as (\n  select k, day,\n    lag(x) over (partition by k order by day) as last_x\n  from ${PAST} e\n)\nselect day as as_of_date, k, last_x from w where day >= {{ as_of.start }}`,
  },
  days_into_batch: {
    bad: `select day as as_of_date, k,\n  day - {{ as_of.start }} as day_no\nfrom ${TODAY} e`,
    line: 4,
    says: 'as_of.start is used as a value',
    good: `select day as as_of_date, k,\n  day - date '2024-01-05' as day_no\nfrom ${TODAY} e`,
  },
  sampled: {
    bad: `select day as as_of_date, k,\n  random() as x\nfrom ${TODAY} e`,
    line: 4,
    says: 'random()',
    good: `select day as as_of_date, k,\n  hash(id) as x\nfrom ${TODAY} e`,
  },
};

const BUILD = ['build', '--as-of', '2024-02-09'];

test.each(Object.entries(PAIRS))('%s', async (name, { bad, line, says, good }) => {
  const project = makeProject({
    ...PROJECT,
    [`models/${name}.sql`]: model(bad),
    [`models/${name}_by_date.sql`]: model(good),
  });
  const { exitCode, stdout } = await project.velo(BUILD);
  expect(exitCode).toBe(1);
  // Found in the SQL, at the line of the file.
  const warning = stdout.slice(stdout.indexOf('[WARNING]')).split(' START ')[0];
  expect(warning).toContain(`'${name}' is not shown`);
  expect(warning).toMatch(
    new RegExp(`models/${name}\\.sql:${line} .*${says.replace(/[().]/g, '\\$&')}`),
  );
  // Found in the rows, before anybody saw them.
  expect(stdout).toContain(`'${name}' has other rows`);
  expect(await project.relations()).toEqual(['events', 'sales', `${name}_by_date`].sort());
  expect(
    await project.query(`select count(*) from velo.ledger where node = 'model.shop.${name}'`),
  ).toEqual([['0']]);
  // Its twin is built without a word.
  expect(stdout).not.toContain(`'${name}_by_date'`);
  expect(stdout).toMatch(
    new RegExp(`OK created sql incremental model main.${name}_by_date .*INSERT \\d\\d`),
  );
});

/** Each date has the same rows alone, which is not to be seen in the SQL. */
const ALL_ROWS = `select day as as_of_date, k, x\nfrom ${TODAY} e\norder by x\nlimit 100000`;

test('what is separable after all is published, and not looked at again', async () => {
  const project = makeProject({ ...PROJECT, 'models/all_rows.sql': model(ALL_ROWS) });
  const first = await project.velo(['build', '--as-of', '2024-02-01']);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toContain('models/all_rows.sql:6 limit');
  const second = await project.velo(BUILD);
  expect([second.exitCode, second.stdout.includes('WARNING')]).toEqual([0, false]);
  expect(await project.relations()).toEqual(['all_rows', 'events', 'sales']);
  project.write({ 'models/all_rows.sql': model(`${ALL_ROWS}0`) });
  expect((await project.velo(BUILD)).stdout).toContain('models/all_rows.sql:6 limit');
});

test('a table that is there stays as it was', async () => {
  const { bad, good } = PAIRS['mean_of_all'] ?? { bad: '', good: '' };
  const project = makeProject({ ...PROJECT, 'models/means.sql': model(good) });
  expect((await project.velo(BUILD)).exitCode).toBe(0);
  const before = await project.query('from means order by all');
  project.write({ 'models/means.sql': model(bad) });
  expect((await project.velo(BUILD)).exitCode).toBe(1);
  expect(await project.query('from means order by all')).toEqual(before);
});

test.each([
  ['check', 0, ALL_ROWS],
  ['check', 1, PAIRS['limit']?.bad ?? ''],
  ['assume', 0, PAIRS['limit']?.bad ?? ''],
  ['never', 0, PAIRS['limit']?.bad ?? ''],
])("separable='%s' ends with %i and without a warning", async (separable, exitCode, sql) => {
  const project = makeProject({
    ...PROJECT,
    'models/m.sql': model(sql, `, separable='${separable}'`),
  });
  const result = await project.velo(BUILD);
  expect([result.exitCode, result.stdout.includes('WARNING')]).toEqual([exitCode, false]);
  if (separable === 'never') {
    // Three rows of each of 36 dates.
    expect(await project.query('select count(*), count(distinct as_of_date) from m')).toEqual([
      ['108', '36'],
    ]);
  }
});

test('--warn-error refuses what is not shown', async () => {
  const project = makeProject({ ...PROJECT, 'models/all_rows.sql': model(ALL_ROWS) });
  const { exitCode, stdout } = await project.velo([...BUILD, '--warn-error']);
  expect([exitCode, stdout.includes('models/all_rows.sql:6')]).toEqual([1, true]);
});

test('SQL that has no tree is checked by its rows', async () => {
  const project = makeProject({
    ...PROJECT,
    'models/p.sql': model(
      `select * from (pivot ${TODAY} on k in ('a', 'b') using sum(x) group by day) p`,
    ).replace("'as_of_date'", "'day'"),
  });
  const { exitCode, stdout } = await project.velo(BUILD);
  expect([exitCode, stdout.includes('is not shown to give')]).toEqual([0, true]);
});
