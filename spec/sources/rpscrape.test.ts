import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SMALL } from '../../scripts/simulate/sample.ts';
import { simulate } from '../../scripts/simulate/simulate.ts';
import { query } from '../e2e/velo.ts';
import { FIXTURES, fixtureOf, racingWarehouse } from '../shared/racing-warehouse.ts';
import { MINUTES, racing, scratch } from './racing-build.ts';

const FIXTURE = join(FIXTURES, 'rpscrape');

test(
  'distances are those of their half furlongs, and races are in the order of their numbers',
  async () => {
    const { database } = await racingWarehouse(fixtureOf('rpscrape'));
    // 5, 6, 7, 8, 9, 10 and 12 furlongs of 201.168 m.
    const metres: Readonly<Record<number, number>> = {
      1000: 1006,
      1200: 1207,
      1400: 1408,
      1600: 1609,
      1800: 1811,
      2000: 2012,
      2400: 2414,
    };
    const said = [...simulate(SMALL)].flatMap(({ races }) => races);
    const numbered = said.map((race) => ({ ...race, of: `${race.race_date} ${race.course}` }));
    numbered.sort((one, other) => one.of.localeCompare(other.of) || one.race_no - other.race_no);
    const rows = await query(
      database,
      'select distinct race_date, course, race_no, race_id, distance_m from runs order by 1, 2, 3',
    );
    expect(rows.map(([, , , race, distance]) => [race, distance])).toEqual(
      numbered.map((race) => [race.race_id, metres[race.distance_m]]),
    );
  },
  5 * MINUTES,
);

test(
  'repeated rows count once, and what cannot be read is counted',
  async () => {
    const folder = scratch();
    const [header = '', first = '', ...rest] = readFileSync(join(FIXTURE, 'results.csv'), 'utf8')
      .trim()
      .split('\n');
    const wgt = header.split(',').indexOf('wgt');
    const broken = first.split(',').map((field, index) => (index === wgt ? '9-14' : field));
    writeFileSync(join(folder, '2025.csv'), `${[header, broken.join(','), ...rest].join('\n')}\n`);
    writeFileSync(join(folder, 'again.csv'), `${[header, ...rest.slice(0, 200)].join('\n')}\n`);
    const { database, failed, warned } = await racing({ source: 'rpscrape', data_path: folder });
    expect(failed).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(/rpscrape_values_are_read.*1 /)]);
    const [counts] = await query(
      database,
      `select count(*), count(*) filter (where weight_lbs is null),
          count(distinct race_id) filter (where not has_result and race_date < '2025-12-31')
       from runs`,
    );
    expect(counts?.map(Number)).toEqual([rest.length + 1, 1, 1]);
  },
  5 * MINUTES,
);

/** A dead heat of three fillies on the all-weather in Ireland, over a distance with a fraction; a fourth is disqualified. */
const DEAD_HEAT = ['1', '1', '1', 'dsq'].map((pos, index) => ({
  date: '2025-03-01',
  course: 'Dunsallow (AW) (IRE)',
  race_id: '7',
  off: '2:25',
  race_name: 'Kettle Maiden',
  type: 'Flat',
  age_band: '2yo',
  dist: '1m1½f',
  going: 'Frozen Sand',
  ran: '4',
  num: String(index + 1),
  pos,
  draw: ['', '-', '2', '3'][index] ?? '',
  horse: `Made Up ${index + 1} (IRE)`,
  age: '2',
  sex: 'F',
  wgt: '8-12',
  hg: 't',
  time: '1:23.45',
  sp: ['9/2F', '9/2', 'EvensF', '0/1'][index] ?? '',
  jockey: 'A. Pell',
  trainer: 'B. Foxley',
  or: '–',
}));

test(
  'a hand-made race is read as it is meant',
  async () => {
    const folder = scratch();
    const header = readFileSync(join(FIXTURE, 'results.csv'), 'utf8').split('\n', 1)[0] ?? '';
    const columns = header.split(',');
    const lines = DEAD_HEAT.map((row) => {
      const fields = new Map(Object.entries(row));
      return columns.map((column) => fields.get(column) ?? '').join(',');
    });
    writeFileSync(join(folder, 'race.csv'), `${[header, ...lines].join('\n')}\n`);
    const { database, failed, warned } = await racing({ source: 'rpscrape', data_path: folder });
    expect(failed).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(/rpscrape_values_are_read.*1 /)]);
    const races = await query(
      database,
      `select distinct course, surface, distance_m, going_group, class_rating, is_handicap, winners, starters, race_no from runs`,
    );
    // 1609.344 + 1.5 · 201.168 = 1911.096 m.
    const race = ['Dunsallow (IRE)', 'AWT', 1911, 'all_weather', 20, false, 3, 4, 1];
    expect(races).toEqual([race]);
    const rows = await query(
      database,
      `select r.horse_id, r.draw, r.status, r.weight_lbs, r.rating, r.odds, r.finish_time_s, s.sex, cast(s.off_at as varchar)
       from runs as r join stg_rpscrape_runs as s using (race_id, horse_id) order by 1`,
    );
    const row = (index: number, draw: number | null, status: string, odds: number | null) => [
      `Made Up ${index} (IRE)`,
      ...[draw, status, 124, null, odds, 83.45, 'F', '2025-03-01 14:25:00'],
    ];
    expect(rows).toEqual([
      row(1, null, 'finished', 5.5),
      row(2, null, 'finished', 5.5),
      row(3, 2, 'finished', 2),
      row(4, 3, 'DSQ', null),
    ]);
  },
  2 * MINUTES,
);
