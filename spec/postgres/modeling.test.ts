import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeProject, type TestProject } from '../e2e/velo.ts';
import { makePostgresProject } from './project.ts';

/** 60 days of 4 races of 6 horses: numbers by arithmetic that needs no engine. */
function racesCsv(): string {
  const lines = ['race_date,race_id,horse,x,surface,odds,won,pos_num,decision_ts'];
  const share = (i: number, factor: number) => ((i * factor + 17) % 1009) / 1009;
  for (let race = 0; race < 240; race += 1) {
    const date = new Date(Date.UTC(2024, 0, 1 + Math.floor(race / 4))).toISOString().slice(0, 10);
    const field = Array.from({ length: 6 }, (_, horse) => {
      const i = race * 6 + horse;
      return { horse, i, x: share(i, 401), form: 2 * share(i, 401) + share(i, 733) };
    });
    const places = field.toSorted((a, b) => b.form - a.form);
    for (const runner of field) {
      const { horse, i, x } = runner;
      const position = 1 + places.indexOf(runner);
      const known = i % 11 === 0 ? '' : x.toFixed(6);
      const surface = ['turf', 'dirt', ''][i % 3];
      const odds = (2 + 12 * share(i, 89)).toFixed(2);
      lines.push(
        [
          date,
          `r${race}`,
          `h${horse}`,
          known,
          surface,
          odds,
          Number(position === 1),
          position,
          `${date} 12:0${race % 4}:00`,
        ].join(','),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const MODEL = {
  'seeds/races_raw.csv': racesCsv(),
  'seeds/_seeds.yml': `seeds:
  - name: races_raw
    config: {column_types: {race_date: date, x: double precision, odds: double precision, won: integer, pos_num: integer, decision_ts: timestamp}}
`,
  'models/races.sql': `{{ config(materialized='table') }}
select *, coalesce(surface, '') = 'turf' as on_turf from {{ ref('races_raw') }}
`,
  'models/win_model.sql': `{{ config(
  materialized='train', target='won', event_time='race_date', group_column='race_id',
  unique_key=['race_id', 'horse'], price='odds', features=['x', 'surface', 'on_turf'], categorical=['surface'],
  rounds=20, early_stopping=5, normalise_within='race_id', seed=7, split={'folds': 3, 'test': '15 days'}
) }}
select * from {{ ref('races') }}
`,
  'models/history.sql': `{{ config(
  materialized='score', model=ref('win_model'), version='folds', unique_key=['race_id', 'horse'],
  event_time='race_date', explain=2, keep=['pos_num', 'decision_ts'],
  pricing={'odds': 'odds', 'commission': 0.02, 'max_stake': 0.05}
) }}
select * from {{ ref('races') }}
`,
  'macros/parity.sql': readFileSync(new URL('../../macros/parity.sql', import.meta.url), 'utf8'),
  'models/signals.sql': `{{ config(
  materialized='score', model=ref('win_model'), unique_key=['race_id', 'horse'], keep=['served_row']
) }}
select card.*, {{ row_as_json('card') }} as served_row from {{ ref('races') }} as card
`,
  'models/_signals.yml': `models:
  - name: signals
    data_tests:
      - scored_as_trained: {arguments: {trained: ref('races'), key: [race_id, horse], only: won = 1}}
`,
  'models/bets.sql': `{{ config(
  materialized='backtest', unique_key=['race_id', 'horse'], event_time='race_date', group_column='race_id', price='odds',
  bank=1000, staking={'method': 'kelly', 'fraction': 0.25, 'max_stake': 0.05}, commission=0.02,
  rules={'min_edge': 0.02, 'max_per_race': 1}, seed=3
) }}
select * from {{ ref('history') }} where p_win is not null
`,
};

const QUESTIONS = {
  version: `select model_id, artifact_sha256, data_fingerprint, training_from, training_to, training_rows from {modeling}.models`,
  trained:
    'select race_id, horse, cast(race_date as varchar), won, fold, price, p from win_model order by race_id, horse',
  scored: `select race_id, horse, odds, pos_num, p_win, fair_odds, edge, ev, kelly_stake, reasons, model_id, data_fingerprint
    from history order by race_id, horse`,
  bets: 'select bet_id, odds, stake, gross, commission, pnl, won from bets order by bet_id',
  daily: 'select cast(race_date as varchar), pnl, equity from bets_daily order by race_date',
  bands: 'select * from bets_bands order by 1',
  calibration: 'select * from bets_calibration order by 1',
  summary: 'select figure, value, lower, upper from bets_summary order by figure',
};

const built = async (project: TestProject) => {
  const result = await project.velo(['build']);
  expect([result.exitCode, result.stderr], result.stdout).toEqual([0, '']);
};

it('trains, scores and bets as in DuckDB: the same model, the same rows', async () => {
  const duck = makeProject(MODEL);
  const { project, query } = await makePostgresProject(MODEL);
  const compare = async () => {
    for (const [name, sql] of Object.entries(QUESTIONS)) {
      const expected = await duck.query(sql.replace('{modeling}', 'modeling'));
      const found = await query(sql.replace('{modeling}', 'main_modeling'));
      expect(expected.length, name).toBeGreaterThan(0);
      expectSame(found, expected, name);
    }
  };
  await built(duck);
  await built(project);
  await compare();
  const again = await project.velo(['build']);
  expect(again.stdout).toContain('Nothing to do');
  // Tables that are there are replaced, those beside the node's, too; and a second version joins the first.
  const changed = {
    'models/win_model.sql': MODEL['models/win_model.sql'].replace('rounds=20', 'rounds=12'),
    'models/bets.sql': MODEL['models/bets.sql'].replace("'max_per_race': 1", "'max_per_race': 2"),
  };
  for (const one of [duck, project]) {
    one.write(changed);
    await built(one);
  }
  await compare();
  // What was served is what is learned from, until the latter changes under a score that stands.
  const judged = await project.velo(['test', '-s', 'signals']);
  expect([judged.exitCode, judged.stdout]).toEqual([0, expect.stringContaining('PASS=1')]);
  await query("update races set x = x + 1 where won = 1 and race_id = 'r7'");
  const differs = await project.velo(['test', '-s', 'signals']);
  expect([differs.exitCode, differs.stdout]).toEqual([1, expect.stringContaining('Got 1 result')]);
  const listed = await project.velo(['models']);
  expect(listed.stdout).toMatch(/win_model +2 .*\n *win_model +1 /);
}, 120_000);

/** Texts of one engine beside values of the other: numbers within 1e-12 of their size. */
function expectSame(
  found: readonly (readonly (string | null)[])[],
  expected: readonly (readonly unknown[])[],
  name: string,
): void {
  const same = expected.map((row, at) =>
    row.map((value, column) => {
      const text = found[at]?.[column];
      const isNumber = typeof value === 'number' && text !== null && text !== undefined;
      if (isNumber && Math.abs(Number(text) - value) <= 1e-12 * Math.max(1, Math.abs(value)))
        return text;
      return value === null || value === undefined ? null : String(value);
    }),
  );
  expect(found, name).toEqual(same);
}
