import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../velo.ts';
import { change, sharedProject, TOY, versionsOf, winModel } from './toy.ts';

const scored = (more: string, select = 'select *'): string => `{{ config(
  materialized='score', model=ref('win_model'), unique_key=['race_id', 'horse'], event_time='race_date', ${more}
) }}
${select} from {{ ref('races') }}
`;

const built = async (project: TestProject): Promise<void> => {
  const result = await project.velo(['build']);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
};

/** Every value of every row, as one hash. */
const hashOf = (project: TestProject) =>
  project.query(
    "select count(*), md5(string_agg(cast(signals as varchar), '|' order by race_id, horse)) from signals",
  );

const scoring = sharedProject({
  ...TOY,
  'models/signals.sql': scored(
    "explain=2, keep=['won'], pricing={'odds': 'odds', 'commission': 0.02, 'max_stake': 0.05}",
  ),
  'models/history.sql': scored("version='folds'"),
});

describe('a score node', () => {
  const project = scoring;

  it('asks the champion: probabilities of a race add up to 1, with prices and reasons', async () => {
    await built(project);
    const columns = await project.query('select column_name from (describe signals)');
    expect(columns.flat()).toEqual([
      ...['race_id', 'horse', 'race_date', 'won', 'odds', 'p_win', 'fair_odds'],
      ...['edge', 'ev', 'kelly_stake', 'reasons', 'model_id', 'data_fingerprint'],
    ]);
    const [race] = await project.query(`select
  max(abs(s - 1)) < 1e-9, max(fair) < 1e-9, max(edged) < 1e-9, max(evd) < 1e-9, max(kelly) < 1e-9
from (
  select race_id, sum(p_win) as s, max(abs(fair_odds - 1 / p_win)) as fair,
    max(abs(edge - (p_win * odds - 1))) as edged,
    max(abs(ev - (p_win * (odds - 1) * 0.98 - (1 - p_win)))) as evd,
    -- a quarter of (p(b+1) − 1)/b with b = (O−1)(1−c), 5 % at most
    max(abs(kelly_stake - least(0.05, 0.25 * greatest(0,
      (p_win * ((odds - 1) * 0.98 + 1) - 1) / ((odds - 1) * 0.98))))) as kelly
  from signals group by race_id)`);
    expect(race).toEqual([true, true, true, true, true]);
    const [reasons] = await project.query(
      'select reasons from signals order by p_win desc limit 1',
    );
    const parsed = JSON.parse(String(reasons?.[0])) as { feature: string; effect: number }[];
    expect(parsed.map(({ feature }) => feature)).toContain('x');
    expect(parsed).toHaveLength(2);
  });

  it('warns of rows the model was trained on', async () => {
    project.write({ 'models/signals.sql': scored("keep=['won']") });
    const result = await project.velo(['build', '-s', 'signals']);
    // All days before the test: 75 of 100, 40 rows each.
    expect(result.stdout).toContain("3000 rows are of days model 'win_model' was trained on");
  });

  it("with version='folds' no row is foretold by a model that has seen its day", async () => {
    const rows = await project.query(
      "select race_date < date '2024-02-09' as early, count(p_win), count(*) from history group by 1 order by 1",
    );
    // 21 days lie before the block of the first fold, which is 18 days long and only teaches the second.
    expect(rows).toEqual([
      [false, '2440', '2440'],
      [true, '0', '1560'],
    ]);
    // What the folds and the model said when they were judged.
    const [apart] = await project.query(`select count(*), max(abs(h.p_win - t.p)) < 1e-12
from history h join win_model t using (race_id, horse)`);
    expect(apart).toEqual(['2440', true]);
  });
});

it("with version='folds' results of after a day change nothing that was said up to it", async () => {
  const said = async (from: string) => {
    const project = makeProject({
      ...TOY,
      'models/win_model.sql': winModel("early_stopping=5, calibration='isotonic'"),
      'models/history.sql': scored("version='folds'"),
    });
    const result = await project.velo(['build', '--vars', `{upside_down_from: '${from}'}`]);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    return project.query(
      'select race_date::varchar, race_id, horse, p_win from history order by all',
    );
  };
  // Within the block of the second of three folds.
  const [first, second] = [await said('2030-01-01'), await said('2024-02-20')];
  const upTo = (rows: Awaited<ReturnType<typeof said>>, day: string) =>
    rows.filter(([date]) => String(date) < day);
  expect(upTo(second, '2024-02-20')).toEqual(upTo(first, '2024-02-20'));
  expect(upTo(first, '2024-02-20').filter(([, , , p]) => p !== null)).toHaveLength(11 * 40);
  expect(upTo(second, '2024-03-01')).not.toEqual(upTo(first, '2024-03-01'));
});

