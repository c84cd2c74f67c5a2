import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { query } from '../e2e/velo.ts';
import { FIXTURES } from '../shared/racing-warehouse.ts';
import { MINUTES, racing, scratch } from './racing-build.ts';

/** A file of each table, with only the columns that are said. */
function writeFiles(
  folder: string,
  layout: string,
  tables: Readonly<Record<string, readonly object[]>>,
) {
  for (const [table, rows] of Object.entries(tables)) {
    const columns = headerOf(layout, table);
    const lines = rows.map((row) => {
      const fields = new Map(Object.entries(row));
      return columns.map((column) => fields.get(column) ?? '').join(',');
    });
    writeFileSync(join(folder, `${table}.csv`), `${[columns.join(','), ...lines].join('\n')}\n`);
  }
}

const headerOf = (layout: string, table: string): readonly string[] =>
  readFileSync(join(FIXTURES, layout, `${table}.csv`), 'utf8')
    .split('\n', 1)[0]
    ?.split(',') ?? [];

/** Two races at one course, one of them void, two at courses of one name, and a runner of no race. */
function racingSchemaRows() {
  const race = { race_date: '2025-03-01', going: 'Good', surface: 'Turf', dist_f: '8' };
  const runner = { lbs: '126', dec: '1.5', secs: '98.5', age: '4', trainer_id: '1' };
  return {
    courses: [
      { course_id: '1', course_name: 'Dunsallow (AW)', region: 'GB' },
      { course_id: '2', course_name: 'Larkmoor', region: 'GB' },
      { course_id: '3', course_name: 'Larkmoor', region: 'AUS' },
    ],
    horses: [],
    trainers: [{ trainer_id: '1', trainer_name: 'B. Foxley' }],
    jockeys: [],
    races: [
      // Half past two in the afternoon: after the race at noon.
      { ...race, race_id: '11', course_id: '1', off_time: '2:30:00', surface: 'AW', class: '4' },
      {
        ...race,
        race_id: '12',
        course_id: '1',
        off_time: '12:00:00',
        surface: 'AW',
        class: 'Class 2',
        dist_m: '1600',
      },
      { ...race, race_id: '13', course_id: '2', pattern: 'Group 2', class: 'Class 1' },
      { ...race, race_id: '14', course_id: '3', rating_band: '0-85', dist_f: '4.5' },
    ],
    runners: [
      { ...runner, race_id: '11', horse_id: '1', pos_raw: '1', draw: '2', or: '70' },
      { ...runner, race_id: '11', horse_id: '2', pos_raw: 'pu', secs: '', draw: '7.5' },
      { ...runner, race_id: '11', horse_id: '3', pos_raw: 'NR', dec: '', secs: '' },
      { ...runner, race_id: '12', horse_id: '4', pos_raw: 'VOI', dec: '', secs: '' },
      { ...runner, race_id: '13', horse_id: '5', pos_raw: '1' },
      { ...runner, race_id: '14', horse_id: '6', pos_raw: '', dec: '', secs: '', jockey_id: '9' },
      { ...runner, race_id: '99', horse_id: '7', pos_raw: '1' },
    ],
  };
}

test(
  'racing_schema: hand-made races are read as they are meant',
  async () => {
    const folder = scratch();
    writeFiles(folder, 'racing_schema', racingSchemaRows());
    const { database, failed, warned } = await racing({
      source: 'racing_schema',
      data_path: folder,
    });
    expect(failed).toEqual([]);
    expect(warned.toSorted()).toEqual([
      expect.stringMatching(/rejected_rows_are_counted.*1 /),
      expect.stringMatching(/removed_values_are_counted.*1 /),
    ]);
    const rejected = await query(
      database,
      'select race_id, horse_id, reason from racing_schema__rejected',
    );
    expect(rejected).toEqual([['99', '7', 'missing_race_date']]);
    const rows = await query(
      database,
      `select race_id, horse_id, course, race_no, cast(off_at as varchar), distance_m, surface, class_rating, is_handicap,
         status, draw, rating, jockey_id
       from stg_racing_schema_runs where race_id <> '99' order by 1, 2`,
    );
    // 8 furlongs of 201.168 m are 1609.344 m, 4.5 are 905.256 m.
    const afternoon = ['Dunsallow', 2, '2025-03-01 14:30:00', 1609, 'AWT', 40, false];
    expect(rows).toEqual([
      ['11', '1', ...afternoon, 'finished', 2, 70, null],
      ['11', '2', ...afternoon, 'PU', null, null, null],
      ['11', '3', ...afternoon, 'withdrawn', null, null, null],
      [
        '12',
        '4',
        'Dunsallow',
        1,
        '2025-03-01 12:00:00',
        1600,
        'AWT',
        60,
        false,
        'declared',
        null,
        null,
        null,
      ],
      ['13', '5', 'Larkmoor (GB)', 1, null, 1609, 'TURF', 90, false, 'finished', null, null, null],
      ['14', '6', 'Larkmoor (AUS)', 1, null, 905, 'TURF', null, true, 'declared', null, null, '9'],
    ]);
  },
  2 * MINUTES,
);

