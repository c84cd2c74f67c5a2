import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A race written by hand; runners in the order of their stalls. */
export interface HandMadeRace {
  readonly date: string;
  readonly number?: number;
  readonly classRating?: number;
  /** Decimal price of every runner. */
  readonly odds: number;
  readonly runners: readonly HandMadeRunner[];
}

export interface HandMadeRunner {
  readonly horse: string;
  /** Number of the trainer and of the jockey: T1 and J1. */
  readonly people: number;
  /** Digits or a code; empty before the race. */
  readonly position: string;
  /** Position at the first call; absent without sectionals. */
  readonly early?: number;
}

const RACE_COLUMNS =
  'race_id race_date off_at course race_no distance_m surface going race_name race_class class_rating is_handicap prize';
const RUNNER_COLUMNS =
  'race_id horse_id jockey_id trainer_id draw weight_lbs rating age sex position odds finish_time_s n_sections early_pos mid_pos late_pos early_time_s mid_time_s finish_section_time_s';

const csv = (columns: string, rows: readonly Readonly<Record<string, unknown>>[]): string => {
  const names = columns.split(' ');
  const lines = rows.map((row) => names.map((name) => String(row[name] ?? '')).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
};

const idOf = ({ date, number = 1 }: HandMadeRace): string => `${date}_${number}`;

const raceRow = (race: HandMadeRace) => ({
  race_id: idOf(race),
  race_date: race.date,
  course: 'Elmsworth',
  race_no: race.number ?? 1,
  distance_m: 1200,
  surface: 'TURF',
  going: 'GOOD',
  class_rating: race.classRating ?? 40,
  is_handicap: false,
});

const runnerRows = (race: HandMadeRace) =>
  race.runners.map(({ horse, people, position, early }, index) => ({
    race_id: idOf(race),
    horse_id: horse,
    jockey_id: `J${people}`,
    trainer_id: `T${people}`,
    draw: index + 1,
    weight_lbs: 120,
    position,
    odds: position === '' ? '' : race.odds,
    ...(early === undefined ? {} : { n_sections: 3, early_pos: early }),
  }));

/** Builds the racing project in a folder from races written by hand. Returns a way to ask the database. @throws when a model or test failed */
export async function buildIn(folder: string, races: readonly HandMadeRace[]) {
  writeFileSync(join(folder, 'races.csv'), csv(RACE_COLUMNS, races.map(raceRow)));
  writeFileSync(join(folder, 'runners.csv'), csv(RUNNER_COLUMNS, races.flatMap(runnerRows)));
  const vars = { source: 'files', data_path: folder, data_format: 'csv', begin: '2023-12-01' };
  const targetPath = join(folder, 'target');
  const { result } = await build(ROOT, {
    vars: JSON.stringify(vars),
    targetPath,
    environment: {},
    asOf: '2024-06-30',
  });
  const failed = result.results.filter(
    ({ status }) => !['success', 'pass', 'reused', 'no-op'].includes(status),
  );
  if (failed.length > 0) {
    throw new Error(failed.map(({ node, message }) => `${node}: ${message}`).join('\n'));
  }
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return (sql: string) => query(join(targetPath, file), sql);
}
