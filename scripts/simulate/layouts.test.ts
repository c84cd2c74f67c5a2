import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { csvText } from './csv-text.ts';
import { LAYOUTS } from './layouts.ts';
import type { DayRows, RaceRow, RunnerRow } from './rows.ts';
import { SMALL } from './sample.ts';
import { simulate } from './simulate.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

test.each(Object.entries(LAYOUTS))('fixtures/%s is what the generator writes', (layout, tables) => {
  const files = new Map(
    Object.entries(tables([...simulate(SMALL)])).map(([name, { columns, rows }]) => [
      `${name}.csv`,
      csvText(columns, rows),
    ]),
  );
  expect(readdirSync(`${FIXTURES}/${layout}`).sort()).toEqual([...files.keys()].sort());
  for (const [file, text] of files) {
    const path = `${FIXTURES}/${layout}/${file}`;
    expect(readFileSync(path, 'utf8') === text, `${path} is stale`).toBe(true);
  }
});

const race: RaceRow = {
  race_id: 'KEM-250101-1',
  race_date: '2025-01-01',
  off_at: '2025-01-01 13:05',
  course: 'Kemble Park',
  race_no: 1,
  distance_m: 1400,
  surface: 'AWT',
  going: 'STANDARD',
  race_name: 'Lantern Handicap',
  race_class: 'Class 4',
  class_rating: 40,
  is_handicap: true,
  prize: 1000,
};

const winner: RunnerRow = {
  race_id: race.race_id,
  horse_id: 'H0007',
  jockey_id: 'A. Pell',
  trainer_id: 'B. Foxley',
  draw: 3,
  weight_lbs: 133,
  rating: 70,
  age: 4,
  sex: 'G',
  position: '1',
  odds: '5.5',
  finish_time_s: '88.81',
  n_sections: 4,
  early_pos: 2,
  mid_pos: 3,
  late_pos: 1,
  early_time_s: '13.32',
  mid_time_s: '25.12',
  finish_section_time_s: '25.15',
};

const nowhere = {
  odds: null,
  finish_time_s: null,
  early_pos: null,
  early_time_s: null,
  mid_time_s: null,
};

const price = (snapshot_at: string, odds: string) => ({
  race_id: race.race_id,
  horse_id: winner.horse_id,
  snapshot_at,
  odds,
});

/** Two horses that meet on two days of turf; on the first one a third stays at home. */
const days: readonly DayRows[] = [
  {
    day: 20_089,
    races: [race],
    runners: [
      winner,
      {
        ...winner,
        horse_id: 'H0009',
        jockey_id: 'C. Dray',
        position: '2',
        finish_time_s: '89.01',
      },
      { ...winner, ...nowhere, horse_id: 'H0011', jockey_id: null, position: 'WD' },
    ],
    prices: [
      price('2024-12-31 17:00', '7'),
      price('2025-01-01 08:30', '6.5'),
      price('2025-01-01 12:05', '6'),
      price('2025-01-01 13:00', '5.6'),
    ],
  },
  {
    day: 20_090,
    races: [
      {
        ...race,
        race_id: 'KEM-250102-1',
        race_date: '2025-01-02',
        off_at: '2025-01-02 13:05',
        surface: 'TURF',
        going: 'GOOD TO SOFT',
        race_class: 'Maiden',
        class_rating: 20,
        is_handicap: false,
      },
    ],
    runners: [
      { ...winner, race_id: 'KEM-250102-1' },
      {
        ...winner,
        ...nowhere,
        race_id: 'KEM-250102-1',
        horse_id: 'H0009',
        position: 'UR',
        odds: '4',
      },
    ],
    prices: [],
  },
];

test('racing_schema: names are numbers of their own tables, and races have numbers too', () => {
  const tables = LAYOUTS.racing_schema(days);
  expect(tables['horses']?.rows).toEqual([
    { horse_id: 1, horse_name: 'H0007' },
    { horse_id: 2, horse_name: 'H0009' },
    { horse_id: 3, horse_name: 'H0011' },
  ]);
  expect(tables['courses']?.rows).toEqual([
    { course_id: 1, course_name: 'Kemble Park', region: 'GB' },
  ]);
  const [first, second] = tables['races']?.rows ?? [];
  // 7 furlongs of 201.168 m are 1408.176 m.
  expect(first).toMatchObject({
    race_id: 1,
    race_key: 'KEM-250101-1',
    course_id: 1,
    off_time: '13:05:00',
    class: 'Class 4',
    rating_band: '0-70',
    dist_f: 7,
    dist_m: 1408,
    surface: 'AW',
    ran: 2,
  });
  expect(second).toMatchObject({ race_id: 2, surface: 'Turf', going: 'Good To Soft' });
});

test('racing_schema: a runner in pounds and seconds, priced in the morning and before the off', () => {
  const [first, , third] = LAYOUTS.racing_schema(days)['runners']?.rows ?? [];
  expect(first).toMatchObject({
    runner_id: 1,
    race_id: 1,
    horse_id: 1,
    jockey_id: 1,
    pos_raw: '1',
    lbs: 133,
    secs: '88.81',
    dec: '5.5',
    or: 70,
    win_morningwap: '6.5',
    win_ppwap: '5.6',
  });
  expect(third).toMatchObject({ pos_raw: 'NR', jockey_id: null, dec: null });
});

test('race_results: words, kilograms and slugs', () => {
  const tables = LAYOUTS.race_results(days);
  const [first, second] = tables['races']?.rows ?? [];
  expect(first).toMatchObject({
    track_name: 'Kemble Park Synthetic',
    race_class: 'Class 4 Handicap',
    track_condition: 'Standard',
  });
  expect(second).toMatchObject({
    track_name: 'Kemble Park',
    race_class: '2YO Maiden',
    track_condition: 'Good To Soft',
  });
  const results = tables['race_results']?.rows ?? [];
  // 133 lb are 60.33 kg.
  expect(results[0]).toMatchObject({
    horse_slug: 'h0007',
    jockey_slug: 'a-pell',
    original_weight: '60.5',
    position: '1',
    margin: '0.00',
  });
  expect(results.map(({ position }) => position)).toEqual(['1', '2', 'SCR', '1', 'LR']);
});

test('race_results: sections end 400 m apart before the post', () => {
  const rows = LAYOUTS.race_results(days)['race_results_sectional_times']?.rows ?? [];
  expect(rows.map(({ horse_name: horse }) => horse)).toEqual(['H0007', 'H0009', 'H0007']);
  expect(rows[0]).toEqual({
    race_id: 'KEM-250101-1',
    horse_name: 'H0007',
    horse_number: 1,
    finish_time: '00:01:28.81',
    position_200m: 2,
    position_600m: 3,
    position_1000m: 1,
    sectional_200m: '00:00:13.32',
    sectional_600m: '00:00:25.12',
    sectional_1400m: '00:00:25.15',
  });
});

test('race_results: ratings move after the day, by what was expected', () => {
  const rows = LAYOUTS.race_results(days)['horse_elo_ratings']?.rows ?? [];
  const moves = rows.map(({ horse_slug: horse, elo_before: before, elo_after: after }) => [
    horse,
    before,
    after,
  ]);
  // Equals first: 28/2 each way. Then 1514 is expected to beat 1486 in 1/(1 + 10^(−28/400)) = 0.540208 of races.
  expect(moves).toEqual([
    ['h0007', '1500.0000', '1514.0000'],
    ['h0009', '1500.0000', '1486.0000'],
    ['h0007', '1514.0000', '1526.8742'],
    ['h0009', '1486.0000', '1473.1258'],
  ]);
});
