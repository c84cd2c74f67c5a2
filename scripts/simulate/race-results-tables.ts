import type { Fields } from './csv-text.ts';
import { ELO_COLUMNS, eloRows } from './race-results-elo.ts';
import type { DayRows, RaceRow, RunnerRow } from './rows.ts';
import { beatenLengths, capitalized } from './rpscrape-rows.ts';
import type { Tables } from './write-tables.ts';

const MARKS = Array.from({ length: 16 }, (_, index) => 200 * (index + 1));
const SECTION_M = 400;
const KG_PER_LB = 0.45359237;

const RACE_COLUMNS =
  'race_id race_date race_number track_name location race_distance race_class track_condition race_name prize_money'.split(
    ' ',
  );
const RESULT_COLUMNS =
  'race_id horse_name horse_slug horse_number barrier original_weight position margin jockey_name jockey_slug trainer_name trainer_slug win_odds'.split(
    ' ',
  );
const SECTIONAL_COLUMNS = [
  ...['race_id', 'horse_name', 'horse_number', 'finish_time'],
  ...MARKS.map((metres) => `position_${metres}m`),
  ...MARKS.map((metres) => `sectional_${metres}m`),
];

/** Codes this layout has its own words for. */
const CODES: Readonly<Record<string, string>> = { WD: 'SCR', F: 'FELL', UR: 'LR', DSQ: 'DISQ' };
/** Numbers Australia gives the ground beside its word. */
const GROUND: Readonly<Record<string, number>> = { FIRM: 2, GOOD: 4, SOFT: 6, HEAVY: 9 };

/** The database of an older rebuild worker: races, results, sectionals, and Elo ratings. */
export function raceResultsTables(days: readonly DayRows[]): Tables {
  const entries = days.flatMap(entriesOf);
  return {
    races: { columns: RACE_COLUMNS, rows: days.flatMap(({ races }) => races.map(raceFields)) },
    race_results: { columns: RESULT_COLUMNS, rows: entries.map(resultFields) },
    race_results_sectional_times: {
      columns: SECTIONAL_COLUMNS,
      rows: entries.filter(({ runner }) => runner.early_pos !== null).map(sectionalFields),
    },
    horse_elo_ratings: { columns: ELO_COLUMNS, rows: eloRows(days, slugOf) },
  };
}

interface Entry {
  readonly race: RaceRow;
  readonly runner: RunnerRow;
  /** Number on the saddle cloth. */
  readonly number: number;
  readonly field: readonly RunnerRow[];
}

function entriesOf(day: DayRows): Entry[] {
  return day.races.flatMap((race) => {
    const field = day.runners.filter(({ race_id: id }) => id === race.race_id);
    return field.map((runner, index) => ({ race, runner, number: index + 1, field }));
  });
}

function raceFields(race: RaceRow): Fields {
  return {
    race_id: race.race_id,
    race_date: race.race_date,
    race_number: race.race_no,
    track_name: race.surface === 'AWT' ? `${race.course} Synthetic` : race.course,
    location: 'UK',
    race_distance: race.distance_m,
    race_class: classText(race),
    track_condition: `${capitalized(race.going)} ${GROUND[race.going] ?? ''}`.trim(),
    race_name: race.race_name,
    prize_money: race.prize,
  };
}

function classText({ race_class: name, class_rating: points, is_handicap: handicap }: RaceRow) {
  if (handicap) return `${name} Handicap`;
  return points === 20 ? `2YO ${name}` : name;
}

function resultFields({ race, runner, number, field }: Entry): Fields {
  const { jockey_id: jockey, trainer_id: trainer, position } = runner;
  return {
    race_id: race.race_id,
    horse_name: runner.horse_id,
    horse_slug: slugOf(runner.horse_id),
    horse_number: number,
    barrier: runner.draw,
    original_weight: kilograms(runner.weight_lbs),
    position: position === null ? null : (CODES[position] ?? position),
    margin: beatenLengths(runner, field)['ovr_btn'] ?? null,
    jockey_name: jockey,
    jockey_slug: jockey === null ? null : slugOf(jockey),
    trainer_name: trainer,
    trainer_slug: slugOf(trainer),
    win_odds: runner.odds,
  };
}

/** Positions and times of the three calls the simulator knows, at the metres run when their sections end. */
function sectionalFields({ race, runner, number }: Entry): Fields {
  const sections = runner.n_sections;
  const middle = Math.floor((sections + 1) / 2);
  const mark = (call: number) => race.distance_m - SECTION_M * (sections - call);
  return {
    race_id: race.race_id,
    horse_name: runner.horse_id,
    horse_number: number,
    finish_time: intervalText(runner.finish_time_s),
    [`position_${mark(1)}m`]: runner.early_pos,
    [`position_${mark(middle)}m`]: runner.mid_pos,
    [`position_${mark(sections - 1)}m`]: runner.late_pos,
    [`sectional_${mark(1)}m`]: intervalText(runner.early_time_s),
    [`sectional_${mark(middle)}m`]: intervalText(runner.mid_time_s),
    [`sectional_${mark(sections)}m`]: intervalText(runner.finish_section_time_s),
  };
}

/** To the half kilogram, as Australian cards have it. */
function kilograms(lbs: number): string {
  return (Math.round(2 * lbs * KG_PER_LB) / 2).toFixed(1);
}

/** Seconds of two decimals as Postgres prints an interval: `00:01:23.45`. */
function intervalText(seconds: string | null): string | null {
  if (seconds === null) return null;
  const hundredths = Math.round(100 * Number(seconds));
  const [minutes, rest] = [Math.floor(hundredths / 6000), (hundredths % 6000) / 100];
  return `00:${String(minutes).padStart(2, '0')}:${rest.toFixed(2).padStart(5, '0')}`;
}

/** A name as addresses have it: `A. Pell` → `a-pell`. */
function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
