import { describe, expect, test } from 'vitest';
import { makeProject, type TestProject, verdictOf } from '../velo.ts';
import { MEETING, perRunner } from './meeting.ts';
import { PAIR_FILES, PAIRS } from './pairs.ts';

interface Report {
  readonly models: readonly string[];
  readonly days: readonly string[];
  readonly leaks: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly findings: readonly { readonly change: string; readonly day: string }[];
    readonly path: readonly PathStep[] | null;
  }[];
  readonly unsteady: readonly { readonly node: string }[];
  readonly suspicions: readonly { readonly name: string; readonly column: string }[];
}

interface PathStep {
  readonly node: string;
  readonly column: string;
  readonly places: readonly { readonly file: string; readonly line: number }[];
  readonly loose_bounds: readonly { readonly file: string; readonly line: number }[];
}

async function leakage(project: TestProject, ...args: string[]) {
  const result = await project.velo(['leakage', '--output', 'json', '-q', ...args]);
  const report = (result.stdout.startsWith('{') ? JSON.parse(result.stdout) : {}) as Report;
  return { ...result, report };
}

/** `runners.position → runs.won → final_odds.value` */
const shown = (path: readonly PathStep[] | null | undefined): string =>
  (path ?? []).map(({ node, column }) => `${node.split('.').at(-1)}.${column}`).join(' → ');

/** From where each leak comes. */
const WAYS = {
  window_with_the_day: 'runners.position → runs.won → window_with_the_day.wins',
  between_off_by_one: 'runners.position → runs.won → between_off_by_one.wins',
  same_race_aggregate: 'runners.finish_time_s → runs.finish_time_s → same_race_aggregate.value',
  full_table_mean: 'runners.position → runs.won → full_table_mean.value',
  final_odds: 'runners.odds → runs.odds → final_odds.value',
  later_race_of_the_day: 'runners.position → runs.won → later_race_of_the_day.wins',
  nearest_date: 'runners.finish_time_s → runs.finish_time_s → nearest_date.value',
  last_value_without_frame: 'runners.position → runs.position → last_value_without_frame.value',
  hidden_two_models_upstream:
    'runners.finish_time_s → runs.finish_time_s → pace.pace → tempo.tempo → hidden_two_models_upstream.value',
  through_a_macro: 'runners.position → runs.won → through_a_macro.wins',
  null_pattern: 'runners.position → runs.position → null_pattern.value',
  row_number_of_the_future: 'races.race_date → runs.race_date → row_number_of_the_future.value',
};

describe('twelve features that saw the future, and their honest twins', () => {
  test('each leak is caught, with the way it took', async () => {
    const project = makeProject({ ...MEETING, ...PAIR_FILES });
    const { exitCode, report, stderr } = await leakage(project, '-s', 'path:models/leaky');
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
    expect(report.leaks.map(({ name }) => name).sort()).toEqual(
      PAIRS.map(({ name }) => name).sort(),
    );
    expect(report.unsteady).toEqual([]);
    const paths = Object.fromEntries(report.leaks.map(({ name, path }) => [name, shown(path)]));
    expect(paths).toEqual(WAYS);
    const hidden = report.leaks.find(({ name }) => name === 'hidden_two_models_upstream');
    expect(
      hidden?.path?.map(({ places }) => places.map(({ file, line }) => `${file}:${line}`)),
    ).toEqual([
      [],
      ['models/runs.sql:3'],
      ['models/pace.sql:1'],
      ['models/tempo.sql:2'],
      ['models/leaky/hidden_two_models_upstream.sql:6'],
    ]);
    const macro = report.leaks.find(({ name }) => name === 'through_a_macro');
    expect(macro?.path?.at(-1)?.loose_bounds).toMatchObject([
      { file: 'models/leaky/through_a_macro.sql', line: 9 },
    ]);
    // What only later days show is not seen by changes within a day, and the other way round.
    const changesOf = (model: string) =>
      new Set(
        report.leaks.find(({ name }) => name === model)?.findings.map(({ change }) => change),
      );
    expect(changesOf('row_number_of_the_future')).toEqual(new Set(['morning']));
    expect(changesOf('final_odds')).toEqual(new Set(['permuted', 'morning']));
  });

  test('the honest ones pass without a word', async () => {
    const project = makeProject({ ...MEETING, ...PAIR_FILES });
    const { exitCode, report } = await leakage(project, '-s', 'path:models/honest');
    expect(report.models).toHaveLength(PAIRS.length);
    expect(report.days).toHaveLength(3);
    expect([report.leaks, report.unsteady, report.suspicions]).toEqual([[], [], []]);
    expect(exitCode).toBe(0);
  });

  test('each alone: exit code and the text', async () => {
    const project = makeProject({ ...MEETING, ...PAIR_FILES });
    const leaky = await project.velo(['leakage', '-s', 'through_a_macro', '--dates', '2024-01-20']);
    expect(leaky.exitCode).toBe(1);
    expect(leaky.stdout).toContain(
      'LEAK  through_a_macro: wins (models/leaky/through_a_macro.sql)',
    );
    expect(leaky.stdout).toContain('when outcomes on and after 2024-01-20 changed places:');
    expect(leaky.stdout).toContain(
      'the bound at models/leaky/through_a_macro.sql:9 lets the day itself in',
    );
    expect(leaky.stdout).toContain('0 of 1 model clean, 1 leak.');
    const honest = await project.velo(['leakage', '-s', 'honest_through_a_macro']);
    expect(honest.exitCode).toBe(0);
    expect(honest.stdout).toContain('1 of 1 model clean.');
  });
});

