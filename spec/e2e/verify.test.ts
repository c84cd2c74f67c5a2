import { describe, expect, it } from 'vitest';
import { FAILED } from '../../src/core/result.ts';
import { build } from '../as-of/build.ts';
import { SHOP } from '../as-of/shop.ts';
import { type CliResult, type Files, makeProject, type TestProject } from './velo.ts';

const asOfModel = (sql: string, settings = ''): string =>
  `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', separable='assume'${settings}) }}\n${sql}\n`;

const DAYS = `generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day) as days(day)`;

/** Built in this process, up to 2024-01-10. */
async function built(files: Files, asOf = '2024-01-10'): Promise<TestProject> {
  const project = makeProject(files);
  const { result } = await build(project.dir, { asOf });
  expect(result.results.filter(({ status }) => FAILED.has(status))).toEqual([]);
  return project;
}

const change = (project: TestProject, sql: string): Promise<CliResult> =>
  project.velo(['run-operation', '--sql', sql]);

interface Comparison {
  readonly way: string;
  readonly dates: number;
  readonly equal: boolean;
  readonly differences: {
    readonly dates: readonly { readonly date: string; readonly [count: string]: unknown }[];
    readonly columns: readonly { readonly name: string; readonly rows: number }[];
    readonly examples: readonly unknown[];
  };
}

