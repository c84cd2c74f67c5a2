import { mean, round9, strikeRate, tally } from '../formulas.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { baseRate, before, present, runsBy } from './history.ts';
import { speedFigures } from './speed-figures.ts';

const SPECIALIST_WINS = 2;
const WET = ['soft', 'heavy'];

/** How today's distance, weight, stall and ground suit each declared runner. */
export function horseSuitability(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const runsOf = runsBy(history, 'horse_id', (run) => run.horse_id);
  const figures = speedFigures(history);
  const base = baseRate(history, asOf);
  return spine.map((today) => {
    const career = before(runsOf.get(today.horse_id), asOf);
    const atDistance = career.filter((run) => run.distance_band === today.distance_band);
    const onGoing = career.filter((run) => run.going_group === today.going_group);
    const onCourse = career.filter((run) => run.course === today.course);
    const there = onCourse.filter((run) => run.distance_band === today.distance_band);
    const wet = career.filter((run) => WET.includes(run.going_group));
    const specialist = (runs: readonly Run[]): boolean => isSpecialist(runs, career, base);
    return {
      race_id: today.race_id,
      horse_id: today.horse_id,
      as_of_date: asOf,
      ...distanceColumns(today, career),
      distance_finish_pct_avg: mean(present(atDistance.map((run) => run.finish_pct))),
      distance_speed_avg: mean(present(atDistance.map((run) => figures.get(run) ?? null))),
      ...weightColumns(today, career),
      ...rateColumns('course_distance', there, career, base),
      ...stallColumns(today, career, base),
      going_finish_pct_avg: mean(present(onGoing.map((run) => run.finish_pct))),
      ...rateColumns('wet', wet, career, base),
      is_course_specialist: specialist(onCourse),
      is_distance_specialist: specialist(atDistance),
      is_going_specialist: specialist(onGoing),
      is_course_distance_specialist: specialist(there),
      is_wet_specialist: specialist(wet),
    };
  });
}

const difference = (value: number | null, other: number | null): number | null =>
  value === null || other === null ? null : value - other;

function distanceColumns(today: Run, career: readonly Run[]): Row {
  const placed = career.filter((run) => run.placed === 1);
  const distances = present(placed.map((run) => run.distance_m));
  return {
    distance_m_change: difference(today.distance_m, career.at(-1)?.distance_m ?? null),
    distance_m_diff_placed: difference(today.distance_m, mean(distances)),
  };
}

function weightColumns(today: Run, career: readonly Run[]): Row {
  const weights = (runs: readonly Run[]) => present(runs.map((run) => run.weight_lbs));
  const won = weights(career.filter((run) => run.won === 1));
  const placed = weights(career.filter((run) => run.placed === 1));
  const last = career.at(-1)?.weight_lbs ?? null;
  const highestWon = won.length === 0 ? null : Math.max(...won);
  return {
    weight_change: difference(today.weight_lbs, last),
    weight_diff_career: difference(today.weight_lbs, mean(weights(career))),
    weight_diff_placed: difference(today.weight_lbs, mean(placed)),
    weight_diff_max_won: difference(today.weight_lbs, highestWon),
  };
}

function stallColumns(today: Run, career: readonly Run[], base: number | null): Row {
  const { stall_third: third } = today;
  if (third !== null) {
    const alike = career.filter((run) => run.stall_third === third);
    return rateColumns('stall', alike, career, base);
  }
  return { stall_runs: null, stall_wins: null, stall_sr: null, stall_sr_diff: null };
}

function rateColumns(
  name: string,
  runs: readonly Run[],
  career: readonly Run[],
  base: number | null,
): Record<string, Value> {
  const counts = tally(runs);
  const rate = strikeRate(counts, base);
  return {
    [`${name}_runs`]: counts.runs,
    [`${name}_wins`]: counts.wins,
    [`${name}_sr`]: rate,
    [`${name}_sr_diff`]: difference(rate, strikeRate(tally(career), base)),
  };
}

function isSpecialist(runs: readonly Run[], career: readonly Run[], base: number | null): boolean {
  const counts = tally(runs);
  const surplus = difference(strikeRate(counts, base), strikeRate(tally(career), base));
  return counts.wins >= SPECIALIST_WINS && surplus !== null && round9(surplus) > 0;
}
