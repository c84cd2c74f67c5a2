import { describe, expect, it } from 'vitest';
import { makeProject } from '../velo.ts';
import { sharedProject, TOY, versionsOf, winModel } from './toy.ts';

const trained = sharedProject(TOY);

describe('a train node', () => {
  const project = trained;

  it('trains, judges beside both baselines, and registers', async () => {
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(
      /win_model\/1\/\w{12} \(champion\), judged on 2024-03-16 … 2024-04-09:/,
    );
    // 1/8 for each of 8: −(ln(1/8) + 7·ln(7/8))/8, and Brier (7·(1/8)² + (7/8)²)/8.
    expect(result.stdout).toMatch(/log_loss .* 0\.3768 \[0\.3768, 0\.3768\]/);
    expect(result.stdout).toMatch(/brier .* 0\.1094 \[0\.1094, 0\.1094\]/);
    expect(await versionsOf(project)).toEqual([[1, 'champion']]);
  });

  it('keeps what was foretold from what was known then: two of three folds, and the test', async () => {
    const rows = await project.query(
      'select fold, count(*), min(race_date)::varchar, max(race_date)::varchar from win_model group by fold order by fold',
    );
    // 75 days before the test in 4 parts of 18, the first with what is over: it is only trained on. What is foretold of the
    // second (from 22 January) calibrates the third: nothing could have calibrated it.
    expect(rows).toEqual([
      [0, '1000', '2024-03-16', '2024-04-09'],
      [2, '720', '2024-02-09', '2024-02-26'],
      [3, '720', '2024-02-27', '2024-03-15'],
    ]);
    const [sums] = await project.query(
      'select min(s), max(s) from (select round(sum(p), 9) as s from win_model group by race_id)',
    );
    expect(sums).toEqual([1, 1]);
  });

  it('the same rows and settings are not trained again', async () => {
    const again = await project.velo(['build']);
    expect(again.stdout).toContain('Nothing to do');
    // Rows that were made anew and are the same.
    const rebuilt = await project.velo(['build', '--full-refresh']);
    expect(rebuilt.exitCode).toBe(0);
    expect(rebuilt.stdout).toMatch(/win_model\/1\/\w{12} as before/);
    expect(await versionsOf(project)).toHaveLength(1);
  });
});

describe('a train node that changes', () => {
  const project = trained;

  it('another parameter, other rows and other features are', async () => {
    const rows = () => project.query('select race_id, horse, p from win_model order by 1, 2');
    const first = await rows();
    project.write({ 'models/win_model.sql': winModel("params={'num_leaves': 7}") });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    expect(await versionsOf(project)).toHaveLength(2);
    expect(await rows()).not.toEqual(first);
    // Settings that come back bring their rows back, too.
    project.write({ 'models/win_model.sql': winModel() });
    expect((await project.velo(['build'])).exitCode).toBe(0);
    expect(await rows()).toEqual(first);
    expect(await versionsOf(project)).toHaveLength(3);
    project.write({ 'models/win_model.sql': winModel("params={'num_leaves': 7}") });
    expect((await project.velo(['build', '--vars', '{rows: 4040}'])).exitCode).toBe(0);
    expect(await versionsOf(project)).toHaveLength(4);
    const fewer = winModel("params={'num_leaves': 7}").replace(
      "'performance'",
      "'performance', 'noise'",
    );
    project.write({ 'models/win_model.sql': fewer });
    expect((await project.velo(['build', '--vars', '{rows: 4040}'])).exitCode).toBe(0);
    expect(await versionsOf(project)).toHaveLength(5);
    const [features] = await project.query(
      'select features_json from modeling.models where version = 5',
    );
    expect(JSON.parse(String(features?.[0])).map(({ name }: { name: string }) => name)).toEqual([
      'x',
      'surface',
    ]);
  });
});