interface Model {
  readonly name: string;
  readonly status: string;
  readonly dates: readonly string[];
  readonly rows: number;
  readonly comparisons: readonly Comparison[];
  readonly notCompared: readonly { readonly way: string; readonly reason: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** What `velo verify --output json` says of the only model, or of the one that is selected. */
async function verified(project: TestProject, ...args: readonly string[]) {
  const before = await everything(project);
  const result = await project.velo(['verify', '--output', 'json', ...args]);
  expect(await everything(project)).toEqual(before);
  const { models } = JSON.parse(result.stdout) as { models: readonly Model[] };
  const [model] = models;
  if (!model) throw new Error(`no model: ${result.stderr}`);
  const differing = model.comparisons.map(({ way, differences }) => [
    way,
    differences.dates.map(({ date }) => date),
  ]);
  return { ...model, differing, exitCode: result.exitCode, models };
}

/** All that stands in the database, the rows of the ledger with it. */
const everything = async (project: TestProject) => [
  await project.query('select schema_name from duckdb_schemas() where not internal order by all'),
  await project.query(
    'select schema_name, table_name, estimated_size from duckdb_tables() order by all',
  ),
  await project.query('from velo.ledger order by seq'),
];

const day = (n: number): string => `2024-01-${String(n).padStart(2, '0')}`;
const daysFrom = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => day(first + i));

describe('models whose rows do not depend on how they are built', () => {
  it('are equal, on a sample and on all dates, and nothing is left behind', async () => {
    const project = await built(SHOP, '2024-01-30');
    const sample = await verified(project, '--dates', '5');
    expect(sample.models.map(({ name, status, dates }) => [name, status, dates.length])).toEqual([
      ['week', 'equal', 5],
      ['best', 'equal', 5],
    ]);
    expect(sample.exitCode).toBe(0);
    const all = await verified(project, '--dates', 'all', '-s', 'week');
    expect(all.dates).toEqual(daysFrom(3, 30));
    expect(all.comparisons.map(({ way, dates, equal }) => [way, dates, equal])).toEqual([
      ['set-based', 28, true],
      ['published', 28, true],
    ]);
    // The rows of `week`, as spec/as-of counts them by loops: three shops on each of 28 days but the first, with two.
    const [[count] = []] = await project.query('select count(*)::int from week');
    expect(all.rows).toBe(count);
  });

  it('are told of in lines', async () => {
    const project = await built({
      'models/daily.sql': asOfModel(`select day::date as d, 1 as n from ${DAYS}`),
    });
    const { exitCode, stdout, stderr } = await project.velo(['verify', '--dates', '3']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.replace(/\d+\.\d+ s/g, '0.00 s')).toMatchInlineSnapshot(`
      "Verifying 1 as_of model

      equal      daily  3 days, 3 rows: set-based; published  (0.00 s)

      1 of 1 model equal.
      "
    `);
  });

  it('may add up numbers in another order, have NULL keys and days without rows', async () => {
    // 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1; the order is another one when days are built one by one.
    const ascending = '{{ as_of.end }} - {{ as_of.start }} = 1';
    const model = asOfModel(
      `select day::date as d, nullif(k, 0) as k,
  list_reduce(list_sort([0.1, 0.2, 0.3]::double[], case when ${ascending} then 'ASC' else 'DESC' end), (a, b) -> a + b) * k as total,
  [list_reduce(list_sort([0.1, 0.2, 0.3]::double[], case when ${ascending} then 'ASC' else 'DESC' end), (a, b) -> a + b)] as totals
from ${DAYS}, range(3) as keys(k) where dayofmonth(day) % 3 > 0`,
      ", unique_key=['k', 'd']",
    );
    const project = await built({ 'models/totals.sql': model });
    const [[apart] = []] = await project.query(
      'select 0.1::double + 0.2 + 0.3 <> 0.3::double + 0.2 + 0.1',
    );
    expect(apart).toBe(true);
    const found = await verified(project, '--dates', 'all');
    expect([found.status, found.rows, found.differing]).toEqual([
      'equal',
      21,
      [
        ['set-based', []],
        ['published', []],
      ],
    ]);
  });
});

describe('the dates', () => {
  it('are hours, weeks and months, too', async () => {
    const grained = (grain: string, sql: string) =>
      asOfModel(sql, `, grain='${grain}'`).replace('2024-01-01', '2023-11-30');
    const project = await built({
      'models/hours.sql': grained(
        'hour',
        `select h as d, 1 as n from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 hour, interval 1 hour) as hours(h)`,
      ),
      'models/weeks.sql': grained(
        'week',
        `select (w + interval 2 day)::date as d, row_number() over (order by w) as n from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 week, interval 1 week) as weeks(w)`,
      ),
      'models/months.sql': grained(
        'month',
        `select m::date as d, 1 as n from generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 month, interval 1 month) as months(m)`,
      ),
    });
    const { models } = await verified(project, '--dates', '4');
    expect(models.map(({ name, status, rows }) => [name, status, rows])).toEqual([
      ['hours', 'equal', 4],
      ['months', 'equal', 2],
      ['weeks', 'different', 4],
    ]);
    // Mondays; 2023-11-27 is the first, and its number is 1 either way.
    expect(models[2]?.comparisons[0]?.differences.dates[0]?.['date']).toBe('2023-12-04');
  });
});

describe('a day that depends on the days it is built with', () => {
  it.each([
    // The first of a batch is its first day.
    ['limit', `select day::date as d, 1 as n from ${DAYS} order by day limit 1`, daysFrom(2, 10)],
    // Day 1 is number 1 in any batch that begins with it.
    [
      'row_number',
      `select day::date as d, row_number() over (order by day) as n from ${DAYS}`,
      daysFrom(2, 10),
    ],
    // The newest is the newest for the last day alone.
    [
      'a mean over the batch',
      `select day::date as d, max(dayofmonth(day)) over () as n from ${DAYS}`,
      daysFrom(1, 9),
    ],
    // By less than a hundred-thousandth.
    [
      'a small number',
      `select day::date as d, 1 + 1e-6 * ({{ as_of.end }} - {{ as_of.start }} - 1) as n from ${DAYS}`,
      daysFrom(1, 10),
    ],
  ])('is found: %s', async (_, sql, expected) => {
    const project = await built({ 'models/daily.sql': asOfModel(sql, ", unique_key='d'") });
    const { exitCode, status, differing } = await verified(project, '--dates', 'all');
    // What stands was built in one go.
    expect([exitCode, status, differing]).toEqual([
      1,
      'different',
      [
        ['set-based', expected],
        ['published', expected],
      ],
    ]);
  });

  it('is shown with keys and columns side by side', async () => {
    const project = await built({
      'models/ranked.sql': asOfModel(
        `select day::date as d, shop, row_number() over (partition by shop order by day) as n
from ${DAYS}, (values ('a'), (null)) as shops(shop)`,
        ", unique_key=['shop', 'd']",
      ),
    });
    const { exitCode, stdout } = await project.velo(['verify', '--dates', 'all']);
    expect(exitCode).toBe(1);
    expect(stdout.replace(/\d+\.\d+ s/g, '0.00 s')).toMatchInlineSnapshot(`
      "Verifying 1 as_of model

      DIFFERENT  ranked  10 days, 20 rows: set-based differs on 9 days; published differs on 9 days  (0.00 s)

      ranked: set-based and published differ from day by day (models/ranked.sql)
        9 of 10 days differ:
        date        rows day by day  rows set-based  only day by day  only set-based  changed
        ----------  ---------------  --------------  ---------------  --------------  -------
        2024-01-02                2               2                0               0        2
        2024-01-03                2               2                0               0        2
        2024-01-04                2               2                0               0        2
        2024-01-05                2               2                0               0        2
        2024-01-06                2               2                0               0        2
        2024-01-07                2               2                0               0        2
        2024-01-08                2               2                0               0        2
        2024-01-09                2               2                0               0        2
        2024-01-10                2               2                0               0        2
        columns: n (18 rows)

        2024-01-02, shop a
        column  day by day  set-based
        ------  ----------  ---------
        n       1           2

        2024-01-02, shop NULL
        column  day by day  set-based
        ------  ----------  ---------
        n       1           2

        2024-01-03, shop a
        column  day by day  set-based
        ------  ----------  ---------
        n       1           3

        2024-01-03, shop NULL
        column  day by day  set-based
        ------  ----------  ---------
        n       1           3

        2024-01-04, shop a
        column  day by day  set-based
        ------  ----------  ---------
        n       1           4

        2024-01-04, shop NULL
        column  day by day  set-based
        ------  ----------  ---------
        n       1           4

        hint: a date's rows depend on which dates are built with it; docs/guides/verify.md says what does that

      0 of 1 model equal, 1 different.
      "
    `);
  });

  it('is none where each day is built by itself', async () => {
    const sql = `select day::date as d, row_number() over (order by day) as n from ${DAYS}`;
    const project = await built({ 'models/daily.sql': asOfModel(sql, ', batch_size=1') });
    const { status, differing, notCompared } = await verified(project, '--dates', 'all');
    expect([status, differing, notCompared]).toEqual([
      'equal',
      [['published', []]],
      [{ way: 'set-based', reason: 'it is built one day at a time' }],
    ]);
  });

  it('is looked for in the batches of batch_size, from begin on', async () => {
    const sql = `select day::date as d, row_number() over (order by day) as n from ${DAYS}`;
    const project = await built({ 'models/daily.sql': asOfModel(sql, ', batch_size=4') });
    const { differing } = await verified(project, '--dates', '2024-01-05,2024-01-06,2024-01-09');
    expect(differing).toEqual([
      ['set-based', [day(6)]],
      ['published', [day(6)]],
    ]);
  });
});

const COUNTER = asOfModel(
  `select day::date as d, 1 + coalesce((select max(n) from {{ this }}), 0) as n from ${DAYS}`,
  ', depends_on_past=true',
).replace('{{ this }}', '{% if is_incremental() %}{{ this }}{% else %}(select 0 as n){% endif %}');

describe('rows that stand', () => {
  const model = asOfModel(
    `select day::date as d, k, k * 10 as n from ${DAYS}, range(2) as keys(k)`,
    ", unique_key=['k', 'd']",
  );

  it('and were changed by hand are found: changed, deleted and added ones', async () => {
    const project = await built({ 'models/daily.sql': model });
    for (const sql of [
      `update daily set n = 11 where d = '2024-01-03' and k = 1`,
      `delete from daily where d = '2024-01-05' and k = 0`,
      `insert into daily values ('2024-01-08', 7, 70)`,
    ]) {
      expect((await change(project, sql)).exitCode).toBe(0);
    }
    const found = await verified(project, '--dates', 'all');
    expect([found.exitCode, found.status]).toEqual([1, 'different']);
    expect(found.comparisons.map(({ way, equal }) => [way, equal])).toEqual([
      ['set-based', true],
      ['published', false],
    ]);
    expect(found.comparisons[1]?.differences).toMatchObject({
      dates: [
        { date: day(3), leftRows: 2, rightRows: 2, onlyLeft: 0, onlyRight: 0, changed: 1 },
        { date: day(5), leftRows: 2, rightRows: 1, onlyLeft: 1, onlyRight: 0, changed: 0 },
        { date: day(8), leftRows: 2, rightRows: 3, onlyLeft: 0, onlyRight: 1, changed: 0 },
      ],
      columns: [{ name: 'n', rows: 1 }],
      examples: [
        {
          date: day(3),
          key: { k: '1' },
          where: 'both',
          columns: [{ name: 'n', left: '10', right: '11' }],
        },
        { date: day(5), key: { k: '0' }, where: 'left', columns: [] },
        { date: day(8), key: { k: '7' }, where: 'right', columns: [] },
      ],
    });
  });

  it('are not compared when the code has changed since', async () => {
    const project = await built({ 'models/daily.sql': model });
    project.write({ 'models/daily.sql': model.replace('k * 10', 'k * 20') });
    const { status, notCompared } = await verified(project, '--dates', 'all');
    expect([status, notCompared]).toEqual([
      'equal',
      [{ way: 'published', reason: 'it is out of date (code changed: SQL)' }],
    ]);
  });

  it('of a model that reads its own past are compared with all days in order', async () => {
    const project = await built({ 'models/counter.sql': COUNTER });
    const before = await verified(project, '--dates', '2');
    expect([before.status, before.dates, before.differing]).toEqual([
      'equal',
      daysFrom(1, 10),
      [['published', []]],
    ]);
    await change(project, `update counter set n = 0 where d = '2024-01-04'`);
    const after = await verified(project);
    expect([after.exitCode, after.differing]).toEqual([1, [['published', [day(4)]]]]);
  });
});

describe('what cannot be verified', () => {
  it('is a model whose inputs are not built: exit 2, with what to do', async () => {
    const project = makeProject(SHOP);
    const { exitCode, stdout } = await project.velo([
      'verify',
      '--select',
      'best',
      '--as-of',
      '2024-01-05',
    ]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("'best' reads 'week', which is not built");
    expect(stdout).toContain('hint: velo build --select +best');
  });

  it('is a model that fails for a day; the others are verified', async () => {
    const project = await built({
      'models/fails.sql': asOfModel(
        `select day::date as d, case when {{ as_of.end }} - {{ as_of.start }} = 1 and day = '2024-01-07' then error('no day 7') else 1 end as n from ${DAYS}`,
      ),
      'models/good.sql': asOfModel(`select day::date as d from ${DAYS}`),
    });
    const { models, exitCode } = await verified(project, '--dates', 'all');
    expect(exitCode).toBe(2);
    expect(models.map(({ name, status }) => [name, status])).toEqual([
      ['fails', 'error'],
      ['good', 'equal'],
    ]);
    expect(models[0]?.errors[0]?.message).toContain('no day 7');
  });

  it.each([
    [['--select', 'totals'], 'none of the selected nodes is an as_of model'],
    [['--dates', '0'], "--dates '0' is not a whole number of at least 1"],
    [['--dates', 'often'], "--dates 'often' is not a number, 'all' or dates"],
    [['--seed', 'x'], "--seed 'x' is not a whole number of at least 0"],
  ])('%s', async (args, message) => {
    const { exitCode, stderr } = await makeProject(SHOP).velo(['verify', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('stopped in the middle', () => {
  /** Each day keeps the engine busy for a moment. */
  const slow = asOfModel(
    `select day::date as d, (select sum(i % 7) from range(20000000) t(i)) as n from ${DAYS}`,
  );

  it.each(['SIGINT', 'SIGKILL'] as const)('by %s it leaves nothing behind', async (signal) => {
    const project = await built({ 'models/slow.sql': slow });
    const before = await everything(project);
    const running = project.start(['verify', '--dates', 'all']);
    await running.untilPrinted('Verifying');
    await new Promise((done) => setTimeout(done, 700));
    running.child.kill(signal);
    const { exitCode, stderr } = await running.ended;
    if (signal === 'SIGINT') {
      expect(exitCode).toBe(130);
      expect(stderr).toContain('Interrupted: cancelling what runs');
    }
    expect(await everything(project)).toEqual(before);
    expect((await project.velo(['verify', '--dates', '1'])).exitCode).toBe(0);
    expect((await project.velo(['build', '--as-of', '2024-01-10'])).stdout).toContain(
      'Nothing to do',
    );
  });
});
