import { describe, expect, test } from 'vitest';
import { plan } from '../../src/api/plan.ts';
import { formatInterval } from '../../src/core/grain.ts';
import { makeProject, type TestProject } from '../e2e/velo.ts';
import { type BuildOptions, build } from './build.ts';
import { rowHashes } from './row-hashes.ts';
import { SHOP } from './shop.ts';
import { tamper } from './tamper.ts';

const asOf = '2024-01-20';

/** A project whose every model has been built. */
async function builtShop(files = {}): Promise<TestProject> {
  const project = makeProject({ ...SHOP, ...files });
  await build(project.dir, { asOf });
  return project;
}

const SEED = 'seeds/sales.csv';

/** Rewrites the seed, line by line. */
function editSales(project: TestProject, change: (lines: string[]) => string[]): void {
  const [head = '', ...lines] = project.read(SEED).trim().split('\n');
  project.write({ [SEED]: `${[head, ...change(lines)].join('\n')}\n` });
}

const dayOf = (line: string): string | undefined => line.split(',')[1];

/** What the plan says of a node: ranges and reasons. */
async function planned(project: TestProject, name: string, options: BuildOptions = {}) {
  const { plan: made, manifest } = await plan({
    command: 'build',
    environment: { HOME: project.dir },
    asOf,
    ...options,
    projectDir: project.dir,
    emit: () => {},
  });
  const step = made.steps.find(({ node }) => manifest.nodes.get(node)?.name === name);
  return {
    action: step?.action,
    replace: step?.replace,
    ranges: step?.batches.map((range) => formatInterval(range, 'day')),
    reasons: step?.reasons.map(({ code, text }) => `${code}: ${text}`),
  };
}

/** The tables equal those of the same files built from nothing. */
async function expectLikeNew(project: TestProject, options: BuildOptions = {}): Promise<void> {
  const files = Object.fromEntries(Object.keys(SHOP).map((path) => [path, project.read(path)]));
  const fresh = makeProject({ ...SHOP, ...files });
  await build(fresh.dir, { asOf, ...options });
  expect(await rowHashes(project.database)).toEqual(await rowHashes(fresh.database));
}

// The sales of January 10th are seen by the dates January 10th to 17th: history is 7 days.
const SEEN = ['2024-01-10 … 2024-01-17'];

describe('rows of one past day', () => {
  const changes: Readonly<Record<string, (lines: string[]) => string[]>> = {
    deleted: (lines) => lines.filter((line) => dayOf(line) !== '2024-01-10'),
    changed: (lines) =>
      lines.map((line) => (dayOf(line) === '2024-01-10' ? line.replace(/,\d*$/, ',1000') : line)),
    added: (lines) => [...lines, '900,2024-01-10,c,55', '901,2024-01-10,a,1'],
  };

  test.each(Object.entries(changes))(
    '%s: just the dates that see them are built',
    async (_, change) => {
      const project = await builtShop();
      editSales(project, change);
      expect(await planned(project, 'week')).toEqual({
        action: 'build',
        replace: false,
        ranges: SEEN,
        reasons: ['late-rows: paid (2024-01-10)'],
      });
      const before = await rowHashes(project.database, 'velo');
      await planned(project, 'week');
      // A plan that looked into the seed has left nothing behind.
      expect(await rowHashes(project.database, 'velo')).toEqual(before);
      const { step } = await build(project.dir, { asOf });
      expect(step('week').batches.map((range) => formatInterval(range, 'day'))).toEqual(SEEN);
      await expectLikeNew(project);
      expect((await build(project.dir, { asOf })).reasons).toEqual({});
    },
  );
});

test('rows in another order, and a file written again, are no change', async () => {
  const project = await builtShop();
  editSales(project, (lines) => lines.reverse());
  expect(await planned(project, 'week')).toMatchObject({ action: 'reuse' });
  await build(project.dir, { asOf });
  await expectLikeNew(project);
});