it("with version='as_of' each day has who was champion when it began", async () => {
  const project = makeProject({ ...TOY, 'models/spoken.sql': scored("version='as_of'") });
  await built(project);
  project.write({ 'models/win_model.sql': winModel("params={'num_leaves': 4}") });
  await built(project);
  await project.velo(['models', 'promote', 'win_model', '2']);
  // The test, which neither has seen, is from 16 March on. The second took over within 1 April.
  await change(
    project,
    `update modeling.model_aliases set moved_at = case version when 1 then timestamp '2024-03-10 08:00' else timestamp '2024-04-01 00:00' end`,
  );
  const again = await project.velo(['build', '--full-refresh', '-s', 'spoken']);
  expect([again.exitCode, again.stderr]).toEqual([0, '']);
  expect(
    await project.query(
      "select split_part(model_id, '/', 2), min(race_date)::varchar, max(race_date)::varchar from spoken group by 1 order by 2",
    ),
  ).toEqual([
    // The first was champion on 11 March, too, but had learned from that day.
    [null, '2024-01-01', '2024-03-15'],
    ['1', '2024-03-16', '2024-04-01'],
    ['2', '2024-04-02', '2024-04-09'],
  ]);
});

it('folds of groups have no answer for the days before the test, and velo says so', async () => {
  const project = makeProject({
    ...TOY,
    'models/win_model.sql': winModel().replace(
      "split={'folds': 3,",
      "split={'strategy': 'group_k_fold', 'folds': 3,",
    ),
    'models/history.sql': scored("version='folds'"),
  });
  const result = await project.velo(['build']);
  expect(result.stdout).toContain(
    "3000 rows have no answer: model 'win_model' has no folds that may speak of days before its test",
  );
  expect(
    await project.query(
      'select count(p_win), min(race_date)::varchar from history where p_win is not null',
    ),
  ).toEqual([['1000', '2024-03-16']]);
});

describe('a score node and its versions', () => {
  const project = scoring;

  it('roll-back brings the scores of the former champion back, exactly', async () => {
    const first = await hashOf(project);
    project.write({ 'models/win_model.sql': winModel("params={'num_leaves': 4}") });
    await built(project);
    expect(await versionsOf(project)).toHaveLength(2);
    await project.velo(['models', 'promote', 'win_model', '2']);
    await built(project);
    const second = await hashOf(project);
    expect(second).not.toEqual(first);
    const rolled = await project.velo(['models', 'rollback', 'win_model']);
    expect(rolled.stdout).toMatch(/win_model\/1\/\w+ is the champion now, before it was version 2/);
    await built(project);
    expect(await hashOf(project)).toEqual(first);
    const again = await project.velo(['build']);
    expect(again.stdout).toContain('Nothing to do');
  });

  it('an exported model is imported as the next version, and answers the same', async () => {
    const folder = join(project.dir, 'exported');
    const exported = await project.velo(['models', 'export', 'win_model', '1', '--folder', folder]);
    expect([exported.exitCode, exported.stderr]).toEqual([0, '']);
    const imported = await project.velo(['models', 'import', folder]);
    expect(imported.stdout).toMatch(/Registered win_model\/3\/\w+/);
    const before = await project.query('select race_id, horse, p_win from signals order by 1, 2');
    await project.velo(['models', 'promote', 'win_model', '3']);
    await built(project);
    expect(await project.query('select race_id, horse, p_win from signals order by 1, 2')).toEqual(
      before,
    );
  });

  it('an edited model file is refused, and so is one that was cut off', async () => {
    const [[uri] = []] = await project.query(
      "select artifact_uri from modeling.models where stage = 'champion'",
    );
    const file = `artifacts/${String(uri)}/model.txt`;
    const text = project.read(file);
    for (const damaged of [
      text.replace('num_leaves=', 'num_leaves =').replace(/0\.1/, '0.2'),
      text.slice(0, 900),
    ]) {
      writeFileSync(join(project.dir, file), damaged);
      project.write({
        'models/signals.sql': scored(`keep=['won', 'noise'], explain=${damaged.length % 7}`),
      });
      const result = await project.velo(['build', '-s', 'signals']);
      expect(result.exitCode).toBe(1);
      expect(result.stdout).toContain('model.txt was changed after it was written');
    }
    writeFileSync(join(project.dir, file), text);
  });

  it('columns that are missing or of another type are told of by name', async () => {
    project.write({ 'models/signals.sql': scored("keep=['won']", 'select * exclude (noise)') });
    const missing = await project.velo(['build', '-s', 'signals']);
    expect(missing.stdout).toContain(
      "model 'win_model' was trained with 'noise', which the SELECT does not have",
    );
    project.write({ 'models/signals.sql': scored("keep=['won']", "select * replace ('a' as x)") });
    const retyped = await project.velo(['build', '-s', 'signals']);
    expect(retyped.stdout).toContain("'x' is VARCHAR; model 'win_model' takes a number");
    // Order and further columns do not matter.
    project.write({
      'models/signals.sql': scored(
        "keep=['won']",
        'select 1 as more, odds, noise, x, * exclude (odds, noise, x)',
      ),
    });
    expect((await project.velo(['build', '-s', 'signals'])).exitCode).toBe(0);
  });
});

