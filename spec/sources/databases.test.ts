import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { query } from '../e2e/velo.ts';
import { FIXTURES, fixtureOf, racingWarehouse } from '../shared/racing-warehouse.ts';
import { differing, featureTables, MINUTES, racing, scratch } from './racing-build.ts';

/**
 * Tables with their types, as Postgres has them, made from a layout's files in the database that the project builds into.
 * Only these columns: all others that the layout has may be missing.
 */
const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  racing_schema: {
    'racing.races':
      'race_id bigint, race_key varchar, race_date date, region varchar, course_id bigint, off_time time, race_name varchar, race_type varchar, class varchar, pattern varchar, rating_band varchar, age_band varchar, dist_f double, going varchar, surface varchar, ran integer',
    'racing.runners':
      'race_id bigint, horse_id bigint, trainer_id bigint, jockey_id bigint, num integer, pos_raw varchar, draw integer, ovr_btn double, age integer, lbs integer, secs double, dec double, prize double, "or" integer, rpr integer, win_bsp double, win_ppwap double, win_morningwap double',
    'racing.courses': 'course_id bigint, course_name varchar, region varchar',
    'racing.horses': 'horse_id bigint, horse_name varchar',
    'racing.trainers': 'trainer_id bigint, trainer_name varchar',
    'racing.jockeys': 'jockey_id bigint, jockey_name varchar',
  },
  race_results: {
    'public.races':
      'race_id varchar, race_date date, race_number integer, track_name varchar, race_distance integer, race_class varchar, track_condition varchar',
    'public.race_results':
      'race_id varchar, horse_name varchar, horse_slug varchar, barrier integer, original_weight decimal(5, 1), position varchar, margin decimal(8, 2), jockey_slug varchar, trainer_slug varchar, win_odds decimal(8, 2)',
    'public.race_results_sectional_times': [
      'race_id varchar, horse_name varchar, horse_number integer, finish_time interval',
      ...[200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2200, 2400].map(
        (metres) => `position_${metres}m integer, sectional_${metres}m interval`,
      ),
    ].join(', '),
    'public.horse_elo_ratings':
      'horse_slug varchar, race_date date, race_id varchar, elo_before decimal(8, 4), elo_after decimal(8, 4)',
  },
};

async function fill(layout: string, folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'velo.duckdb'));
  const connection = await instance.connect();
  for (const [table, columns] of Object.entries(TABLES[layout] ?? {})) {
    const [schema, name] = table.split('.');
    await connection.run(`create schema if not exists ${schema}`);
    await connection.run(`create table ${table} (${columns})`);
    const described = (await connection.runAndReadAll(`describe ${table}`)).getRowsJson();
    const list = described.map(([column]) => `"${column}"`).join(', ');
    const file = join(FIXTURES, layout, `${name}.csv`);
    await connection.run(
      `insert into ${table} select ${list} from read_csv('${file}', all_varchar = true)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}

test.each(Object.keys(TABLES))(
  '%s: tables in the database give what their files give',
  async (layout) => {
    const folder = scratch();
    await fill(layout, folder);
    const inPlace = await racing({ source: layout, tables_in: 'database' }, folder);
    const fromFiles = await racingWarehouse(fixtureOf(layout));
    expect([inPlace.failed, inPlace.warned]).toEqual([[], []]);
    const expected = await featureTables(fromFiles.database);
    expect(expected.get('training_dataset')?.size).toBeGreaterThan(600);
    expect(differing(expected, await featureTables(inPlace.database))).toEqual([]);
  },
  10 * MINUTES,
);

test(
  'race_results: its Elo ratings, made by the generator, are those of horse_elo',
  async () => {
    const folder = join(FIXTURES, 'race_results');
    const { database } = await racingWarehouse(fixtureOf('race_results'));
    const [row] = await query(
      database,
      `select count(*), count(mine.elo), max(abs(mine.elo - theirs.elo_before)) < 0.00006, count(distinct mine.elo) > 300
       from '${folder}/horse_elo_ratings.csv' as theirs
       left join training_dataset as mine on mine.race_id = theirs.race_id and mine.horse_id = theirs.horse_slug`,
    );
    const [rated, found, ...rest] = row ?? [];
    expect(Number(rated)).toBeGreaterThan(600);
    expect([found, ...rest]).toEqual([rated, true, true]);
  },
  5 * MINUTES,
);
