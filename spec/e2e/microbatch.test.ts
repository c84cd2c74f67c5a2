import { describe, expect, it } from 'vitest';
import { type Files, makeProject, type TestProject } from './velo.ts';

const DAY_MS = 86_400_000;

/** `2024-01-31`: so many days before today, in UTC. */
const daysAgo = (days: number): string =>
  new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

const SEED: Files = {
  'seeds/raw_events.csv': `id,happened_at
1,2024-01-01 10:00:00
2,2024-01-02 00:00:00
3,2024-01-02 23:59:59
4,2024-01-03 12:00:00
`,
  'seeds/_seeds.yml':
    'seeds: [{name: raw_events, config: {event_time: happened_at, column_types: {happened_at: timestamp}}}]',
};

const CONFIG =
  "materialized='incremental', incremental_strategy='microbatch', event_time='happened_at', batch_size='day'";

const daily = (select: string, more = "begin='2024-01-01'"): string =>
  `{{ config(${CONFIG}, ${more}) }}\n${select}`;

const THREE_DAYS = ['--event-time-start', '2024-01-01', '--event-time-end', '2024-01-04'];

const lines = (stdout: string, pattern: RegExp): string[] =>
  stdout.split('\n').filter((line) => pattern.test(line));

const statuses = (project: TestProject): Record<string, string> => {
  const { results } = project.readJson('target/run_results.json') as {
    results: readonly { unique_id: string; status: string }[];
  };
  return Object.fromEntries(
    results.map(({ unique_id: id, status }) => [id.split('.')[2] ?? '', status]),
  );
};

/** The second of three days fails while the variable `broken` is not empty. */
const BREAKABLE: Files = {
  ...SEED,
  'models/daily.sql': daily(`select id, happened_at from {{ ref('raw_events') }}
{% if var('broken', '') and model.batch and model.batch.id == '20240102' %}where no_such_column{% endif %}`),
  'models/daily.yml': 'models: [{name: daily, columns: [{name: id, data_tests: [not_null]}]}]',
  'models/report.sql':
    "{{ config(materialized='table') }}\nselect count(*) as n from {{ ref('daily') }}",
};

const BROKEN = ['--vars', '{broken: "yes"}'];
const MENDED = ['--vars', '{broken: ""}'];

