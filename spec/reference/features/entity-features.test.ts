import { describe, expect, test } from 'vitest';
import { day, race } from '../made-races.ts';
import type { Row, Run } from '../run.ts';
import { classProfile } from './class-profile.ts';
import { connections } from './connections.ts';
import { horsePreferences } from './horse-preferences.ts';
import { trainerJockeyCombo } from './trainer-jockey-combo.ts';
import { jockeyVelocity, trainerVelocity } from './velocity.ts';

function rowOf(rows: readonly Row[], column: string, id: string): Row {
  const found = rows.filter((row) => row[column] === id);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

const asOf = '2024-03-15';
const today = race({ date: asOf, positions: [null, null, 'WD'] });

describe('windows and counts of the velocity tables', () => {
  // 2024-03-01 is D−14, 2024-02-29 is D−15 (a leap year); 2024-02-14 is D−30, 2023-03-16 D−365.
  const history = [
    ...race({ date: '2023-03-15', positions: ['1', '2'] }), // D−366: only career
    ...race({ date: '2023-03-16', positions: ['1', '2'] }), // D−365
    ...race({ date: '2024-02-14', positions: ['2', '1'] }), // D−30
    ...race({ date: '2024-02-29', positions: ['1', '2'] }), // D−15
    ...race({ date: '2024-03-01', positions: ['1', '2', '3', '4'] }), // D−14
    ...race({ date: '2024-03-14', positions: ['PU', '1', '2', '3'] }), // D−1
    ...race({ date: asOf, raceNo: 2, positions: ['1', '2'] }), // the day itself never counts
    ...today,
  ];
  const rows = trainerVelocity(history, today, day(asOf));

  test('each window holds exactly its days', () => {
    expect(rowOf(rows, 'trainer_id', 't1')).toMatchObject({
      as_of_date: day(asOf),
      runs_14d: 2,
      wins_14d: 1,
      runs_30d: 4,
      wins_30d: 2,
      runs_90d: 4,
      wins_90d: 2,
      runs_365d: 5,
      wins_365d: 3,
      days_since_last_run: 1,
    });
  });

  test('shrinkage towards the expectation of the same runs', () => {
    const row = rowOf(rows, 'trainer_id', 't1');
    // 14 days: two fields of 4, p0 = 1/4, (1 + 2.5)/(2 + 10) = 3.5/12.
    expect(row['sr_14d']).toBeCloseTo(3.5 / 12, 12);
    // 30 days: e0 = ½, ½, ¼, ¼: p0 = 1.5/4 = 0.375, (2 + 3.75)/14.
    expect(row['sr_30d']).toBeCloseTo(5.75 / 14, 12);
  });

  test('actual over expected', () => {
    // All at 10.0, so market_e = 1/starters: 2/(½ + ½ + ¼ + ¼) = 4/3.
    expect(rowOf(rows, 'trainer_id', 't1')['ae_90d']).toBeCloseTo(4 / 3, 12);
  });

  test('actual over expected takes complete books of 90 days only', () => {
    const rate = (...races: readonly (readonly Run[])[]) =>
      rowOf(trainerVelocity(races.flat(), today, day(asOf)), 'trainer_id', 't1')['ae_90d'];
    const won = race({ date: '2024-03-01', positions: ['1', '2'], odds: [3, 1.5] });
    // 1/3 + 2/3 = 1: market_e = ⅓, A/E = 3; the unpriced rival's race and D−91 change nothing.
    expect(rate(won)).toBeCloseTo(3, 12);
    const holed = race({ date: '2024-03-02', positions: ['1', '2'], odds: [3, null] });
    const tooOld = race({ date: '2023-12-15', positions: ['2', '1'] });
    expect(rate(won, holed, tooOld)).toBeCloseTo(3, 12);
    expect(rate(holed, tooOld)).toBeNull();
    // D−90 counts: 1/(⅓ + ½).
    const oldest = race({ date: '2023-12-16', positions: ['2', '1'] });
    expect(rate(won, oldest)).toBeCloseTo(1.2, 12);
  });

  test('a trainer on the spine only through a withdrawn horse, and idle, has a row', () => {
    const spine = race({ date: asOf, positions: [null, 'WD'], trainers: ['t1', 'new'] });
    const row = rowOf(trainerVelocity(history, spine, day(asOf)), 'trainer_id', 'new');
    // Runs of the last 365 days: three fields of 2, two of 4: 14 starters, Σe0 = 5 races.
    expect(row['sr_14d']).toBeCloseTo(5 / 14, 12);
    expect(row['sr_365d']).toBe(row['sr_14d']);
    expect(row).toMatchObject({ runs_365d: 0, wins_365d: 0, ae_90d: null });
    expect(row['days_since_last_run']).toBeNull();
  });

  test('an empty history has counts of 0 and no rates', () => {
    const row = rowOf(jockeyVelocity(today, today, day(asOf)), 'jockey_id', 'j1');
    expect(row).toMatchObject({ runs_14d: 0, wins_14d: 0, sr_14d: null, sr_365d: null });
  });

  test('a NULL id has no row', () => {
    const spine = race({ date: asOf, positions: [null, 'WD'], jockeys: ['j1', null] });
    expect(jockeyVelocity(history, spine, day(asOf))).toHaveLength(1);
  });

  test('a race in which all pulled up enters nothing', () => {
    const voided = race({ date: '2024-03-10', positions: ['PU', 'PU'] });
    const again = trainerVelocity([...history, ...voided], today, day(asOf));
    expect(again).toEqual(rows);
  });
});

describe('pairs', () => {
  const history = [
    ...race({ date: '2024-03-01', positions: ['1', '2', '3', '4', '5'] }),
    ...race({ date: '2024-03-08', positions: ['2', '1'], jockeys: ['j1', 'j9'] }),
    ...race({ date: '2024-03-09', positions: ['1', '2'], jockeys: ['j7', 'j8'], course: 'B' }),
  ];
  const spine = race({ date: asOf, positions: [null, null, 'WD'], jockeys: ['j1', 'j1', null] });

  test('combo and uplift', () => {
    const rows = trainerJockeyCombo(history, spine, day(asOf));
    expect(rows).toHaveLength(2);
    // t1 & j1: two runs (e0 .2 and .5), one win: p0 = .35, (1 + 3.5)/12 = .375.
    // t1 alone: three runs, two wins, p0 = 1.2/3 = .4, (2 + 4)/13; j1 alone is the pair's .375.
    expect(rowOf(rows, 'trainer_id', 't1')).toMatchObject({ runs: 2, wins: 1 });
    expect(rowOf(rows, 'trainer_id', 't1')['combo_sr']).toBeCloseTo(0.375, 12);
    expect(rowOf(rows, 'trainer_id', 't1')['uplift']).toBeCloseTo(0.375 - (6 / 13 + 0.375) / 2, 12);
    // t2 & j1 never met: the base rate, 3 races over 9 starters.
    expect(rowOf(rows, 'trainer_id', 't2')).toMatchObject({ runs: 0, wins: 0 });
    expect(rowOf(rows, 'trainer_id', 't2')['combo_sr']).toBeCloseTo(3 / 9, 12);
  });

  test('connections are wide and NULL where the id is', () => {
    const rows = connections(history, spine, day(asOf));
    expect(rowOf(rows, 'horse_id', 'h1')).toMatchObject({
      jockey_horse_runs: 2,
      jockey_horse_wins: 1,
      trainer_horse_runs: 3,
      trainer_horse_wins: 2,
      jockey_course_runs: 2,
      trainer_course_runs: 2,
      trainer_course_wins: 1,
    });
    expect(rowOf(rows, 'horse_id', 'h2')['jockey_horse_runs']).toBe(0);
    expect(rowOf(rows, 'horse_id', 'h3')).toMatchObject({
      jockey_id: null,
      jockey_horse_runs: null,
      jockey_horse_sr: null,
      jockey_course_wins: null,
      trainer_horse_runs: 1,
    });
  });

  test('preferences compare with the career', () => {
    const row = rowOf(horsePreferences(history, spine, day(asOf)), 'horse_id', 'h1');
    // Career: 2 wins of 3, p0 = .4: 6/13. At course A: 1 of 2, p0 = .35: 4.5/12.
    expect(row).toMatchObject({ career_runs: 3, course_runs: 2, course_wins: 1, class_runs: 3 });
    expect(row['career_sr']).toBeCloseTo(6 / 13, 12);
    expect(row['course_sr_diff']).toBeCloseTo(0.375 - 6 / 13, 12);
    expect(row['surface_sr_diff']).toBe(0);
  });
});

describe('class profile', () => {
  const made = (date: string, raceNo: number, classRating: number, position: string | null) =>
    race({ date, raceNo, classRating, positions: [position, position === '1' ? '2' : null] });

  test('the previous run is the last whatever its outcome; up is positive', () => {
    const history = [
      ...made('2024-03-01', 1, 50, '1'),
      ...race({ date: '2024-03-02', classRating: 45, positions: ['PU', '1'] }),
      ...race({ date: '2024-03-03', classRating: 30, positions: ['WD', '1'] }),
    ];
    const spine = made(asOf, 1, 40, null);
    const row = rowOf(classProfile(history, spine, day(asOf)), 'horse_id', 'h1');
    expect(row).toMatchObject({ prev_class_rating: 45, class_change: -5 });
    expect(row).toMatchObject({ class_step_up: false, class_step_down: true });
    const other = rowOf(classProfile(history, spine, day(asOf)), 'horse_id', 'h2');
    expect(other).toMatchObject({ prev_class_rating: 30, class_change: 10, class_step_up: true });
  });

  test('a debutant has no change; a horse declared twice has two rows', () => {
    const spine = [...made(asOf, 1, 40, null), ...made(asOf, 2, 50, null)];
    const rows = classProfile([], spine, day(asOf));
    expect(rows.filter((row) => row['horse_id'] === 'h1')).toHaveLength(2);
    expect(rows[0]).toMatchObject({ class_change: null, class_step_up: false });
    expect(trainerVelocity([], spine, day(asOf))).toHaveLength(2);
  });
});
