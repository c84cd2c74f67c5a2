import { strikeRate, tally } from '../formulas.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { baseRate, before, runsBy } from './history.ts';

const DIMENSIONS: readonly (readonly [name: string, read: (run: Run) => Value])[] = [
  ['course', (run) => run.course],
  ['distance', (run) => run.distance_band],
  ['going', (run) => run.going_group],
  ['surface', (run) => run.surface],
  ['class', (run) => run.class_rating],
];

export function horsePreferences(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const runsOf = runsBy(history, 'horse_id', (run) => run.horse_id);
  const base = baseRate(history, asOf);
  return spine.map((today) => {
    const career = before(runsOf.get(today.horse_id), asOf);
    const counts = tally(career);
    const careerRate = strikeRate(counts, base);
    const row: Record<string, Value> = {
      race_id: today.race_id,
      horse_id: today.horse_id,
      as_of_date: asOf,
      career_runs: counts.runs,
      career_wins: counts.wins,
      career_sr: careerRate,
    };
    for (const [name, read] of DIMENSIONS) {
      const wanted = read(today);
      const alike = tally(career.filter((run) => wanted !== null && read(run) === wanted));
      const rate = strikeRate(alike, base);
      const known = wanted !== null;
      row[`${name}_runs`] = known ? alike.runs : null;
      row[`${name}_wins`] = known ? alike.wins : null;
      row[`${name}_sr`] = known ? rate : null;
      row[`${name}_sr_diff`] =
        known && rate !== null && careerRate !== null ? rate - careerRate : null;
    }
    return row;
  });
}