/** A race of each kind of track, positions that are none, and a race to come in words nobody knows. */
function raceResultsRows() {
  const race = { race_date: '2025-03-01', race_number: '1', race_distance: '1200' };
  const runner = { original_weight: '60', win_odds: '1.5', trainer_slug: 'b-foxley' };
  const horse = (race_id: string, name: string, position: string) => ({
    ...runner,
    ...{
      race_id,
      position,
      horse_name: name,
      horse_slug: name.toLowerCase().replace(/\W+/g, '-'),
    },
  });
  const sections = {
    finish_time: '00:01:10.5',
    position_400m: '3',
    position_800m: '2',
    sectional_400m: '00:00:24.1',
    sectional_800m: '00:00:23',
    sectional_1200m: '00:00:23.4',
  };
  return {
    races: [
      {
        ...race,
        race_id: 'a',
        track_name: 'Pakenham Synthetic',
        race_class: 'BM78',
        track_condition: 'Synthetic',
      },
      {
        ...race,
        race_id: 'b',
        track_name: 'Randwick',
        race_class: 'Group 3',
        track_condition: 'Soft 6',
      },
      {
        ...race,
        race_id: 'c',
        track_name: 'Sha Tin',
        race_class: 'Class 4',
        track_condition: 'Good',
        location: 'HK',
        race_distance: '1650',
      },
      {
        ...race,
        race_id: 'd',
        track_name: 'Randwick',
        race_class: 'Open Trophy',
        track_condition: 'Puddles',
        race_number: '2',
      },
    ],
    race_results: [
      horse('a', "Tim's Gift", '1'),
      { ...horse('a', 'Second Half', '99'), original_weight: '126' },
      { ...horse('a', 'Stay at Home', '99'), win_odds: '' },
      { ...horse('a', 'Not There', 'SCR'), win_odds: '' },
      horse('b', 'One', '1'),
      horse('b', 'Two', '1.0'),
      horse('b', 'Three', 'FELL'),
      horse('b', 'Four', ''),
      horse('c', 'Lone', '1'),
      { ...horse('d', 'Tomorrow', ''), win_odds: '', original_weight: 'heavy' },
    ],
    race_results_sectional_times: [
      { ...sections, race_id: 'a', horse_name: 'Tim&#39;s Gift', position_800m: '99' },
      {
        ...sections,
        race_id: 'c',
        horse_name: 'LONE',
        position_1200m: '4',
        sectional_1600m: '00:00:22.9',
      },
      { ...sections, race_id: 'c', horse_name: 'Lonely' },
    ],
    horse_elo_ratings: [],
  };
}

test(
  'race_results: hand-made races are read as they are meant',
  async () => {
    const folder = scratch();
    writeFiles(folder, 'race_results', raceResultsRows());
    const { database, failed, warned } = await racing({
      source: 'race_results',
      data_path: folder,
    });
    expect(failed).toEqual([]);
    // Going and class of the race to come; sectionals of nobody; a weight in words.
    expect(warned.toSorted()).toEqual([
      expect.stringMatching(/going_words_are_known.*1 /),
      expect.stringMatching(/race_results_words_are_known.*2 /),
      expect.stringMatching(/removed_values_are_counted.*1 /),
    ]);
    const races = await query(
      database,
      `select distinct race_id, course, surface, going, going_group, class_rating, is_handicap
       from stg_race_results_runs order by 1`,
    );
    expect(races).toEqual([
      ['a', 'Pakenham', 'AWT', 'SYNTHETIC', 'all_weather', 48, true],
      ['b', 'Randwick', 'TURF', 'SOFT', 'soft', 80, false],
      ['c', 'Sha Tin', 'TURF', 'GOOD', 'good', 40, false],
      ['d', 'Randwick', 'TURF', 'PUDDLES', 'unknown', null, false],
    ]);
    const rows = await query(
      database,
      `select race_id, horse_id, status, round(weight_lbs, 3), finish_time_s, n_sections, early_pos, mid_pos, late_pos,
         early_time_s, mid_time_s, finish_section_time_s
       from stg_race_results_runs order by 1, 2`,
    );
    const none = Array.from({ length: 8 }, () => null);
    // 60 kg / 0.45359237 = 132.277 lb. Sections of 1200 m: 400, 400, 400; of 1650 m in Hong Kong four.
    expect(rows).toEqual([
      ['a', 'not-there', 'withdrawn', 132.277, ...none],
      ['a', 'second-half', 'DNF', 126, ...none],
      ['a', 'stay-at-home', 'withdrawn', 132.277, ...none],
      ['a', 'tim-s-gift', 'finished', 132.277, 70.5, 3, 3, null, null, 24.1, 23, 23.4],
      ['b', 'four', 'DNF', 132.277, ...none],
      ['b', 'one', 'finished', 132.277, ...none],
      ['b', 'three', 'F', 132.277, ...none],
      ['b', 'two', 'finished', 132.277, ...none],
      ['c', 'lone', 'finished', 132.277, 70.5, 4, 3, 2, 4, 24.1, 23, 22.9],
      ['d', 'tomorrow', 'declared', null, ...none],
    ]);
  },
  2 * MINUTES,
);
