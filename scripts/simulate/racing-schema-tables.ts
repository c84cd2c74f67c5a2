import type { Fields } from './csv-text.ts';
import type { DayRows, PriceRow, RaceRow, RunnerRow } from './rows.ts';
import { rpscrapeRows } from './rpscrape-rows.ts';
import type { Table, Tables } from './write-tables.ts';

const RACE_COLUMNS =
  'race_id race_key race_date region course_id off_time race_name race_type class pattern rating_band age_band dist_f dist_m going surface ran'.split(
    ' ',
  );
const RUNNER_COLUMNS =
  'runner_id race_id race_date horse_id trainer_id jockey_id num pos_raw draw ovr_btn btn age sex lbs secs dec prize or rpr win_bsp win_ppwap win_morningwap'.split(
    ' ',
  );
const METRES_PER_FURLONG = 201.168;
const REGION = 'GB';

/** Numbers of names, from 1 in the order in which they were first asked for. */
type Numbers = Map<string, number>;

interface Dimensions {
  readonly courses: Numbers;
  readonly horses: Numbers;
  readonly trainers: Numbers;
  readonly jockeys: Numbers;
}

/** The schema `racing` of an older pipeline, which was loaded from result files of 37 columns. */
export function racingSchemaTables(days: readonly DayRows[]): Tables {
  const named = { courses: new Map(), horses: new Map(), trainers: new Map(), jockeys: new Map() };
  const races: Fields[] = [];
  const runners: Fields[] = [];
  for (const day of days) {
    for (const race of day.races) {
      const of = day.runners.filter(({ race_id: id }) => id === race.race_id);
      const results = rpscrapeRows({ ...day, races: [race] });
      races.push({ ...raceFields(race, results[0] ?? {}, named), race_id: races.length + 1 });
      for (const [index, runner] of of.entries()) {
        const [id, raceId] = [runners.length + 1, races.length];
        const said = results[index] ?? {};
        const prices = day.prices.filter(isOf(runner));
        const fields = runnerFields(runner, said, prices, named);
        runners.push({ ...fields, runner_id: id, race_id: raceId, race_date: race.race_date });
      }
    }
  }
  return {
    races: { columns: RACE_COLUMNS, rows: races },
    runners: { columns: RUNNER_COLUMNS, rows: runners },
    courses: dimension('course', named.courses, { region: REGION }),
    horses: dimension('horse', named.horses),
    trainers: dimension('trainer', named.trainers),
    jockeys: dimension('jockey', named.jockeys),
  };
}

function raceFields(race: RaceRow, said: Fields, { courses }: Dimensions): Fields {
  const furlongs = Math.round((2 * race.distance_m) / METRES_PER_FURLONG) / 2;
  return {
    ...said,
    race_key: race.race_id,
    race_date: race.race_date,
    region: REGION,
    course_id: numberOf(courses, race.course),
    off_time: `${race.off_at.slice(11, 16)}:00`,
    race_type: 'Flat',
    dist_f: furlongs,
    dist_m: Math.round(furlongs * METRES_PER_FURLONG),
    surface: race.surface === 'AWT' ? 'AW' : 'Turf',
  };
}

function runnerFields(
  runner: RunnerRow,
  said: Fields,
  prices: readonly PriceRow[],
  named: Dimensions,
): Fields {
  const { jockey_id: jockey } = runner;
  return {
    ...said,
    horse_id: numberOf(named.horses, runner.horse_id),
    trainer_id: numberOf(named.trainers, runner.trainer_id),
    jockey_id: jockey === null ? null : numberOf(named.jockeys, jockey),
    pos_raw: said['pos'] ?? null,
    lbs: runner.weight_lbs,
    secs: runner.finish_time_s,
    dec: runner.odds,
    or: runner.rating,
    win_morningwap: prices.find(({ snapshot_at: at }) => at.endsWith(' 08:30'))?.odds ?? null,
    // The market's fourth moment is five minutes before the off.
    win_ppwap: prices[3]?.odds ?? null,
  };
}

const isOf = (runner: RunnerRow) => (price: PriceRow) =>
  price.race_id === runner.race_id && price.horse_id === runner.horse_id;

function numberOf(numbers: Numbers, name: string): number {
  const number = numbers.get(name) ?? numbers.size + 1;
  numbers.set(name, number);
  return number;
}

function dimension(one: string, numbers: Numbers, rest: Fields = {}): Table {
  const [id, name] = [`${one}_id`, `${one}_name`];
  const rows = [...numbers].map(([text, number]) => ({ [id]: number, [name]: text, ...rest }));
  return { columns: [id, name, ...Object.keys(rest)], rows };
}