test('Ctrl-C leaves nothing behind', async () => {
  const slow = 'select count(*) from range(100000000000) as numbers';
  const project = makeProject({
    ...MEETING,
    'models/slow.sql':
      perRunner(`select race_id, horse_id, race_date as as_of_date, (${slow}) as value
from {{ ref('spine', history='0 days') }}`),
  });
  await project.velo(['seed']);
  const started = project.start(['leakage']);
  await new Promise((resolve) => {
    started.child.stderr?.on('data', (text) => String(text).includes('as they are') && resolve(0));
  });
  started.child.kill('SIGINT');
  const { exitCode, stderr } = await started.ended;
  expect(stderr).toContain('interrupted');
  expect(exitCode).toBe(130);
  expect(await project.relations()).toEqual(['races', 'runners']);
});

test('nothing is built before, and nothing is left behind', async () => {
  const project = makeProject({ ...MEETING, ...PAIR_FILES });
  await project.velo(['build', '-s', '+honest_final_odds', '--as-of', '2024-02-09']);
  const catalog = `select database_name, schema_name, table_name from duckdb_tables()
    where database_name not in ('system', 'temp') order by all`;
  const before = await project.query(catalog);
  await leakage(project, '-s', 'final_odds', 'honest_final_odds');
  expect(await project.query(catalog)).toEqual(before);
});

test('labels and outcomes of a model itself may show the day; what reads them may not', async () => {
  const project = makeProject({
    ...MEETING,
    'models/dataset.sql':
      perRunner(`select card.race_id, card.horse_id, card.race_date as as_of_date,
  card.rating, runs.won, runs.odds as settled_at
from {{ ref('spine', history='0 days') }} as card
join {{ ref('runs') }} as runs on runs.race_id = card.race_id and runs.horse_id = card.horse_id
where runs.position is not null`),
    'models/dataset.yml': `models:
  - name: dataset
    columns:
      - {name: won, label: true}
      - {name: settled_at, outcome: true}
`,
    'models/peeks.sql': perRunner(`select race_id, horse_id, as_of_date, won as value
from {{ ref('dataset') }} where as_of_date >= {{ as_of.start }}`),
  });
  const dataset = await leakage(project, '-s', 'dataset', '--dates', '2');
  // The rows that have a result change when the NULLs move: the project says so by leaving them in.
  expect(dataset.report.leaks.map(({ name, columns }) => [name, columns])).toEqual([
    ['dataset', []],
  ]);
  project.write({
    'models/dataset.sql': project
      .read('models/dataset.sql')
      .replace('where runs.position is not null', ''),
  });
  const both = await leakage(project, '--dates', '2');
  expect(both.report.leaks.map(({ name, columns }) => [name, columns])).toEqual([
    ['peeks', ['value']],
  ]);
});

test('a model that is not the same twice cannot be judged', async () => {
  const project = makeProject({
    ...MEETING,
    'models/noisy.sql':
      perRunner(`select race_id, horse_id, race_date as as_of_date, random() as value
from {{ ref('spine', history='0 days') }}`),
  });
  const { exitCode, report } = await leakage(project, '--dates', '1');
  expect(report.leaks).toEqual([]);
  expect(report.unsteady.map(({ node }) => node)).toEqual(['model.shop.noisy']);
  expect(exitCode).toBe(2);
});

test('outcomes can enter by a model, and by a condition only some rows have them', async () => {
  const project = makeProject({
    ...MEETING,
    'seeds/seeds.yml': 'seeds:\n  - name: races\n    config: {event_time: race_date}\n',
    'models/runs.yml': `models:
  - name: runs
    columns:
      - {name: position, outcome: "position is not null"}
      - {name: odds, outcome: true}
      - {name: won, label: true}
      - {name: finish_time_s, outcome: true}
`,
    'models/declared.sql':
      perRunner(`select card.race_id, card.horse_id, card.race_date as as_of_date,
  runs.position is null as scratched
from {{ ref('spine', history='0 days') }} as card
join {{ ref('runs') }} as runs on runs.race_id = card.race_id and runs.horse_id = card.horse_id`),
    'models/odds.sql':
      perRunner(`select card.race_id, card.horse_id, card.race_date as as_of_date, runs.odds
from {{ ref('spine', history='0 days') }} as card
join {{ ref('runs') }} as runs on runs.race_id = card.race_id and runs.horse_id = card.horse_id`),
  });
  const { report } = await leakage(project, '--dates', '1');
  // Who has no position is known where the condition says so, until the morning, when nobody has one yet.
  const found = Object.fromEntries(
    report.leaks.map(({ name, findings }) => [name, findings.map(({ change }) => change)]),
  );
  expect(found).toEqual({ declared: ['morning'], odds: ['permuted', 'morning'] });
});