test('rows after the last date built touch no date until they are asked for', async () => {
  const project = await builtShop();
  editSales(project, (lines) => [...lines, '900,2024-01-21,a,7']);
  expect(await planned(project, 'week')).toMatchObject({ action: 'reuse' });
  await build(project.dir, { asOf });
  const { reasons } = await build(project.dir, { asOf: '2024-01-22' });
  expect(reasons).toMatchObject({ week: ['asked: 2024-01-21 … 2024-01-22'] });
  await expectLikeNew(project, { asOf: '2024-01-22' });
});

test('late rows go through two as_of models', async () => {
  const project = await builtShop({
    'models/best.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, max(cents) as cents from {{ ref('week', history='0 days') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }} group by as_of_date
`,
  });
  editSales(project, (lines) => [...lines, '900,2024-01-10,c,5500']);
  expect(await planned(project, 'best')).toEqual({
    action: 'build',
    replace: false,
    ranges: SEEN,
    reasons: ['input-changed: week (2024-01-10 … 2024-01-17)'],
  });
  // Built one after the other they are the same: what changed is remembered.
  await build(project.dir, { asOf, select: ['+week'] });
  expect(await planned(project, 'best')).toMatchObject({ ranges: SEEN });
  await build(project.dir, { asOf });
  expect((await build(project.dir, { asOf })).reasons).toEqual({});
});

test('late rows go through a view and a table of an as_of model, date by date', async () => {
  const reader = (
    input: string,
  ) => `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, max(cents) as cents from {{ ref('${input}', history='0 days') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }} group by as_of_date
`;
  const project = await builtShop({
    'models/shown.sql': `{{ config(materialized='view', event_time='as_of_date') }}
select * from {{ ref('week') }}
`,
    'models/copied.sql': `{{ config(materialized='table', event_time='as_of_date') }}
select * from {{ ref('shown') }}
`,
    'models/of_view.sql': reader('shown'),
    'models/of_table.sql': reader('copied'),
  });
  editSales(project, (lines) => [...lines, '900,2024-01-10,c,5500']);
  for (const name of ['of_view', 'of_table']) {
    // Rows are compared: week looks before each date only, so that of January 10th came out the same.
    const ranges = ['2024-01-11 … 2024-01-17'];
    expect(await planned(project, name)).toMatchObject({ replace: false, ranges });
  }
  const late = await build(project.dir, { asOf });
  expect(Object.keys(late.reasons)).toEqual(expect.arrayContaining(['of_view', 'of_table']));
  expect((await build(project.dir, { asOf })).reasons).toEqual({});
  const rows = (name: string) =>
    project.query(`select as_of_date::varchar, cents from ${name} order by 1`);
  const expected = await project.query(
    'select as_of_date::varchar, max(cents) from week group by 1 order by 1',
  );
  expect(await rows('of_view')).toEqual(expected);
  expect(await rows('of_table')).toEqual(expected);
  // A new day is a new day for all of them.
  const next = await build(project.dir, { asOf: '2024-01-21' });
  expect(next.reasons).toMatchObject({
    of_view: ['asked: 2024-01-21'],
    of_table: ['asked: 2024-01-21'],
  });
});

test('a view without dates over an as_of model: who reads it follows when old dates change, not when new ones come', async () => {
  const project = await builtShop({
    'models/shown.sql': `select * from {{ ref('week') }}\n`,
    'models/reader.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, max(cents) as cents from {{ ref('shown') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }} group by as_of_date
`,
  });
  const next = await build(project.dir, { asOf: '2024-01-21' });
  expect(next.reasons['reader']).toEqual(['asked: 2024-01-21']);
  editSales(project, (lines) => [...lines, '900,2024-01-10,c,5500']);
  const late = await build(project.dir, { asOf: '2024-01-21' });
  expect(late.reasons['reader']).toEqual(['input-changed: shown']);
  const expected = 'select as_of_date::varchar, max(cents) from week group by 1 order by 1';
  expect(await project.query('select as_of_date::varchar, cents from reader order by 1')).toEqual(
    await project.query(expected),
  );
  expect((await build(project.dir, { asOf: '2024-01-21' })).reasons).toEqual({});
});