describe('a microbatch model', () => {
  it('is built day by day from begin on, then from lookback on', async () => {
    const [old, recent] = [daysAgo(3), daysAgo(1)];
    const at = (time: string) => `${time} 06:00:00`;
    const rows = (...values: readonly string[]) => `id,happened_at\n${values.join('\n')}\n`;
    const project = makeProject({
      ...SEED,
      'seeds/raw_events.csv': rows(`1,${at(old)}`, `2,${at(recent)}`),
      'models/daily.sql': daily(
        "select id, happened_at from {{ ref('raw_events') }}",
        `begin='${old}'`,
      ),
    });
    expect((await project.velo(['plan', '--select', 'daily'])).stdout).toContain(
      `daily  replace  ${old} … ${daysAgo(0)}    4  new`,
    );
    const first = await project.velo(['build']);
    expect(first.exitCode, first.stdout).toBe(0);
    const batchesOf = (stdout: string) => lines(stdout, /^Batch \d of \d START/).length;
    expect(batchesOf(first.stdout)).toBe(4);
    // What happened before the lookback of one day is not looked at again, as in dbt.
    project.write({
      'seeds/raw_events.csv': rows(`1,${at(old)}`, `11,${at(old)}`, `12,${at(recent)}`),
    });
    expect((await project.velo(['plan', '--select', 'daily'])).stdout).toContain(
      `daily  insert  ${recent} … ${daysAgo(0)}    2  lookback`,
    );
    const second = await project.velo(['build']);
    expect(batchesOf(second.stdout)).toBe(2);
    expect(await project.query('select id from daily order by id')).toEqual([[1], [12]]);
  });

  it('that fails in part: nothing follows, and retry does the rest', async () => {
    const project = makeProject(BREAKABLE);
    const broken = await project.velo(['build', ...THREE_DAYS, ...BROKEN]);
    expect(broken.exitCode).toBe(1);
    expect(lines(broken.stdout, /^Batch .* (OK|ERROR) /)).toHaveLength(3);
    expect(broken.stdout).toContain('[PARTIAL SUCCESS (2/3) in 0.00s]');
    expect(broken.stdout).toContain('error[database-error] models/daily.sql:3:');
    expect(statuses(project)).toEqual({
      raw_events: 'success',
      daily: 'partial success',
      not_null_daily_id: 'skipped',
      report: 'skipped',
    });
    expect(await project.query('select id from daily order by id')).toEqual([[1], [4]]);

    const again = await project.velo(['retry']);
    expect(again.exitCode).toBe(1);
    expect(lines(again.stdout, /^Batch .* START/)).toEqual([
      'Batch 1 of 1 START batch 2024-01-02 of main.daily .................................... [RUN]',
    ]);

    const mended = await project.velo(['retry', ...MENDED]);
    expect(mended.exitCode, mended.stdout).toBe(0);
    expect(statuses(project)).toEqual({
      daily: 'success',
      not_null_daily_id: 'pass',
      report: 'success',
    });
    expect(await project.query('select n from report')).toEqual([['4']]);
    expect((await project.velo(['retry'])).stdout).toBe(
      'Nothing to retry: the last run (velo build) left nothing undone.\n',
    );
  });

  it('is still to be done in part when a retry does not come to it', async () => {
    const project = makeProject({
      'velo_project.yml': "name: shop\non-run-start: select {{ var('start', 1) }}\n",
      ...BREAKABLE,
      'models/which.sql': "select '{{ flags.WHICH }}' as command from {{ ref('daily') }}",
    });
    await project.velo(['build', ...THREE_DAYS, ...BROKEN]);
    const stopped = await project.velo(['retry', '--vars', '{start: nowhere}']);
    expect(statuses(project)).toMatchObject({ daily: 'skipped', report: 'skipped' });
    expect(stopped.exitCode).toBe(1);
    const { stdout } = await project.velo(['retry', ...MENDED]);
    expect(lines(stdout, /^Batch .* START/)).toEqual([
      'Batch 1 of 1 START batch 2024-01-02 of main.daily .................................... [RUN]',
    ]);
    expect(await project.query('select distinct command from which')).toEqual([['build']]);
  });

  it('keeps what a full refresh had done when the rest is done again', async () => {
    const project = makeProject(BREAKABLE);
    await project.velo(['run', '--select', 'raw_events', 'daily']);
    await project.velo(['build', '--full-refresh', ...THREE_DAYS, ...BROKEN]);
    await project.velo(['retry', ...MENDED]);
    expect(await project.query('select id from daily order by id')).toEqual([[1], [2], [3], [4]]);
  });

  it('leaves the old table when the first batch of a full refresh fails', async () => {
    const project = makeProject(BREAKABLE);
    await project.velo(['build', ...THREE_DAYS]);
    const window = ['--event-time-start', '2024-01-02', '--event-time-end', '2024-01-04'];
    const broken = await project.velo(['run', '--full-refresh', ...window, ...BROKEN]);
    expect(lines(broken.stdout, /^Batch .* SKIP batch 2024-01-03 .*SKIPPED/)).toHaveLength(1);
    expect(statuses(project)['daily']).toBe('error');
    expect(await project.query('select id from daily order by id')).toEqual([[1], [2], [3], [4]]);
  });

  it('is tested when all its batches are there; what fails stops what follows', async () => {
    const project = makeProject({
      ...BREAKABLE,
      'tests/no_third.sql': "select * from {{ ref('daily') }} where id = 3",
    });
    const result = await project.velo(['build', ...THREE_DAYS]);
    expect(result.exitCode).toBe(1);
    expect(statuses(project)).toEqual({
      raw_events: 'success',
      daily: 'success',
      not_null_daily_id: 'pass',
      no_third: 'fail',
      report: 'skipped',
    });
    expect(await project.query('select count(*) from daily')).toEqual([['4']]);
  });

  it('sees the rows of its batch, or all with .render()', async () => {
    const project = makeProject({
      ...SEED,
      'models/plain.sql': "select 1 as one from {{ ref('raw_events') }}",
      'models/daily.sql': daily(`select
  happened_at,
  (select count(*) from {{ ref('raw_events') }}) as own,
  (select count(*) from {{ ref('raw_events').render() }}) as every,
  (select count(*) from {{ ref('plain') }}) as undated,
  '{{ model.batch.id if model.batch }}' as batch,
  '{{ model.batch.event_time_start.strftime("%A") if model.batch }}' as weekday,
  '{{ is_incremental() }}' as adds
from {{ ref('raw_events') }}`),
    });
    const result = await project.velo(['build', ...THREE_DAYS]);
    expect(result.exitCode, result.stdout).toBe(0);
    const rows =
      'select distinct batch, own, every, undated, weekday, adds from daily order by batch';
    expect(await project.query(rows)).toEqual([
      ['20240101', '1', '4', '4', 'Monday', 'False'],
      ['20240102', '2', '4', '4', 'Tuesday', 'True'],
      ['20240103', '1', '4', '4', 'Wednesday', 'True'],
    ]);
    await project.velo(['run', '--full-refresh', ...THREE_DAYS]);
    expect(await project.query('select distinct adds from daily')).toEqual([['False']]);
  });

  it('has hooks before the first batch and after the last', async () => {
    const hook = (name: string) => `"insert into log values ('${name} {{ model.batch.id }}')"`;
    const project = makeProject({
      'velo_project.yml':
        'name: shop\non-run-start: create table if not exists log (what varchar)\n',
      ...SEED,
      'models/daily.sql': daily(
        "select * from {{ ref('raw_events') }}",
        `begin='2024-01-01', pre_hook=${hook('pre')}, post_hook=${hook('post')}`,
      ),
    });
    const result = await project.velo(['build', ...THREE_DAYS]);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(await project.query('select what from log')).toEqual([
      ['pre 20240101'],
      ['post 20240103'],
    ]);
  });

  it('says which settings it lacks', async () => {
    const project = makeProject({
      ...SEED,
      'models/daily.sql': daily("select * from {{ ref('raw_events') }}", "begin='soon'"),
    });
    const { exitCode, stderr } = await project.velo(['build']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[invalid-config] models/daily.sql:1');
    expect(stderr).toContain(
      "Microbatch model 'daily' must provide a 'begin' config of valid datetime (ISO format), but got: soon.",
    );
  });

  it('takes a window from the environment, and refuses half of one', async () => {
    const project = makeProject(BREAKABLE);
    const env = { DBT_EVENT_TIME_START: '2024-01-02', DBT_EVENT_TIME_END: '2024-01-03' };
    const { stdout } = await project.velo(['build'], { env });
    expect(lines(stdout, /^Batch .* START/)).toHaveLength(1);
    const half = await project.velo(['build', '--event-time-end', '2024-01-02']);
    expect(half.exitCode).toBe(2);
    expect(half.stderr).toContain('--event-time-end needs --event-time-start');
    const wrong = await project.velo([
      'build',
      '--event-time-start',
      'soon',
      '--event-time-end',
      'x',
    ]);
    expect(wrong.stderr).toContain("--event-time-start 'soon' is not a time");
  });
});

describe('retry', () => {
  const FILES: Files = {
    'models/fine.sql': 'select 1 as n',
    'models/bad.sql': "{{ config(materialized='table') }}\nselect {{ var('column') }} as n",
    'models/after.sql': "select n from {{ ref('bad') }}",
  };

  it('does what failed and what was left out, with the flags of the last run', async () => {
    const project = makeProject(FILES);
    const failed = await project.velo([
      'build',
      '--no-check',
      '--vars',
      '{column: nope}',
      '--threads',
      '2',
    ]);
    expect(failed.exitCode).toBe(1);
    const again = await project.velo(['retry']);
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain('Concurrency: 2 threads');
    expect(statuses(project)).toEqual({ bad: 'error', after: 'skipped' });
    const mended = await project.velo(['retry', '--vars', '{column: 7}']);
    expect(mended.exitCode, mended.stdout).toBe(0);
    expect(statuses(project)).toEqual({ bad: 'success', after: 'success' });
    expect(await project.query('select n from after')).toEqual([[7]]);
    expect(project.readJson('target/run_results.json')['args']).toMatchObject({
      which: 'build',
      vars: '{column: 7}',
      invocation_command: 'velo retry --vars {column: 7}',
    });
  });

  it('runs all tests that guard a model, also those that passed on rows that were rolled back', async () => {
    const project = makeProject({
      'models/m.sql': "select {{ var('n') }} as n",
      'tests/small.sql': "select * from {{ ref('m') }} where n > 9",
      'tests/even.sql': "select * from {{ ref('m') }} where n % 2 = 1",
    });
    await project.velo(['build', '--vars', '{n: 5}']);
    expect(statuses(project)).toEqual({ m: 'error', small: 'pass', even: 'fail' });
    await project.velo(['retry', '--vars', '{n: 12}']);
    expect(statuses(project)).toEqual({ m: 'error', small: 'fail', even: 'pass' });
  });

  it('goes by another run_results.json with --state, and needs one', async () => {
    const project = makeProject(FILES);
    expect((await project.velo(['retry'])).stderr).toContain(
      "Could not find previous run in 'the target folder'",
    );
    await project.velo(['build', '--no-check', '--vars', '{column: nope}']);
    project.write({ 'kept/run_results.json': project.read('target/run_results.json') });
    await project.velo(['run', '--select', 'fine', '--vars', '{column: 1}']);
    const result = await project.velo(['retry', '--state', 'kept', '--vars', '{column: 3}']);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(statuses(project)).toEqual({ bad: 'success', after: 'success' });
    project.write({ 'kept/run_results.json': '{"results": 1}' });
    const unreadable = await project.velo(['retry', '--state', 'kept']);
    expect(unreadable.exitCode).toBe(2);
    expect(unreadable.stderr).toContain('error[file-unreadable]');
  });

  it('warns of what is not there any more', async () => {
    const project = makeProject(FILES);
    await project.velo(['build', '--no-check', '--vars', '{column: nope}']);
    project.remove('models/after.sql');
    const result = await project.velo(['retry', '--vars', '{column: 3}']);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(result.stdout).toContain(
      'model.shop.after is to be done again and is not in the project any more',
    );
  });
});