test('a suspicion alone is no failure, unless asked for', async () => {
  const project = makeProject({
    ...MEETING,
    // Settled races only: a join by the race alone, which no time bound shows to be in the past.
    'models/previous.sql': `{{ config(event_time='race_date') }}
select race_id, horse_id, race_date,
  lag(race_id) over (partition by horse_id order by race_date, race_no) as previous_id
from {{ ref('spine') }}`,
    'models/by_id.sql':
      perRunner(`select p.race_id, p.horse_id, p.race_date as as_of_date, runs.odds
from {{ ref('previous', history='0 days') }} as p
left join {{ ref('runs') }} as runs
  on runs.race_id = p.previous_id and runs.horse_id = p.horse_id
  and runs.race_date + 1 <= p.race_date or false`),
  });
  const { exitCode, report } = await leakage(project, '-s', 'by_id', '--dates', '2');
  expect(report.leaks).toEqual([]);
  expect(report.suspicions.map(({ name, column }) => `${name}.${column}`)).toEqual(['by_id.odds']);
  expect(exitCode).toBe(0);
  expect((await leakage(project, '-s', 'by_id', '--dates', '2', '--strict')).exitCode).toBe(1);
  project.write({
    'models/runs.yml': 'models:\n  - name: runs\n    columns: [{name: odds, outcome: false}]\n',
  });
  expect((await leakage(project, '-s', 'by_id', '--dates', '2')).report.suspicions).toEqual([]);
});

describe('what cannot be tried is said', () => {
  test.each([
    [
      'no outcomes',
      { 'seeds/seeds.yml': 'seeds:\n  - {name: races, config: {event_time: race_date}}\n' },
      'no-outcomes',
    ],
    [
      'outcomes without a date',
      {
        'seeds/seeds.yml': 'seeds:\n  - {name: runners, columns: [{name: odds, outcome: true}]}\n',
      },
      'leakage-undated',
    ],
    [
      'a date from nowhere',
      {
        'seeds/seeds.yml':
          "seeds:\n  - name: runners\n    config: {event_time_from: {to: ref('nowhere'), key: race_id}}\n    columns: [{name: odds, outcome: true}]\n",
      },
      'leakage-undated',
    ],
  ])('%s', async (_, files, code) => {
    const { leaky } = PAIRS[0] as (typeof PAIRS)[number];
    const project = makeProject({ ...MEETING, 'models/wins.sql': perRunner(leaky), ...files });
    const { exitCode, stderr } = await project.velo(['leakage']);
    expect(stderr).toContain(code);
    expect(exitCode).toBe(2);
  });

  test('a selection without as_of models', async () => {
    const project = makeProject(MEETING);
    const { exitCode, stderr } = await project.velo(['leakage']);
    expect(stderr).toContain('empty-selection');
    expect(exitCode).toBe(2);
  });

  test('a day that is none', async () => {
    const project = makeProject({ ...MEETING, ...PAIR_FILES });
    const { exitCode, stderr } = await project.velo(['leakage', '--dates', 'soon']);
    expect(stderr).toContain("'soon'");
    expect(exitCode).toBe(2);
  });
});

test('no_future_leakage guards a model in velo build', async () => {
  const { leaky, honest } = PAIRS[0] as (typeof PAIRS)[number];
  const project = makeProject({
    ...MEETING,
    'models/wins.sql': perRunner(honest),
    'models/wins.yml': `models:
  - name: wins
    data_tests:
      - no_future_leakage: {arguments: {dates: ['2024-01-20', '2024-01-25']}}
`,
  });
  const build = (...args: string[]) => project.velo(['build', '--as-of', '2024-02-09', ...args]);
  const good = await build();
  expect(good.stdout).toContain('no_future_leakage_wins_');
  expect(good.exitCode).toBe(0);
  const rows = await project.query('select count(*) from wins');
  project.write({ 'models/wins.sql': perRunner(leaky) });
  const bad = await build();
  expect(bad.exitCode).toBe(1);
  expect(verdictOf(bad)).toContain('no_future_leakage_wins_');
  expect(await project.query('select count(*) from wins')).toEqual(rows);
  project.write({
    'models/runs.yml': 'models: [{name: runs, data_tests: [no_future_leakage]}]\n',
    'models/wins.sql': perRunner(honest),
  });
  const wrong = await project.velo(['test', '-s', 'runs']);
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stdout).toContain("'runs' is no as_of model");
});