it('an as-of score keeps what was said, and a new champion speaks of new dates only', async () => {
  const signals = `{{ config(
  materialized='score', model=ref('win_model'), unique_key=['race_id', 'horse', 'race_date'],
  as_of='race_date', grain='day', begin='2024-04-01'
) }}
select * from {{ ref('races', history='0 days') }} as races
`;
  const project = makeProject({
    ...TOY,
    'models/_races.yml': 'models:\n  - {name: races, config: {event_time: race_date}}\n',
    'models/signals.sql': signals,
  });
  const build = async (asOf: string) => {
    const result = await project.velo(['build', '--as-of', asOf]);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
  };
  const byVersion = () =>
    project.query(
      "select split_part(model_id, '/', 2), min(race_date)::varchar, max(race_date)::varchar from signals group by 1 order by 1",
    );
  await build('2024-04-05');
  expect(await byVersion()).toEqual([['1', '2024-04-01', '2024-04-05']]);
  project.write({ 'models/win_model.sql': winModel("params={'num_leaves': 4}") });
  await build('2024-04-05');
  await project.velo(['models', 'promote', 'win_model', '2']);
  await build('2024-04-08');
  expect(await byVersion()).toEqual([
    ['1', '2024-04-01', '2024-04-05'],
    ['2', '2024-04-06', '2024-04-08'],
  ]);
  const verified = await project.velo(['verify', '-s', 'signals', '--dates', '3']);
  expect(verified.stdout).toContain('signals');
});

describe('a backtest node', () => {
  it('bets in the order of time and settles by hand-made figures', async () => {
    // Day 1: 10 at 4.0 wins 30 less 2 %; 10 on a dead heat of two at 3.0 pays 10·(0.5·3 − 1) = 5 less 2 %.
    // Day 2: a non-runner's stake comes back; 10 is lost. Turnover 30, P&L 29.4 + 4.9 − 10 = 24.3.
    const project = makeProject({
      'models/scored.sql': `{{ config(materialized='table') }}
select * from (values
  ('r1', 'a', date '2024-01-01', timestamp '2024-01-01 09:00', 0.5, 4.0, 1, true),
  ('r1', 'b', date '2024-01-01', timestamp '2024-01-01 09:00', null, 9.0, 2, true),
  ('r2', 'c', date '2024-01-01', timestamp '2024-01-01 09:30', 0.5, 3.0, 1, true),
  ('r2', 'd', date '2024-01-01', timestamp '2024-01-01 09:30', 0.1, 3.0, 1, true),
  ('r3', 'e', date '2024-01-02', timestamp '2024-01-02 09:00', 0.9, 2.0, null, false),
  ('r4', 'f', date '2024-01-02', timestamp '2024-01-02 09:30', 0.9, 2.0, 3, true)
) t(race_id, horse_id, race_date, decision_ts, p_win, odds, pos_num, is_starter)
`,
      'models/bets.sql': `{{ config(
  materialized='backtest', unique_key='horse_id', event_time='race_date', group_column='race_id',
  price='odds', columns={'runner': 'is_starter'}, bank=100, commission=0.02,
  staking={'method': 'flat', 'amount': 10}, rules={'min_edge': 0.05}
) }}
select * from {{ ref('scored') }}
`,
    });
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toContain('3 bets on 2 days, turnover 30.00, P&L 24.30, ROI 0.8100');
    expect(
      await project.query(
        'select bet_id, stake, round(pnl, 9), is_void, won from bets order by bet_id',
      ),
    ).toEqual([
      ['a', 10, 29.4, false, 1],
      ['c', 10, 4.9, false, 1],
      ['e', 10, 0, true, 0],
      ['f', 10, -10, false, 0],
    ]);
    expect(
      await project.query(
        'select race_date::varchar, round(pnl, 9), round(equity, 9) from bets_daily',
      ),
    ).toEqual([
      ['2024-01-01', 34.3, 134.3],
      ['2024-01-02', -10, 124.3],
    ]);
    expect(
      await project.query("select value from bets_summary where figure = 'skipped_edge'"),
    ).toEqual([[1]]);
  });

  it('a price of after the decision is refused', async () => {
    const project = makeProject({
      'models/bets.sql': `{{ config(
  materialized='backtest', unique_key='horse_id', event_time='race_date', group_column='race_id',
  price='odds', columns={'price_ts': 'price_ts'}
) }}
select 'r1' as race_id, 'a' as horse_id, date '2024-01-01' as race_date, 0.5 as p_win, 4.0 as odds, 1 as pos_num,
  timestamp '2024-01-01 09:00' as decision_ts, timestamp '2024-01-01 09:01' as price_ts
`,
    });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      'takes a price of 2024-01-01T09:01:00.000Z, after its decision',
    );
  });
});
