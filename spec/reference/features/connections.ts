import { strikeRate, type Tally, tally } from '../formulas.ts';
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
  const countsOf = PAIRS.map(([name, keyOf]) => counter(history, asOf, name, keyOf));
  return spine.map((run) => {
    const row: Record<string, Value> = {
      race_id: run.race_id,
      horse_id: run.horse_id,
      as_of_date: asOf,
      jockey_id: run.jockey_id,
      trainer_id: run.trainer_id,
      course: run.course,
    };
    for (const [index, [name]] of PAIRS.entries()) {
      const counts = countsOf[index]?.(run) ?? null;
      row[`${name}_runs`] = counts === null ? null : counts.runs;
      row[`${name}_wins`] = counts === null ? null : counts.wins;
      row[`${name}_sr`] = counts === null ? null : strikeRate(counts, base);
    }
    return row;
  });
}

/** The tally of what a run's pair has done before the day, NULL without a pair; of each pair once: it has a day full of runs. */
function counter(
  history: readonly Run[],
  asOf: Day,
  name: string,
  keyOf: (run: Run) => string | null,
): (run: Run) => Tally | null {
  const runsOf = runsBy(history, name, keyOf);
  const known = new Map<string, Tally>();
  return (run) => {
    const key = keyOf(run);
    if (key === null) return null;
    const counts = known.get(key) ?? tally(before(runsOf.get(key), asOf));
    known.set(key, counts);
    return counts;
  };
}