test('--no-late leaves the dates, says so, and a later run repairs them', async () => {
  const project = await builtShop();
  editSales(project, (lines) => [...lines, '900,2024-01-10,c,55']);
  const messages: string[] = [];
  const skipped = await build(project.dir, { asOf: '2024-01-21', late: false }, messages);
  expect(skipped.reasons['week']).toEqual(['asked: 2024-01-21']);
  expect(messages).toContainEqual(expect.stringContaining("'week' has 8 days with late rows"));
  const { reasons } = await build(project.dir, { asOf: '2024-01-21' });
  expect(reasons['week']).toEqual(['late-rows: paid (2024-01-10)']);
  await expectLikeNew(project, { asOf: '2024-01-21' });
});

test('tests of a column look again at dates that were built again without them', async () => {
  const project = await builtShop();
  editSales(project, (lines) => [...lines, '900,2024-01-10,c,55']);
  await build(project.dir, { asOf, command: 'seed' });
  await build(project.dir, { asOf, command: 'run' });
  const { statuses } = await build(project.dir, { asOf });
  expect(statuses).toMatchObject({ not_null_week_cents: 'pass', week: 'reused' });
  expect((await build(project.dir, { asOf })).statuses).toMatchObject({
    not_null_week_cents: 'reused',
  });
});

describe('dates asked for', () => {
  test('--restate builds finished dates again, and what reads them follows', async () => {
    const project = await builtShop();
    const { reasons, step } = await build(project.dir, { asOf, restate: '2024-01-05..2024-01-06' });
    expect(reasons['week']).toEqual(['restate: 2024-01-05 … 2024-01-06']);
    expect(step('week').batches).toHaveLength(1);
    expect(reasons['best']).toEqual([
      'input-changed: week (2024-01-05 … 2024-01-06)',
      'restate: 2024-01-05 … 2024-01-06',
    ]);
    await expectLikeNew(project);
  });

  test('--from builds no date before it; they are a gap for the next run', async () => {
    const project = makeProject(SHOP);
    const first = await build(project.dir, { asOf, from: '2024-01-15' });
    expect(first.step('week').batches.map((range) => formatInterval(range, 'day'))).toEqual([
      '2024-01-15 … 2024-01-20',
    ]);
    const { reasons } = await build(project.dir, { asOf });
    expect(reasons['week']).toEqual(['gap: 2024-01-03 … 2024-01-14']);
    await expectLikeNew(project);
  });

  test('a filled gap makes later dates of what reads it new', async () => {
    const project = makeProject(SHOP);
    await build(project.dir, { asOf, from: '2024-01-15', select: ['+week'] });
    await build(project.dir, { asOf, select: ['best'] });
    const { reasons } = await build(project.dir, { asOf });
    expect(reasons['best']).toEqual(['input-changed: week (2024-01-03 … 2024-01-14)']);
    await expectLikeNew(project);
  });
});

describe('on_change', () => {
  const files = (onChange: string, factor = '') => ({
    'models/best.sql': (SHOP['models/best.sql'] as string)
      .replace("begin='2024-01-03'", `begin='2024-01-03', on_change='${onChange}'`)
      .replace('max(cents)', `max(cents)${factor}`),
  });

  test('forward_only keeps what is finished and builds new dates by the new code', async () => {
    const project = await builtShop(files('forward_only'));
    const old = await project.query('select * from best order by as_of_date');
    project.write(files('forward_only', ' * 2'));
    expect((await build(project.dir, { asOf })).reasons).toEqual({});
    const { reasons } = await build(project.dir, { asOf: '2024-01-21' });
    expect(reasons['best']).toEqual(['code-changed: SQL', 'asked: 2024-01-21']);
    const rows = await project.query('select * from best order by as_of_date');
    expect(rows.slice(0, -1)).toEqual(old);
    expect((await build(project.dir, { asOf: '2024-01-21' })).reasons).toEqual({});
  });

  test('fail refuses, naming the part, until a full refresh', async () => {
    const project = await builtShop(files('fail'));
    project.write(files('fail', ' * 2'));
    await expect(build(project.dir, { asOf })).rejects.toMatchObject({
      errors: [expect.objectContaining({ code: 'on-change-fail' })],
    });
    const { statuses } = await build(project.dir, { asOf, fullRefresh: true, select: ['best'] });
    expect(statuses['best']).toBe('success');
  });
});

