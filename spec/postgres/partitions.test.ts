import { expect, test } from 'vitest';
import { makePostgresProject } from './project.ts';

const DAYS = Array.from({ length: 70 }, (_, i) =>
  new Date(Date.UTC(2024, 0, 20) + i * 86_400_000).toISOString().slice(0, 10),
);

const seed = (amount: (at: number) => number) =>
  `day,amount\n${DAYS.map((day, at) => `${day},${amount(at)}`).join('\n')}\n`;

const model = (more: string, sql = 'select day as as_of_date, sum(amount) as amount') =>
  `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2024-01-20'${more}) }}
${sql} from {{ ref('sales', history='0 days') }}
where day >= {{ as_of.start }} and day < {{ as_of.end }} group by day
`;

const PARTS = `select pg_get_expr(c.relpartbound, c.oid), c.oid, c.relfilenode,
    (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1]::text
  from pg_inherits join pg_class as c on c.oid = inhrelid where inhparent = 'main.days'::regclass order by 1`;

test('an as_of model is kept in parts; a day that is built again touches its part alone', async () => {
  const monthly = `, partition_by='as_of_date', indexes=[{'columns': ['as_of_date']}]`;
  const { project, query } = await makePostgresProject({
    'seeds/sales.csv': seed(() => 1),
    'models/sales_seed.yml':
      'seeds: [{name: sales, config: {event_time: day, column_types: {day: date}}}]\n',
    'models/days.sql': model(monthly),
    'models/seen.sql': `select as_of_date, amount from {{ ref('days') }}`,
  });
  const build = async (...args: string[]) => {
    const { exitCode, stdout } = await project.velo(['build', ...args]);
    expect(exitCode, stdout).toBe(0);
    return stdout;
  };
  await build('--as-of', '2024-02-29');
  const counts = async () => (await query(PARTS)).map(([bound, , , rows]) => [bound, rows]);
  expect(await counts()).toEqual([
    ["FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')", '12'],
    ["FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')", '29'],
  ]);
  // A new month is a new part.
  await build('--as-of', '2024-03-10');
  expect((await counts()).at(-1)).toEqual([
    "FOR VALUES FROM ('2024-03-01') TO ('2024-04-01')",
    '10',
  ]);
  // Only rows of February's part are new.
  const versions = () =>
    query('select tableoid, max(xmin::text::bigint) from main.days group by 1 order by 1');
  const before = await versions();
  await build('--as-of', '2024-03-10', '--restate', '2024-02-10', '-s', 'days');
  const after = await versions();
  expect(after.filter((row, at) => row[1] !== before[at]?.[1])).toHaveLength(1);
  expect(await query('select count(*), sum(amount) from main.seen')).toEqual([['51', '51']]);
  const plan = JSON.stringify(
    await query(
      `explain (costs off) delete from main.days where as_of_date >= date '2024-02-10' and as_of_date < date '2024-02-11'`,
    ),
  );
  expect(plan).toContain('days_p20240201_');
  expect(plan).not.toMatch(/days_p20240[13]01_/);
  // Other parts, and none, make the table anew; the view on it stays.
  project.write({
    'models/days.sql': model(`, partition_by={'field': 'as_of_date', 'granularity': 'year'}`),
  });
  await build('--as-of', '2024-03-10');
  expect(await counts()).toEqual([["FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", '51']]);
  project.write({ 'models/days.sql': model('') });
  await build('--as-of', '2024-03-10');
  expect(await counts()).toEqual([]);
  expect(await query('select count(*), sum(amount) from main.seen')).toEqual([['51', '51']]);
  const verified = await project.velo(['verify', '-s', 'days']);
  expect(verified.exitCode, verified.stdout).toBe(0);
});

test('parts that cannot be are refused', async () => {
  const { project } = await makePostgresProject({
    'seeds/sales.csv': seed(() => 1),
    'models/days.sql': model(`, partition_by={'field': 'as_of_date', 'granularity': 'fortnight'}`),
  });
  const { exitCode, stderr } = await project.velo(['parse']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    "partition_by of an as_of model is its as_of column, by 'day', 'month' or 'year'",
  );
});