describe('a train node that fails', () => {
  const project = trained;

  it('a failed gate keeps the champion and publishes nothing', async () => {
    const [before, champion] = [
      await project.query('select count(*), sum(p) from win_model'),
      await versionsOf(project),
    ];
    const strict = winModel("gate={'within_race_auc': {'min': 0.999}}");
    project.write({ 'models/win_model.sql': strict });
    const failed = await project.velo(['build', '--vars', '{rows: 4040}']);
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(
      /win_model did not pass its gate: within_race_auc: within_race_auc is 0\.\d+, not >= 0\.999/,
    );
    expect(await versionsOf(project)).toEqual(champion);
    expect(await project.query('select count(*), sum(p) from win_model')).toEqual(before);
  });

  it('a failed test of its rows unregisters it, too', async () => {
    const before = await versionsOf(project);
    project.write({
      'models/win_model.sql': winModel('rounds=29'),
      'models/_models.yml': `models:
  - name: win_model
    data_tests:
      - expression_is_true: {arguments: {expression: "p > 0.9"}}
`,
    });
    const failed = await project.velo(['build', '--vars', '{rows: 4040}']);
    expect(failed.exitCode).toBe(1);
    expect(await versionsOf(project)).toEqual(before);
    // Nothing that is printed says otherwise.
    expect(failed.stdout).toContain('win_model (not registered: a test failed), judged on');
    expect(failed.stdout).not.toMatch(/win_model\/\d/);
    const results = project.readJson('target/run_results.json')['results'] as {
      unique_id: string;
      status: string;
    }[];
    expect(results.find(({ unique_id: id }) => id === 'model.shop.win_model')?.status).toBe(
      'error',
    );
    const logged = await project.velo(['build', '--vars', '{rows: 4040}', '--log-format', 'json']);
    const events = logged.stdout.split('\n').filter((line) => line.includes('ModelTrained'));
    expect(events.map((line) => JSON.parse(line).data)).toMatchObject([{ registered: false }]);
    project.remove('models/_models.yml');
  });
});

const CASES: readonly [what: string, model: string, message: RegExp][] = [
  [
    'text that is not categorical',
    winModel().replace("['surface']", '[]'),
    /feature 'surface' is VARCHAR/,
  ],
  [
    'a name that is no column',
    winModel().replace("['surface']", "['surfase']"),
    /did you mean 'surface'/,
  ],
  ['no target', winModel().replace("target='won', ", ''), /materialized 'train' needs target/],
  [
    'one class',
    winModel().replace('select *', 'select * replace (0 as won)'),
    /the target is 0 in all \d+ rows/,
  ],
  [
    'another target than 0 and 1',
    winModel().replace('select *', 'select * replace (won * 2 as won)'),
    /the target must be 0 or 1/,
  ],
  [
    'infinities',
    winModel().replace('select *', 'select * replace (x / (horse - 3) as x)'),
    /column 'x' holds -?Infinity/,
  ],
  [
    'a race of two days',
    winModel().replace('select *', 'select * replace (race_id // 7 as race_id)'),
    /has rows of several dates/,
  ],
  ['too few days', winModel().replace('25 days', '99 days'), /folds? .*need/],
  [
    'normalised within another column',
    winModel().replace("normalise_within='race_id'", "normalise_within='surface'"),
    /normalise_within 'surface' is not the group_column/,
  ],
  ['an unknown parameter', winModel("params={'num_leafs': 7}"), /num_leafs/],
  [
    'an unknown gate',
    winModel("gate={'logloss': {'min': 1}}"),
    /unknown metric 'logloss'.*did you mean 'log_loss'/s,
  ],
];

describe('what cannot be trained on', () => {
  it.each(CASES)('%s', async (_, model, message) => {
    const project = makeProject({ ...TOY, 'models/win_model.sql': model });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBeGreaterThan(0);
    expect(`${result.stdout}${result.stderr}`).toMatch(message);
    expect(project.exists('artifacts')).toBe(false);
  });

  it('an outcome among the features', async () => {
    const project = makeProject({
      ...TOY,
      'models/win_model.sql': winModel().replace(", 'performance'", ''),
      'models/_races.yml': `models:
  - name: races
    columns:
      - {name: performance, outcome: true}
`,
    });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain("feature 'performance' is known only after the event");
  });
});

it('Ctrl-C in training ends it, and nothing is registered', async () => {
  const project = makeProject({ ...TOY, 'models/win_model.sql': winModel('rounds=100000') });
  const running = project.start(['build']);
  await running.untilPrinted('START sql train model');
  const asked = Date.now();
  running.child.kill('SIGINT');
  const { exitCode } = await running.ended;
  expect(exitCode).toBe(130);
  // Generous: machines are busy. Without the signal it would train for minutes.
  expect(Date.now() - asked).toBeLessThan(20_000);
  expect(project.exists('artifacts')).toBe(false);
  const tables = await project.query(
    "select count(*) from information_schema.tables where table_schema = 'modeling'",
  );
  expect(tables).toEqual([['0']]);
});
