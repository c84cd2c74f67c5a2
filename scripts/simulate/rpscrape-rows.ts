import type { Fields } from './csv-text.ts';
import type { DayRows, RaceRow, RunnerRow } from './rows.ts';
import type { Tables } from './write-tables.ts';

/** The 37 columns of the layout, in file order. */
const RPSCRAPE_COLUMNS =
  'date course race_id off race_name type class pattern rating_band age_band sex_rest dist going ran num pos draw ovr_btn btn horse age sex wgt hg time sp jockey trainer prize or rpr ts sire dam damsire owner comment'.split(
    ' ',
  );

const METRES_PER_HALF_FURLONG = 100.584;
const SECONDS_PER_LENGTH = 0.2;
/** Share of the race's prize for the first four. */
const PRIZE_SHARES = [0.6, 0.2, 0.1, 0.05];

/** The file `results`: every day's rows. */
export function rpscrapeTables(days: readonly DayRows[]): Tables {
  return { results: { columns: RPSCRAPE_COLUMNS, rows: days.flatMap(rpscrapeRows) } };
}

/** Rows of one day in the 37 columns, by column; what the simulator does not know is absent. */
export function rpscrapeRows(day: DayRows): Fields[] {
  const raced = day.runners.some(({ position }) => isPlace(position));
  return day.races.flatMap((race) => {
    const runners = day.runners.filter(({ race_id }) => race_id === race.race_id);
    const card = raceFields(race, runners);
    const isVoid = raced && !runners.some(({ position }) => isPlace(position));
    return runners.map((runner, index) => ({
      ...card,
      ...runnerFields(runner, race, runners),
      num: index + 1,
      pos: positionText(runner, isVoid),
    }));
  });
}

function raceFields(race: RaceRow, runners: readonly RunnerRow[]): Fields {
  const pattern = race.race_class.startsWith('Group') ? race.race_class : null;
  const ratings = runners.map(({ rating }) => rating ?? 0);
  const youngest = Math.min(...runners.map(({ age }) => age));
  return {
    date: race.race_date,
    course: race.surface === 'AWT' ? `${race.course} (AW)` : race.course,
    race_id: race.race_id,
    off: race.off_at.slice(11, 16),
    race_name: race.race_name,
    type: 'Flat',
    class: pattern ? 'Class 1' : race.race_class.startsWith('Class') ? race.race_class : null,
    pattern,
    rating_band: race.is_handicap ? `0-${Math.max(...ratings)}` : null,
    age_band: race.class_rating === 20 ? '2yo' : `${youngest}yo+`,
    dist: distanceText(race.distance_m),
    going: capitalized(race.going),
    ran: runners.filter(({ position }) => position !== 'WD').length,
  };
}

function runnerFields(runner: RunnerRow, race: RaceRow, runners: readonly RunnerRow[]): Fields {
  return {
    draw: runner.draw,
    ...beatenLengths(runner, runners),
    horse: runner.horse_id,
    age: runner.age,
    sex: runner.sex,
    wgt: `${Math.floor(runner.weight_lbs / 14)}-${runner.weight_lbs % 14}`,
    time: runner.finish_time_s === null ? null : timeText(Number(runner.finish_time_s)),
    sp: runner.odds === null ? null : priceText(runner.odds) + favouriteMark(runner, runners),
    jockey: runner.jockey_id,
    trainer: runner.trainer_id,
    prize: prizeWon(runner, race),
    or: runner.rating ?? '–',
    comment: isPlace(runner.position) ? `Simulated, number ${runner.position} home` : null,
  };
}

/** `GOOD TO FIRM` → `Good To Firm`. */
export function capitalized(words: string): string {
  return words.toLowerCase().replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** Whether a position is one, and no code. */
export const isPlace = (position: string | null) => /^\d/.test(position ?? '');

function positionText({ position }: RunnerRow, isVoid: boolean): string | null {
  if (position === 'WD') return 'NR';
  return isVoid ? 'VOI' : position;
}

/** `2m4½f`: miles and furlongs, to the nearest half furlong. */
export function distanceText(metres: number): string {
  const halves = Math.round(metres / METRES_PER_HALF_FURLONG);
  const [miles, furlongs] = [Math.floor(halves / 16), Math.floor((halves % 16) / 2)];
  const rest = `${furlongs || ''}${halves % 2 === 1 ? '½' : ''}`;
  return `${miles === 0 ? '' : `${miles}m`}${rest === '' ? '' : `${rest}f`}`;
}

/** `1:23.45`, below a minute `59.12`. */
export function timeText(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [minutes, rest] = [Math.floor(hundredths / 6000), hundredths % 6000];
  const text = (rest / 100).toFixed(2);
  return minutes === 0 ? text : `${minutes}:${text.padStart(5, '0')}`;
}

/** A decimal price of at most two decimals as the fraction won for each unit: `5.5` → `9/2`, `2` → `Evens`. */
export function priceText(odds: string): string {
  const won = Math.round(Number(odds) * 100) - 100;
  if (won === 100) return 'Evens';
  const divisor = greatestDivisor(won, 100);
  return `${won / divisor}/${100 / divisor}`;
}

function greatestDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestDivisor(right, left % right);
}

/** F for the favourite, J for one of two, C for one of more. */
function favouriteMark(runner: RunnerRow, runners: readonly RunnerRow[]): string {
  const prices = runners.flatMap(({ odds }) => (odds === null ? [] : Number(odds)));
  const lowest = Math.min(...prices);
  if (Number(runner.odds) !== lowest) return '';
  const favourites = prices.filter((price) => price === lowest).length;
  return favourites === 1 ? 'F' : favourites === 2 ? 'J' : 'C';
}

/** Lengths behind the winner and behind the horse in front; null without a time. */
export function beatenLengths(runner: RunnerRow, runners: readonly RunnerRow[]): Fields {
  if (runner.finish_time_s === null) return { ovr_btn: null, btn: null };
  const own = Number(runner.finish_time_s);
  const times = runners.flatMap(({ finish_time_s: time }) => (time === null ? [] : Number(time)));
  const ahead = times.filter((time) => time < own);
  const lengths = (time: number) => ((own - time) / SECONDS_PER_LENGTH).toFixed(2);
  return {
    ovr_btn: lengths(Math.min(own, ...times)),
    btn: lengths(ahead.length === 0 ? own : Math.max(...ahead)),
  };
}

function prizeWon({ position }: RunnerRow, { prize }: RaceRow): number | null {
  const share = isPlace(position) ? PRIZE_SHARES[Number(position) - 1] : undefined;
  return share === undefined ? null : Math.round(share * prize);
}