test('a table edited behind velo is told of', async () => {
  const project = await builtShop();
  await tamper(project, "delete from week where as_of_date = '2024-01-09'");
  const messages: string[] = [];
  await build(project.dir, { asOf }, messages);
  expect(messages).toContainEqual(expect.stringContaining("'week' has"));
});

test('ahead builds today and tomorrow', async () => {
  const project = await builtShop({
    'models/best.sql': (SHOP['models/best.sql'] as string).replace(
      "begin='2024-01-03'",
      "begin='2024-01-03', ahead=true",
    ),
  });
  const { reasons } = await build(project.dir, { asOf: '2024-01-21' });
  expect(reasons['best']).toContain('asked: 2024-01-23');
});

describe('a table of the database as a source', () => {
  const FILES = {
    'models/sources.yml': `sources:
  - name: raw
    schema: raw
    tables:
      - name: visits
        config: {event_time: seen_on}
`,
    'models/recent.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-01') }}
select days.as_of_date, count(visits.seen_on) as visits
from (select unnest(generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day))::date as as_of_date) as days
left join {{ source('raw', 'visits', history={'before': '2 days', 'after': '1 day'}) }} as visits
  on visits.seen_on >= days.as_of_date - interval 2 day and visits.seen_on <= days.as_of_date + interval 1 day
group by 1
`,
  };
  const FILL = `insert into raw.visits select date '2024-01-01' + i::int from range(20) as t(i)`;

  async function builtVisits(): Promise<TestProject> {
    const project = makeProject(FILES);
    await build(project.dir, { asOf, select: ['recent'] }).catch(() => undefined);
    await tamper(project, 'create schema raw', 'create table raw.visits (seen_on date)', FILL);
    await build(project.dir, { asOf });
    return project;
  }

  // Counted by hand: the day itself, two before it and one after it, of the 20 days there are.
  const counts = async (project: TestProject) =>
    (await project.query('select visits from recent order by as_of_date')).map(([n]) => Number(n));
  const EXPECTED = [2, 3, ...Array.from({ length: 17 }, () => 4), 3];

  test('rows that come, go or move are found by day, and seen through both ends of the window', async () => {
    const project = await builtVisits();
    expect(await counts(project)).toEqual(EXPECTED);
    expect((await build(project.dir, { asOf })).reasons).toEqual({});
    await tamper(project, `insert into raw.visits values (date '2024-01-10')`);
    // January 10th is a day after the 9th and two days before the 12th.
    expect(await planned(project, 'recent')).toMatchObject({
      ranges: ['2024-01-09 … 2024-01-12'],
      reasons: ['late-rows: visits (2024-01-10)'],
    });
    await tamper(
      project,
      `update raw.visits set seen_on = date '2024-01-03' where seen_on = date '2024-01-15'`,
    );
    expect(await planned(project, 'recent')).toMatchObject({
      ranges: ['2024-01-02 … 2024-01-05', '2024-01-09 … 2024-01-12', '2024-01-14 … 2024-01-17'],
    });
    await build(project.dir, { asOf });
    const expected = [...EXPECTED];
    for (const day of [9, 10, 11, 12, 2, 3, 4, 5]) expected[day - 1] = (expected[day - 1] ?? 0) + 1;
    for (const day of [14, 15, 16, 17]) expected[day - 1] = (expected[day - 1] ?? 0) - 1;
    expect(await counts(project)).toEqual(expected);
    expect((await build(project.dir, { asOf })).reasons).toEqual({});
  });
});
