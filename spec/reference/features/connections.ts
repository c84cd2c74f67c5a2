import { strikeRate, tally } from '../formulas.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { baseRate, before, joinKey, runsBy } from './history.ts';

const PAIRS: readonly (readonly [name: string, keyOf: (run: Run) => string | null])[] = [
  ['jockey_horse', (run) => joinKey(run.jockey_id, run.horse_id)],
  ['trainer_horse', (run) => joinKey(run.trainer_id, run.horse_id)],
  ['jockey_course', (run) => joinKey(run.jockey_id, run.course)],
  ['trainer_course', (run) => joinKey(run.trainer_id, run.course)],
];

export function connections(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const base = baseRate(history, asOf);
  return spine.map((run) => {
    const row: Record<string, Value> = {
      race_id: run.race_id,
      horse_id: run.horse_id,
      as_of_date: asOf,
      jockey_id: run.jockey_id,
      trainer_id: run.trainer_id,
      course: run.course,
    };
    for (const [name, keyOf] of PAIRS) {
      const key = keyOf(run);
      const career = key === null ? [] : before(runsBy(history, name, keyOf).get(key), asOf);
      const counts = tally(career);
      row[`${name}_runs`] = key === null ? null : counts.runs;
      row[`${name}_wins`] = key === null ? null : counts.wins;
      row[`${name}_sr`] = key === null ? null : strikeRate(counts, base);
    }
    return row;
  });
}
