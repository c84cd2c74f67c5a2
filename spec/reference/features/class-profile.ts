import type { Day, Row, Run } from '../run.ts';
import { before, runsBy } from './history.ts';

export function classProfile(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const runsOf = runsBy(history, 'horse_id', (run) => run.horse_id);
  return spine.map((today) => {
    const previous = before(runsOf.get(today.horse_id), asOf).at(-1)?.class_rating ?? null;
    const known = today.class_rating !== null && previous !== null;
    const change = known ? Number(today.class_rating) - previous : null;
    return {
      race_id: today.race_id,
      horse_id: today.horse_id,
      as_of_date: asOf,
      class_rating: today.class_rating,
      prev_class_rating: previous,
      class_change: change,
      class_step_up: change !== null && change > 0,
      class_step_down: change !== null && change < 0,
    };
  });
}
